import type { HitAnswer } from "./answers.js";

/** What the element's attributes are; those of every element besides. */
export interface TimBaoAttributes {
  /** The address of the search site. */
  endpoint: string;
  lang?: "vi" | "en";
  placeholder?: string;
  /** Only articles of these sections, several with a bar between them. */
  section?: string;
  source?: string;
  results?: "overlay";
  /** Keeps the query in the page's address, under this name. */
  routing?: string | boolean;
  recent?: "off";
  pictures?: "off";
  clicks?: boolean;
  "per-page"?: number | string;
  links?: "site";
  target?: string;
  theme?: "light" | "dark";
  key?: string;
}

/** The element `<tim-bao>`. */
export interface TimBaoElement extends HTMLElement {
  value: string;
  search(query: string): void;
}

export interface TimBaoEvents {
  "tim-bao:open": CustomEvent<Pick<HitAnswer, "id" | "url" | "headline"> & { query: string }>;
  "tim-bao:search": CustomEvent<{ query: string; total: number; about: boolean }>;
  "tim-bao:error": CustomEvent<{ status: number }>;
}

declare global {
  interface HTMLElementTagNameMap {
    "tim-bao": TimBaoElement;
  }
  interface HTMLElementEventMap extends TimBaoEvents {}
}
