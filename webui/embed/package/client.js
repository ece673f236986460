/** What a Tìm Báo site answered instead of what was asked for. */
export class TimBaoError extends Error {
  constructor(status, { code, message, field }, retryAfter) {
    super(message);
    this.name = "TimBaoError";
    Object.assign(this, { status, code, field, retryAfter });
  }
}

/** Asks the API of a Tìm Báo site, version 1. */
export class TimBaoClient {
  #root;
  #headers;
  #fetch;

  constructor({ endpoint, key, fetch = globalThis.fetch.bind(globalThis) }) {
    this.#root = `${endpoint.replace(/\/+$/, "")}/api/v1`;
    this.#headers = key ? { "X-API-Key": key } : {};
    this.#fetch = fetch;
  }

  search(parameters = {}, options) {
    return this.#ask(`/search?${query(parameters)}`, options);
  }

  multiSearch(searches, options) {
    const body = JSON.stringify({ searches });
    const headers = { "Content-Type": "application/json" };
    return this.#ask("/multi_search", { ...options, method: "POST", headers, body });
  }

  suggest(parameters, options) {
    return this.#ask(`/suggest?${query(parameters)}`, options);
  }

  article(id, options) {
    return this.#ask(`/articles/${encodeURIComponent(id)}`, options);
  }

  articles(ids, options) {
    return this.#ask(`/articles?${query({ ids })}`, options);
  }

  related(id, { limit } = {}, options) {
    return this.#ask(`/articles/${encodeURIComponent(id)}/related?${query({ limit })}`, options);
  }

  async #ask(path, { headers, ...options } = {}) {
    const response = await this.#fetch(this.#root + path, {
      ...options,
      headers: { ...this.#headers, ...headers },
    });
    if (response.ok) return response.json();
    const told = await response.json().catch(() => ({}));
    const error = told.error ?? { code: "unknown", message: response.statusText, field: null };
    throw new TimBaoError(response.status, error, Number(response.headers.get("Retry-After")) || null);
  }
}

const query = (parameters) => {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, each]),
  );
  return new URLSearchParams(pairs.filter(([, value]) => value != null));
};
