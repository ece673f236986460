// Suggestions below the search box: an ARIA combobox with a list to choose from by hand.
//
// The box keeps what was typed until an entry is taken. Suggestions follow an input method's
// composition letter by letter, but while it lasts Enter, Escape and the arrows belong to it.

const PAUSE = 150;
const APART = 600; // while somebody goes on typing

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

  function show(suggestions) {
    choose(-1);
    list.replaceChildren(...suggestions.map(({ text, html }, number) => {
      const option = document.createElement("li");
      Object.assign(option, { id: `goi-y-${number}`, role: "option", innerHTML: html });
      option.setAttribute("aria-selected", "false");
      option.dataset.text = text;
      return option;
    }));
    list.hidden = !suggestions.length;
    box.setAttribute("aria-expanded", String(isOpen()));
  }

  async function ask() {
    const typed = box.value.trim();
    if (typed === asked) return;
    request?.abort();
    if (!typed) return close();
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
    const { text } = option.dataset;
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
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    }
  });

  // A press would take the focus out of the box, and with it the list away, before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option, event.ctrlKey || event.metaKey);
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
}
