/* The rest of <tim-bao>: suggestions while typing, results, an overlay. Loaded at the first focus.
 *
 * Nothing that a server sends becomes markup: texts are text nodes, and of the results' HTML only
 * <mark> is known. A request that is outdated is given up.
 */

const DEBOUNCE = 150;
const SLOW = 800;
const TOO_LONG = 10000;
const SUGGESTIONS = 8;
const RECENT = 5;
const FIELDS = [
  ...["understood", "typed_as", "relaxed", "respelled", "also"].map((name) => `query.${name}`),
  ...["total", "partly", "about", "lacking", "more", "relaxations", "suggestion"],
  ...["build", "notes.text", "notes.url"],
  ...["about", "id", "url", "headline", "headline_html", "snippet_html", "image"].map(
    (name) => `hits.${name}`,
  ),
  ...["published", "section", "source"].map((name) => `hits.${name}`),
].join();

const WORDS = {
  vi: {
    suggestions: "Gợi ý",
    results: "Kết quả tìm",
    searching: "Đang tìm…",
    none: (query) => `Không tìm thấy bài nào cho “${query}”.`,
    found: (total) => `${total.toLocaleString("vi")} bài`,
    apart: (total) => `${total.toLocaleString("vi")} bài chỉ có các từ rời rạc hoặc khác dấu`,
    lacking: (total) => `${total.toLocaleString("vi")} bài chỉ có một phần các từ, hoặc có mà rời rạc`,
    some: (total) => `${total.toLocaleString("vi")} bài chỉ có một phần các từ`,
    instead: (query, others) => `Không có bài nào nói đúng về “${query}”; ${others}.`,
    also: (others) => `… và ${others}`,
    meant: "Có phải bạn muốn tìm:",
    read: "Đã hiểu là:",
    respelled: (query) => `“${query}” được đọc là:`,
    verbatim: "Tìm nguyên văn",
    names: "Cũng tìm:",
    empty: (piece) => `Không bài nào hợp với “${piece}” ở đây.`,
    way: (text, total) => `Tìm “${text}”: ${WORDS.vi.found(total)}`,
    recent: "Vừa tìm",
    forget: "Xóa",
    more: "Xem thêm",
    all: "Xem trên trang tìm kiếm",
    close: "Đóng",
    absent: "Chưa kết nối được với máy tìm kiếm.",
    slow: "Máy tìm kiếm trả lời quá lâu.",
    busy: (seconds) => `Bạn tìm hơi nhanh. Hãy thử lại sau ${seconds} giây.`,
    refused: "Máy tìm kiếm không nhận câu tìm này.",
    key: "Trang này chưa được phép gọi máy tìm kiếm.",
    broken: "Máy tìm kiếm đang có lỗi.",
  },
  en: {
    suggestions: "Suggestions",
    results: "Search results",
    searching: "Searching…",
    none: (query) => `No articles found for “${query}”.`,
    found: (total) => `${total.toLocaleString("en")} ${total === 1 ? "article" : "articles"}`,
    apart: (total) => `${WORDS.en.found(total)} with nothing but the words, scattered or in other accents`,
    lacking: (total) => `${WORDS.en.found(total)} with only some of the words, or all but scattered`,
    some: (total) => `${WORDS.en.found(total)} with only some of the words`,
    instead: (query, others) => `No article is about exactly “${query}”. Shown: ${others}.`,
    also: (others) => `… and ${others}`,
    meant: "Did you mean:",
    read: "Read as:",
    respelled: (query) => `“${query}” was read as:`,
    verbatim: "Search as typed",
    names: "Also searched for:",
    empty: (piece) => `No article fits “${piece}” here.`,
    way: (text, total) => `Search “${text}”: ${WORDS.en.found(total)}`,
    recent: "Searched before",
    forget: "Clear",
    more: "Show more",
    all: "See on the search page",
    close: "Close",
    absent: "The search server cannot be reached.",
    slow: "The search server takes too long to answer.",
    busy: (seconds) => `That was a little fast. Try again in ${seconds} seconds.`,
    refused: "The search server does not accept this query.",
    key: "This page may not call the search server.",
    broken: "The search server has a problem.",
  },
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(`{{css}}`);

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'" };
const unescape = (text) => text.replace(/&(amp|lt|gt|quot|#34|#39);/g, (_, name) => ENTITIES[name]);

/** Whether an address may stand in a link. */
const isWeb = (address) => /^https?:\/\//i.test(address);

/** Give the box of the loader its life. `parts` are the elements it has drawn. */
export function attach(parts) {
  const { host, root, box, form, input, message, make, say, trouble } = parts;
  root.adoptedStyleSheets.push(sheet);

  const words = () => WORDS[host.language];
  const tell = (name, detail, cancelable = false) =>
    host.dispatchEvent(
      new CustomEvent(`tim-bao:${name}`, { bubbles: true, composed: true, cancelable, detail }),
    );

  /** Text with <mark>, as nodes. */
  const marked = (html) =>
    html.split(/(<mark>.*?<\/mark>)/s).map((piece) => {
      const inside = /^<mark>(.*)<\/mark>$/s.exec(piece);
      return inside ? make("mark", { part: "mark" }, unescape(inside[1])) : unescape(piece);
    });

  /** Ask the API; each kind of question gives up the one before it. */
  const asking = {};
  const ask = async (kind, path, parameters) => {
    asking[kind]?.abort("outdated");
    const control = (asking[kind] = new AbortController());
    const late = setTimeout(() => control.abort("late"), TOO_LONG);
    try {
      const key = host.getAttribute("key");
      const response = await fetch(`${host.site}api/v1/${path}?${new URLSearchParams(parameters)}`, {
        credentials: "omit",
        headers: key ? { "X-API-Key": key } : {},
        signal: control.signal,
      });
      if (!response.ok) throw response;
      return await response.json();
    } finally {
      clearTimeout(late);
    }
  };

  /** Results may be shown in a dialog over the page, with the box on top. */
  const overlaid = () => host.getAttribute("results") === "overlay";

  // ---- suggestions: a listbox below the box, the focus stays in the box. It lies over everything
  // of the page, whatever that clips; in the dialog it stands above the results.

  const list = make("ul", { id: "list", part: "list", role: "listbox", hidden: true });
  list.popover = "manual";
  form.after(list);
  input.setAttribute("aria-controls", "list");
  let active = -1;
  let typing;

  const lay = () => {
    const { left, top, bottom, width } = form.getBoundingClientRect();
    const below = innerHeight - bottom;
    const above = below < 160 && top > below;
    Object.assign(list.style, {
      ...{ left: `${left}px`, width: `${width}px` },
      ...{ top: above ? "auto" : `${bottom + 6}px`, bottom: above ? `${innerHeight - top + 6}px` : "auto" },
      maxHeight: `${Math.max(120, (above ? top : below) - 16)}px`,
    });
  };

  const close = () => {
    clearTimeout(typing);
    asking.suggest?.abort("outdated");
    if (list.matches(":popover-open")) list.hidePopover();
    removeEventListener("scroll", lay, true);
    removeEventListener("resize", lay);
    list.hidden = true;
    list.replaceChildren();
    activate(-1);
    input.setAttribute("aria-expanded", "false");
  };

  const unfold = () => {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (dialog?.open) list.removeAttribute("popover");
    else if (!list.matches("[popover]:popover-open")) {
      list.popover = "manual";
      list.showPopover();
      lay();
      addEventListener("scroll", lay, true);
      addEventListener("resize", lay);
    }
  };

  const activate = (index) => {
    active = index;
    [...list.children].forEach((option, at) =>
      option.setAttribute("aria-selected", String(at === index)),
    );
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  };

  const suggest = async () => {
    const typed = input.value;
    if (!typed.trim()) return close();
    let found;
    try {
      found = await ask("suggest", "suggest", { q: typed, limit: overlaid() ? 4 : SUGGESTIONS });
    } catch {
      return; // suggestions are a convenience: without them the box still searches
    }
    if (root.activeElement !== input || input.value !== typed) return;
    list.replaceChildren(
      ...found.suggestions.map(({ text, html, kind, id, url }, at) => {
        const given = { id: `option-${at}`, part: "suggestion", role: "option" };
        const option = make("li", { ...given, "aria-selected": "false" }, ...marked(html ?? text));
        option.onpointerdown = (event) => event.preventDefault(); // the focus stays
        option.onclick = () => (kind === "headline" ? visit({ id, url, headline: text }) : choose(text));
        return option;
      }),
    );
    list.setAttribute("aria-label", words().suggestions);
    if (!list.children.length) return close();
    activate(-1);
    unfold();
  };

  /** Open an article, unless the page does it itself. */
  const visit = (hit) => {
    const query = input.value.trim();
    const url = address(hit, query);
    close();
    if (!tell("open", { id: hit.id, url, headline: hit.headline, query }, true)) return;
    if (host.getAttribute("target")) open(url, host.getAttribute("target"), "noopener");
    else location.assign(url);
  };

  const choose = (text) => {
    input.value = text;
    search();
  };

  const ponder = () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      suggest();
      if (dialog?.open) live();
    }, DEBOUNCE);
  };

  // Not waiting for the end of a composition: some keyboards compose all the time.
  input.addEventListener("input", () => {
    if (overlaid()) raise();
    ponder();
  });
  input.addEventListener("click", () => overlaid() && raise());
  input.addEventListener("blur", () => dialog?.open || close());
  input.addEventListener("keydown", (event) => {
    // A key on the page opens the dialog and is typed there.
    const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (overlaid() && (types || event.key === "Process")) raise();
    if (event.isComposing || event.keyCode === 229) return; // that key is the input method's
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "Escape") {
      if (dialog?.open) dialog.close(); // Chromium would but clear the box
      else if (count) close();
      else return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const down = event.key === "ArrowDown";
      if (dialog?.open && down && active === count - 1) {
        activate(-1);
        links()[0]?.focus();
      } else if (!count) return down && (overlaid() && !dialog?.open ? raise() : suggest());
      else activate(((active + 1 + (down ? 1 : -1) + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      list.children[active].click();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // ---- results, below the box or in a dialog over the page

  const results = make("section", { part: "results", hidden: true });
  box.append(results);
  const links = () => [...results.querySelectorAll("[part=headline]")];
  results.addEventListener("keydown", (event) => {
    const at = links().indexOf(event.target);
    if (at < 0 || !dialog?.open || !/^Arrow(Up|Down)$/.test(event.key)) return;
    (event.key === "ArrowUp" ? links()[at - 1] || input : links()[at + 1])?.focus();
    event.preventDefault();
    event.stopPropagation();
  });

  const before = make("section", { part: "recent", hidden: true });
  let dialog;

  /** Open the dialog and take the box into it. */
  const raise = () => {
    if (!host.isConnected || dialog?.open) return;
    if (!dialog) {
      const shut = make("button", { part: "close", type: "button" });
      shut.onclick = () => dialog.close();
      dialog = make("dialog", { part: "overlay" }, make("div", { part: "top" }, shut));
      dialog.addEventListener("close", () => dialog.open || lower());
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      box.append(dialog);
    }
    close();
    box.style.minHeight = `${form.offsetHeight}px`;
    dialog.firstChild.prepend(form);
    dialog.append(list, message, before, results); // what is said is heard only inside of it
    dialog.querySelector("[part=close]").textContent = words().close;
    dialog.setAttribute("aria-label", words().results);
    dialog.showModal();
    input.focus();
    remind();
  };

  /** Give the box back to the page. */
  const lower = () => {
    close();
    asking.search?.abort("outdated");
    box.prepend(form, list);
    box.append(message);
    box.style.minHeight = "";
    say();
    keep("");
    if (host.isConnected) input.focus({ preventScroll: true });
  };

  const place = () => {
    if (overlaid()) return raise();
    if (dialog) {
      if (dialog.open) dialog.close();
      box.append(message, results);
    }
    return undefined;
  };

  parts.stop = () => {
    Object.values(asking).forEach((control) => control.abort("outdated"));
    close();
    if (dialog?.open) dialog.close();
  };
  parts.arrive = () => {
    if (!dialog?.open) return;
    dialog.close(); // moved in the page, it is open but lies over nothing any more
    dialog.showModal();
  };
  parts.rename = () => {
    if (shown && shown.language !== host.language) show(shown.response, shown.query);
  };

  // ---- what was searched for before, on this page's own site and nowhere else

  const KEY = "tim-bao:recent";
  const recent = () => {
    try {
      const kept = host.getAttribute("recent") === "off" ? [] : JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(kept) ? kept.filter((text) => typeof text === "string") : [];
    } catch {
      return []; // no storage here, or none that was written by us
    }
  };
  const remember = (texts) => {
    if (host.getAttribute("recent") === "off") return;
    try {
      localStorage.setItem(KEY, JSON.stringify(texts.slice(0, RECENT)));
    } catch {
      // No storage here.
    }
  };
  const remind = () => {
    const texts = input.value.trim() ? [] : recent();
    before.hidden = !texts.length;
    before.replaceChildren();
    if (before.hidden) return;
    const forget = make("button", { part: "forget", type: "button" }, words().forget);
    forget.onclick = () => {
      remember([]);
      remind();
      input.focus();
    };
    const again = texts.map((text) => {
      const button = make("button", { part: "instead", type: "button" }, text);
      button.onclick = () => choose(text);
      return make("li", {}, button);
    });
    before.append(make("p", {}, words().recent, " ", forget), make("ul", {}, ...again));
  };

  /** Keep the query in the address of the page, where the page wants that. */
  const keep = (query) => {
    if (host.routing === null) return;
    const here = new URL(location.href);
    if (query) here.searchParams.set(host.routing, query);
    else here.searchParams.delete(host.routing);
    if (here.href !== location.href) history.replaceState(history.state, "", here);
  };

  const address = (hit, query) => {
    if (host.getAttribute("links") !== "site" && isWeb(hit.url)) return hit.url;
    const id = encodeURIComponent(hit.id).replaceAll("%2F", "/");
    return `${host.site}article/${id}?q=${encodeURIComponent(query)}`;
  };

  const moment = (iso) => {
    const published = new Date(iso);
    const shown = (parts) =>
      new Intl.DateTimeFormat(host.language === "en" ? "en-GB" : "vi-VN", {
        ...parts,
        timeZone: "Asia/Ho_Chi_Minh",
        hourCycle: "h23",
      }).format(published);
    const day = () => shown({ day: "2-digit", month: "2-digit", year: "numeric" });
    const time = () =>
      iso.slice(11, 16) === "00:00" ? "" : ` ${shown({ hour: "2-digit", minute: "2-digit" })}`;
    return Number.isNaN(published.getTime())
      ? iso.slice(0, 10)
      : make("time", { dateTime: iso }, day() + time());
  };

  /** Tell the search site which result was opened, if the page asks for that and its reader allows. */
  const count = (fields) => {
    const asked = ["section", "source"].some((name) => host.getAttribute(name));
    const wanted = host.hasAttribute("clicks") && !asked && navigator.doNotTrack !== "1";
    if (!wanted || navigator.globalPrivacyControl) return;
    navigator.sendBeacon(`${host.site}clicks`, new URLSearchParams(fields));
  };

  const card = (hit, query, clicked) => {
    const target = host.getAttribute("target");
    const link = make(
      "a",
      { part: "headline", href: address(hit, query), ...(target ? { target, rel: "noopener" } : {}) },
      ...marked(hit.headline_html),
    );
    link.onclick = (event) => {
      const { id, headline } = hit;
      if (input.value.trim() === query) remember([query, ...recent().filter((text) => text !== query)]);
      keep(query);
      count({ q: query, id, ...clicked });
      if (!tell("open", { id, url: link.href, headline, query }, true)) event.preventDefault();
    };
    const about = [hit.section, hit.source].filter(Boolean).map((text) => make("span", {}, text));
    if (hit.published) about.push(make("span", {}, moment(hit.published)));
    const item = make("li", { part: "hit" });
    if (isWeb(hit.image) && host.getAttribute("pictures") !== "off") {
      const shot = { part: "picture", alt: "", loading: "lazy", decoding: "async", width: 96, height: 64 };
      const picture = make("img", { ...shot, referrerPolicy: "no-referrer", src: hit.image });
      picture.onerror = () => picture.remove();
      item.append(picture);
    }
    item.append(make("p", {}, link));
    if (hit.snippet_html) item.append(make("p", { part: "snippet" }, ...marked(hit.snippet_html)));
    if (about.length) item.append(make("p", { part: "about" }, ...about));
    return item;
  };

  const parameters = (query, page, more = {}) => {
    const asked = [
      ["q", query],
      ["page", page],
      ["per_page", host.getAttribute("per-page") || 5],
      ["fields", FIELDS],
      ...Object.entries(more),
    ];
    for (const name of ["section", "source"]) {
      const values = (host.getAttribute(name) || "").split("|").map((value) => value.trim());
      asked.push(...values.filter(Boolean).map((value) => [name, value]));
    }
    return asked;
  };

  /** Why there is no response, in words. */
  const why = (problem) => {
    const known = words();
    if (problem === "late") return known.slow;
    if (!(problem instanceof Response)) return known.absent;
    if (problem.status === 429) return known.busy(problem.headers.get("Retry-After") || 60);
    if (problem.status === 401 || problem.status === 403) return known.key;
    return problem.status < 500 ? known.refused : known.broken;
  };

  /** A sentence and searches to choose from. */
  const choices = (said, ...ways) =>
    make(
      "p",
      {},
      said,
      ...ways.flatMap(([label, run]) => {
        const button = make("button", { part: "instead", type: "button", onclick: run }, label);
        return [" ", button];
      }),
    );

  /** What the search made of the query, and what it proposes instead. */
  const reading = ({ query: read, suggestion, relaxations }, query) => {
    const known = words();
    const said = [];
    if (suggestion) {
      const texts = suggestion.alternatives.map(({ text }) => text);
      const meant = texts.length ? texts : [suggestion.text];
      said.push(choices(known.meant, ...meant.map((text) => [text, () => choose(text)])));
    }
    if (read.respelled || read.typed_as !== "text") {
      const line = choices(read.respelled ? known.respelled(query) : known.read);
      line.append(" ", make("b", {}, read.understood), " ");
      line.append(...choices("", [known.verbatim, () => search({ verbatim: 1 })]).childNodes);
      said.push(line);
    }
    if (read.also.length) said.push(make("p", {}, `${known.names} ${read.also.join(", ")}`));
    for (const { operator, text, count } of relaxations) {
      said.push(choices(known.empty(operator), [known.way(text, count), () => choose(text)]));
    }
    return said;
  };

  const whole = (query) => {
    const asked = parameters(query, 1).filter(([name]) => ["q", "section", "source"].includes(name));
    const href = `${host.site}search?${new URLSearchParams(asked)}`;
    return make("a", { part: "site", href }, words().all);
  };

  /** What was found, in a sentence. */
  const summary = ({ total, about, lacking, query: read }, query) => {
    const known = words();
    if (!total) return known.none(query);
    if (about) return known.found(total);
    return known.instead(query, read.relaxed ? known.some(total) : others(total, lacking));
  };

  /** Articles that only have words of the query, and how. */
  const others = (number, lacking) => words()[lacking ? "lacking" : "apart"](number);

  let shown;
  const show = (response, query, more = {}) => {
    const known = words();
    shown = { response, query, language: host.language };
    const hits = make("div", {});
    const notes = response.notes.map(({ text, url }) =>
      make("p", { part: "note" }, isWeb(url) ? make("a", { href: url }, text) : text),
    );
    // Articles about the query, and below a line those that only have its words.
    let tier;
    let rank = 0;
    const add = (found) =>
      found.map((hit) => {
        if (!tier || tier.about !== hit.about) {
          const line = known.also(others(response.partly, response.lacking));
          if (response.about && !hit.about) hits.append(make("p", { part: "partly" }, line));
          tier = { about: hit.about, list: make("ol", { part: "hits" }) };
          hits.append(tier.list);
        }
        rank += 1;
        const item = card(hit, query, { rank, build: response.build });
        tier.list.append(item);
        return item;
      });
    add(response.hits);
    const foot = make("p", { part: "foot" });
    const status = make("p", { part: "status" }, summary(response, query));
    results.setAttribute("aria-label", known.results);
    results.replaceChildren(
      status,
      ...reading(response, query),
      ...notes,
      ...(response.total ? [hits, foot] : []),
    );
    results.hidden = false;
    before.hidden = true;
    let page = 1;
    const further = make("button", { part: "more", type: "button" }, known.more);
    const go = async () => {
      const next = await fetchPage(query, page + 1, more, go);
      if (!next) return;
      page += 1;
      add(next.hits)[0]?.querySelector("a").focus();
      if (!next.more) further.remove();
    };
    further.onclick = go;
    if (response.more) foot.append(further, " ");
    foot.append(whole(query));
  };

  /** The response of the API, or undefined after saying why there is none. */
  const fetchPage = async (query, page, more, again) => {
    const slow = setTimeout(() => say(words().searching), SLOW);
    try {
      const response = await ask("search", "search", parameters(query, page, more));
      say();
      return response;
    } catch (problem) {
      if (problem === "outdated") return undefined;
      trouble(why(problem), again);
      tell("error", { status: problem instanceof Response ? problem.status : 0, query });
      return undefined;
    } finally {
      clearTimeout(slow);
    }
  };

  /** Show what is found while the query is still being typed. */
  const live = async () => {
    const query = input.value.trim();
    if (!query) {
      results.hidden = true;
      return remind();
    }
    try {
      const more = { typing: 1 };
      const response = await ask("search", "search", parameters(query, 1, more));
      return show(response, query, more);
    } catch {
      return undefined; // Enter asks again, and tells
    }
  };

  const search = async (more = {}) => {
    const query = input.value.trim();
    close();
    if (!query) {
      parts.stop();
      results.hidden = true;
      keep("");
      return say();
    }
    place();
    remember([query, ...recent().filter((text) => text !== query)]);
    keep(query);
    const response = await fetchPage(query, 1, more, () => search(more));
    if (!response) return undefined;
    show(response, query, more);
    say(make("span", { className: "hidden" }, summary(response, query)));
    return tell("search", { query, total: response.total, about: response.about });
  };

  // What was done before this script was here.
  if (root.activeElement === input) {
    if (overlaid() && (parts.clicked || input.value)) raise();
    if (input.value.trim()) ponder();
  }
  return { search: () => search() };
}
