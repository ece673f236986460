// Suggestions below the search box: an ARIA combobox with a list to choose from by hand. They are of
// three kinds: what was searched for in this browser, phrases, and headlines, which open the article.
//
// The box keeps what was typed until an entry is taken. Suggestions follow an input method's
// composition letter by letter, but while it lasts Enter, Escape and the arrows belong to it.

import { forgetPast, recallPast, rememberPast } from "./memory.js";

const PAUSE = 150;
const APART = 600; // while somebody goes on typing
const PAST_AMONG = 3;
const PAST_ALONE = 8;
const ICONS = {
  past: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M8 4.5V8l2.5 2",
  phrase: "M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2m3.6 8.6L14 14",
  headline: "M2 3h9v10H3.5A1.5 1.5 0 0 1 2 11.5zm9 3h3v5.5a1.5 1.5 0 0 1-3 0M4.5 6h4m-4 3h4",
};

export function offerCompletions(form, box) {
  const list = document.createElement("ul");
  let waiting, request, asked;
  let last = -APART;
  let active = -1;

  Object.assign(list, { id: "goi-y", className: "completions", role: "listbox", hidden: true });
  list.setAttribute("aria-label", form.dataset.completions);
  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) box.setAttribute(name, value);

  const isOpen = () => !list.hidden;

  function close() {
    clearTimeout(waiting);
    request?.abort();
    asked = undefined;
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function choose(number) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = number;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  /** The entry for a suggestion; `html` is escaped by whoever made it. */
  function entry({ kind, text, html, id, url, published, image }, number) {
    const option = document.createElement("li");
    Object.assign(option, { id: `goi-y-${number}`, role: "option", className: kind });
    const icon = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[kind]}"/></svg>`;
    option.innerHTML = `${icon}<span>${html ?? ""}</span>`;
    const words = option.lastChild;
    if (html === undefined) words.textContent = text;
    option.setAttribute("aria-selected", "false");
    option.dataset.text = text;
    if (kind === "headline") {
      const query = new FormData(form);
      query.set("q", box.value);
      const stored = `article/${encodeURIComponent(id)}?${new URLSearchParams(query)}`;
      const out = "leadsOut" in form.dataset && url;
      option.dataset.address = out || new URL(stored, form.action).href;
      const day = published?.slice(0, 10).split("-").reverse().join("/");
      if (day) words.insertAdjacentHTML("beforeend", `<small>${day}</small>`);
      if (image) {
        const picture = new Image(60, 40);
        Object.assign(picture, { src: image, alt: "", className: "shot", referrerPolicy: "no-referrer" });
        option.append(picture);
      }
    } else if (kind === "past") {
      option.insertAdjacentHTML("beforeend", '<b aria-hidden="true">×</b>');
      option.lastChild.title = form.dataset.forget;
    }
    return option;
  }

  /** Past searches that begin as typed stand before what the server suggests. */
  function show(suggestions) {
    choose(-1);
    const typed = box.value.trim();
    const past = recallPast(typed, typed ? PAST_AMONG : PAST_ALONE);
    const shown = past.map((text) => ({ kind: "past", text }));
    shown.push(...suggestions.filter(({ text }) => !past.includes(text)));
    const entries = shown.map(entry);
    if (!typed && past.length) {
      const all = entry({ kind: "past", text: form.dataset.forgetAll }, entries.length);
      all.className = "all";
      all.lastChild.remove();
      entries.push(all);
    }
    list.replaceChildren(...entries);
    list.hidden = !entries.length;
    box.setAttribute("aria-expanded", String(isOpen()));
  }

  /** Forgets one past search, or all of them. */
  function forget({ className, dataset }) {
    forgetPast(className === "all" ? "" : dataset.text);
    show([]);
  }

  async function ask() {
    const typed = box.value.trim();
    if (typed === asked) return;
    request?.abort();
    if (!typed) {
      close();
      return show([]);
    }
    asked = typed;
    last = performance.now();
    request = new AbortController();
    const { signal } = request;
    try {
      const query = new URLSearchParams({ q: typed });
      const response = await fetch(new URL(`api/v1/suggest?${query}`, form.action), { signal });
      const found = response.ok ? (await response.json()).suggestions : [];
      if (!signal.aborted) show(found);
    } catch {
      // Outdated, or the server is out of reach: the box works without suggestions.
    }
  }

  function take(option, elsewhere) {
    const { text, address } = option.dataset;
    if (option.className === "all") return forget(option);
    if (address) {
      close();
      if (elsewhere) window.open(address, "_blank", "noopener");
      else location.assign(address);
      return;
    }
    if (!elsewhere) box.value = text;
    go(text, elsewhere);
  }

  function go(text, elsewhere) {
    close();
    if (!elsewhere) return form.requestSubmit();
    const data = new FormData(form);
    data.set("q", text);
    window.open(`${form.action}?${new URLSearchParams(data)}`, "_blank", "noopener");
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    if (!box.value.trim()) return close();
    waiting = setTimeout(ask, Math.max(PAUSE, last + APART - performance.now()));
  });

  box.addEventListener("keydown", (event) => {
    // Safari reports the Enter that ends a composition as key 229, after the composition.
    if (event.isComposing || event.keyCode === 229) return;
    const elsewhere = event.ctrlKey || event.metaKey;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) ask();
      else if (event.key === "ArrowDown") choose(active < last ? active + 1 : -1);
      else choose(active < 0 ? last : active - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(list.children[active], elsewhere);
    } else if (event.key === "Enter" && elsewhere) {
      event.preventDefault();
      go(box.value, true);
    } else if (event.key === "Delete" && list.children[active]?.className === "past") {
      event.preventDefault();
      forget(list.children[active]);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    }
  });

  // A press would take the focus out of the box, and with it the list away, before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (event.target.matches(".past b")) forget(option);
    else if (option) take(option, event.ctrlKey || event.metaKey);
  });
  box.addEventListener("blur", close);
  box.addEventListener("click", () => {
    if (!box.value) ask();
  });
  form.addEventListener("submit", () => {
    close();
    rememberPast(box.value);
  });
  // Results that came while typing were searched for once one of them is opened.
  document.addEventListener("click", ({ target }) => {
    if (target.closest("main[data-live] .cards h3 a")) rememberPast(box.value);
  });
}
