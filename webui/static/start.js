// Before anything is painted: what this reader chose last time, so that no page flashes in another
// theme or size. A script by itself, since modules run too late for that.

"use strict";

{
  const root = document.documentElement;
  root.dataset.js = navigator.share ? "shares" : "";
  try {
    const { theme, size } = localStorage;
    if (theme) root.dataset.theme = theme;
    if (size) root.style.setProperty("--size", size);
  } catch {
    // Nothing may be kept here.
  }
}
