import type {
  ArticleAnswer,
  ArticlesAnswer,
  CompletionsAnswer,
  MultiSearchAnswer,
  RelatedAnswer,
  SearchAnswer,
} from "./answers.js";
import type { SearchParameters, SuggestParameters } from "./parameters.js";

export * from "./answers.js";
export * from "./parameters.js";

export interface Options {
  signal?: AbortSignal;
}

export class TimBaoError extends Error {
  readonly status: number;
  /** For programs; never changes its meaning. */
  readonly code: string;
  /** The parameter that is wrong. */
  readonly field: string | null;
  /** After how many seconds to ask again. */
  readonly retryAfter: number | null;
}

export class TimBaoClient {
  constructor(site: { endpoint: string; key?: string; fetch?: typeof fetch });
  search(parameters?: SearchParameters, options?: Options): Promise<SearchAnswer>;
  multiSearch(searches: SearchParameters[], options?: Options): Promise<MultiSearchAnswer>;
  suggest(parameters: SuggestParameters, options?: Options): Promise<CompletionsAnswer>;
  article(id: string, options?: Options): Promise<ArticleAnswer>;
  articles(ids: string[], options?: Options): Promise<ArticlesAnswer>;
  related(id: string, limits?: { limit?: number }, options?: Options): Promise<RelatedAnswer>;
}
