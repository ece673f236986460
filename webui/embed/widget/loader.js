/* <tim-bao>: a search box for any page. This part draws the box; the rest comes at its first focus.
 *
 *   <script src="https://…/embed.js" defer></script>
 *   <tim-bao></tim-bao>
 *
 * It may be loaded as a classic script, a module or by import(); in a bundle, or from anywhere else
 * than the search site, `endpoint` says where that is.
 *
 * Everything is inside a shadow tree whose outermost box starts from nothing (all: initial), so
 * that no style of the page reaches it but the custom properties --tim-bao-*.
 */
(() => {
  "use strict";
  // Modules have no currentScript, and other scripts of a page may be called embed.js too: where
  // this one came from stands first in a trace of calls.
  const [came = ""] = /https?:\/\/[^\s()@]+(?=:\d+:\d+)/.exec(new Error().stack) || [];
  const home = /\/embed\.js([?#]|$)/.test(came) ? new URL("./", came).href : "";
  const SLOW = 800;
  const TOO_LONG = 10000;

  const WORDS = {
    vi: {
      label: "Tìm trong báo",
      placeholder: "Tìm trong báo…",
      button: "Tìm",
      loading: "Đang tải…",
      absent: "Chưa kết nối được với máy tìm kiếm.",
      nowhere: "Thẻ <tim-bao> cần endpoint: địa chỉ của trang tìm kiếm.",
      again: "Thử lại",
      site: "Mở trang tìm kiếm",
    },
    en: {
      label: "Search the news",
      placeholder: "Search the news…",
      button: "Search",
      loading: "Loading…",
      absent: "The search server cannot be reached.",
      nowhere: "<tim-bao> needs endpoint: the address of the search site.",
      again: "Try again",
      site: "Open the search page",
    },
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`{{css}}`);

  /** An element with properties (attributes where there is no such property) and children. */
  const make = (tag, given = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (name in element && name !== "part") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  /** The nearest background behind an element that can be seen, as [red, green, blue], or null. */
  const background = (element) => {
    for (let at = element; at; at = at.assignedSlot || at.parentElement || at.getRootNode().host) {
      const [red, green, blue, alpha = 1] = (
        getComputedStyle(at).backgroundColor.match(/[\d.]+/g) || [0, 0, 0, 0]
      ).map(Number);
      if (alpha > 0.5) return [red, green, blue];
    }
    return null;
  };

  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const elements = new Set();
  const follow = () => elements.forEach((element) => element.follow());
  prefersDark.addEventListener("change", follow);
  const watcher = new MutationObserver(follow);
  const watch = { attributes: true, attributeFilter: ["class", "style", "data-theme"] };
  const renamer = new MutationObserver(() => elements.forEach((element) => element.rename()));

  /** The trees that an element is in, from its own out to the page. */
  const trees = function* (element) {
    for (let root = element.getRootNode(); root; root = root.host?.getRootNode()) yield root;
  };

  /** Keys typed in the box are no shortcuts of the page; those that type nothing may be. */
  const keep = (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!command && !/^(Escape|Tab|F\d+)$/.test(event.key)) event.stopPropagation();
  };

  class TimBao extends HTMLElement {
    static observedAttributes = ["lang", "placeholder", "theme"];
    #parts;
    #body;
    #tries = 0;

    constructor() {
      super();
      this.#draw();
    }

    connectedCallback() {
      elements.add(this);
      watcher.observe(document.documentElement, watch);
      if (document.body) watcher.observe(document.body, watch);
      for (const tree of trees(this)) {
        renamer.observe(tree, { attributes: true, subtree: true, attributeFilter: ["lang"] });
      }
      this.rename();
      this.follow();
      this.#parts.arrive();
      const kept = new URLSearchParams(location.search).get(this.routing);
      if (kept && kept !== this.value) this.search(kept);
    }

    disconnectedCallback() {
      elements.delete(this);
      // What is only moved is back by then, and goes on.
      queueMicrotask(() => this.isConnected || this.#parts.stop());
    }

    attributeChangedCallback() {
      this.rename();
      this.follow();
    }

    /** The address of the search site, with a slash at its end. */
    get site() {
      const endpoint = this.getAttribute("endpoint");
      return endpoint ? new URL(endpoint.replace(/\/*$/, "/"), document.baseURI).href : home;
    }

    /** The parameter of the page's address that keeps the query; null where none does. */
    get routing() {
      const name = this.getAttribute("routing");
      return name === "" ? "tim-bao" : name;
    }

    /** "vi" or "en": the element's own, or that of the page around it. */
    get language() {
      let named = this.closest("[lang]");
      for (const tree of trees(this)) named ??= tree.host?.closest("[lang]");
      return /^en\b/i.test(named?.lang) ? "en" : "vi";
    }

    get value() {
      return this.#parts.input.value;
    }

    set value(text) {
      this.#parts.input.value = text;
    }

    focus(options) {
      this.#parts.input.focus(options);
    }

    /** Search for a text as if it had been typed. */
    async search(text = this.value) {
      this.value = text;
      await (await this.#load())?.search();
    }

    /** Be dark where the page is: by the theme that is set, what is behind, or the system. */
    follow() {
      const set = this.getAttribute("theme");
      let dark = set === "dark";
      if (set !== "dark" && set !== "light") {
        const seen = background(this);
        if (seen) dark = 0.299 * seen[0] + 0.587 * seen[1] + 0.114 * seen[2] < 128;
        else {
          const scheme = getComputedStyle(document.documentElement).colorScheme;
          dark = /dark/.test(scheme) && (!/light/.test(scheme) || prefersDark.matches);
        }
      }
      this.#parts.box.dataset.scheme = dark ? "dark" : "light";
    }

    #draw() {
      const input = make("input", {
        id: "input",
        part: "input",
        type: "search",
        maxLength: 1000,
        autocomplete: "off",
        autocapitalize: "none",
        spellcheck: false,
        enterKeyHint: "search",
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
      });
      const label = make("label", { htmlFor: "input", className: "hidden" });
      const button = make("button", { part: "button", type: "submit" });
      const form = make("form", { part: "form", role: "search" }, label, input, button);
      const message = make("div", { part: "message", className: "message", role: "status" });
      const box = make("div", { part: "box", className: "box" }, form, message);
      for (const kind of ["keydown", "keypress", "keyup"]) input.addEventListener(kind, keep);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(box);
      this.#parts = { host: this, root, box, form, label, input, button, message, make };
      this.#parts.stop = this.#parts.arrive = this.#parts.rename = () => {};
      this.#parts.say = (...said) => message.replaceChildren(...said);
      this.#parts.trouble = (text, again) => this.#trouble(text, again);
      input.addEventListener("focus", () => this.#load());
      input.addEventListener("click", () => (this.#parts.clicked = true), { once: true });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.search();
      });
    }

    /** Speak the language that is set by now. */
    rename() {
      const words = WORDS[this.language];
      const { label, input, button, box } = this.#parts;
      box.lang = this.language;
      label.textContent = words.label;
      button.textContent = words.button;
      input.placeholder = this.getAttribute("placeholder") ?? words.placeholder;
      this.#parts.rename();
    }

    /** The rest of the widget; at most one copy is under way, and failures are told. */
    #load() {
      this.#body ??= this.#fetch();
      return this.#body;
    }

    async #fetch() {
      const { say } = this.#parts;
      const words = WORDS[this.language];
      const slow = setTimeout(() => say(words.loading), SLOW);
      let late;
      try {
        const never = new Promise((_, fail) => (late = setTimeout(fail, TOO_LONG)));
        const module = await Promise.race([this.#import(), never]);
        say();
        return module.attach(this.#parts);
      } catch {
        this.#tries += 1;
        this.#body = undefined;
        this.#trouble(this.site ? words.absent : words.nowhere, () => this.search());
        this.dispatchEvent(
          new CustomEvent("tim-bao:error", { bubbles: true, composed: true, detail: { status: 0 } }),
        );
        return undefined;
      } finally {
        clearTimeout(slow);
        clearTimeout(late);
      }
    }

    /** The second script: from where the first came from, or else from the search site. */
    async #import() {
      const name = `embed/{{digest}}.js${this.#tries ? `?${this.#tries}` : ""}`;
      if (home && home !== this.site) {
        try {
          return await import(home + name);
        } catch {
          // It was copied there alone.
        }
      }
      return import(this.site + name);
    }

    /** What went wrong, with ways on: try again, or the search page itself. */
    #trouble(text, again) {
      const words = WORDS[this.language];
      const query = this.value.trim();
      const address = `${this.site}search${query ? `?q=${encodeURIComponent(query)}` : ""}`;
      const retry = make("button", { part: "again", type: "button", onclick: again }, words.again);
      const link = make("a", { part: "site", href: address }, words.site);
      this.#parts.say(make("p", { part: "error" }, text), ...(this.site ? [retry, " ", link] : []));
    }
  }

  if (!customElements.get("tim-bao")) customElements.define("tim-bao", TimBao);
})();
