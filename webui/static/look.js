// Light, dark, or as the system has it: chosen at the foot of every page, kept in this browser.
// start.js puts it on before a page is painted.

import { recall, remember } from "./memory.js";

const NAME = "theme";
const root = document.documentElement;

/** Colours that follow the style sheet, and what else says for which scheme it is. */
function putOn(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  for (const part of document.querySelectorAll("meta[name=theme-color], picture source")) {
    const scheme = part.dataset.scheme ??= part.media.includes("dark") ? "dark" : "light";
    const always = scheme === theme ? "all" : "not all";
    part.media = theme ? always : `(prefers-color-scheme: ${scheme})`;
  }
}

export function offerThemes() {
  const select = document.querySelector("#giao-dien");
  select.value = recall(NAME) ?? "";
  if (select.value) putOn(select.value);
  select.addEventListener("change", () => {
    remember(NAME, select.value);
    putOn(select.value);
  });
}
