/* The rest of <tim-bao>: suggestions while typing, results, an overlay. Loaded at the first focus.
 *
 * Nothing that a server sends becomes markup: texts are text nodes, and of the results' HTML only
 * <mark> is known. A request that is outdated is given up.
 */

const DEBOUNCE = 150;
const SLOW = 800;
const TOO_LONG = 10000;
const SUGGESTIONS = 8;
const FIELDS =
  "query.understood,query.typed_as,query.relaxed,total,partly,about,lacking,listed,hits.about,hits.id,hits.url,hits.headline,hits.headline_html," +
  "hits.snippet_html,hits.image,hits.published,hits.section,hits.source,suggestion.text";

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
  parts.stop = () => Object.values(asking).forEach((control) => control.abort("outdated"));

  // ---- suggestions: a listbox below the box, the focus stays in the box

  const list = make("ul", { id: "list", part: "list", role: "listbox", hidden: true });
  form.after(list);
  input.setAttribute("aria-controls", "list");
  let active = -1;
  let typing;

  const close = () => {
    clearTimeout(typing);
    asking.suggest?.abort("outdated");
    list.hidden = true;
    list.replaceChildren();
    activate(-1);
    input.setAttribute("aria-expanded", "false");
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
      found = await ask("suggest", "suggest", { q: typed, limit: SUGGESTIONS });
    } catch {
      return; // suggestions are a convenience: without them the box still searches
    }
    if (root.activeElement !== input || input.value !== typed) return;
    list.replaceChildren(
      ...found.suggestions.slice(0, SUGGESTIONS).map(({ text, html }, at) => {
        const given = { id: `option-${at}`, part: "suggestion", role: "option" };
        const option = make("li", { ...given, "aria-selected": "false" }, ...marked(html ?? text));
        option.onpointerdown = (event) => event.preventDefault(); // the focus stays
        option.onclick = () => choose(text);
        option.dataset.text = text;
        return option;
      }),
    );
    list.setAttribute("aria-label", words().suggestions);
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    activate(-1);
  };

  const choose = (text) => {
    input.value = text;
    close();
    search();
  };

  // Not waiting for the end of a composition: some keyboards compose all the time.
  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(suggest, DEBOUNCE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // that key is the input method's
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "Escape") {
      if (!count) return;
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return event.key === "ArrowDown" && suggest();
      const step = event.key === "ArrowDown" ? 1 : -1;
      activate(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      choose(list.children[active].dataset.text);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // ---- results, below the box or in a dialog over the page

  const results = make("section", { part: "results", hidden: true });
  box.append(results);
  let dialog;

  const place = () => {
    if (host.getAttribute("results") !== "overlay") {
      dialog?.remove();
      dialog = undefined;
      box.append(message, results);
      return;
    }
    if (!dialog) {
      const shut = make("button", { part: "close", type: "button" });
      shut.onclick = () => dialog.close();
      dialog = make("dialog", { part: "overlay" }, shut);
      dialog.addEventListener("close", () => {
        box.append(message);
        input.focus();
      });
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      box.append(dialog);
    }
    dialog.append(message, results); // what is said is heard only inside of it
    dialog.firstChild.textContent = words().close;
    dialog.setAttribute("aria-label", words().results);
    if (!dialog.open) dialog.showModal();
  };

  const address = (hit, query) => {
    if (host.getAttribute("links") !== "site" && isWeb(hit.url)) return hit.url;
    const id = encodeURIComponent(hit.id).replaceAll("%2F", "/");
    return `${host.site}article/${id}?q=${encodeURIComponent(query)}`;
  };

  const moment = (iso) => {
    const published = new Date(iso);
    const shown = (parts) =>
      new Intl.DateTimeFormat(`${host.language}-VN`, {
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

  const card = (hit, query) => {
    const target = host.getAttribute("target");
    const link = make(
      "a",
      { part: "headline", href: address(hit, query), ...(target ? { target, rel: "noopener" } : {}) },
      ...marked(hit.headline_html),
    );
    link.onclick = (event) => {
      const { id, headline } = hit;
      if (!tell("open", { id, url: link.href, headline, query }, true)) event.preventDefault();
    };
    const about = [hit.section, hit.source].filter(Boolean).map((text) => make("span", {}, text));
    if (hit.published) about.push(make("span", {}, moment(hit.published)));
    const item = make("li", { part: "hit" }, make("p", {}, link));
    if (hit.image) {
      // The address last: by then it is known how it is to be asked for.
      const shown = { alt: "", width: 96, height: 64, loading: "lazy", referrerPolicy: "no-referrer" };
      const onerror = ({ target: picture }) => picture.remove();
      item.prepend(make("img", { part: "picture", ...shown, onerror, src: hit.image }));
    }
    if (hit.snippet_html) item.append(make("p", { part: "snippet" }, ...marked(hit.snippet_html)));
    if (about.length) item.append(make("p", { part: "about" }, ...about));
    return item;
  };

  const parameters = (query, page) => {
    const asked = [
      ["q", query],
      ["page", page],
      ["per_page", host.getAttribute("per-page") || 5],
      ["fields", FIELDS],
    ];
    for (const name of ["section", "source"]) {
      const values = (host.getAttribute(name) || "").split("|").map((value) => value.trim());
      asked.push(...values.filter(Boolean).map((value) => [name, value]));
    }
    return asked;
  };

  /** Why there is no response, in words. */
  const reason = (problem) => {
    const known = words();
    if (problem === "late") return known.slow;
    if (!(problem instanceof Response)) return known.absent;
    if (problem.status === 429) return known.busy(problem.headers.get("Retry-After") || 60);
    if (problem.status === 401 || problem.status === 403) return known.key;
    return problem.status < 500 ? known.refused : known.broken;
  };

  const other = (name, text) => {
    const button = make("button", { part: "instead", type: "button" }, text);
    button.onclick = () => choose(text);
    return make("p", {}, `${name} `, button);
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

  const show = (response, query) => {
    const known = words();
    const hits = make("div", {});
    // Articles about the query, and below a line those that only have its words.
    let tier;
    const add = (found) =>
      found.map((hit) => {
        if (!tier || tier.about !== hit.about) {
          const line = known.also(others(response.partly, response.lacking));
          if (response.about && !hit.about) hits.append(make("p", { part: "partly" }, line));
          tier = { about: hit.about, list: make("ol", { part: "hits" }) };
          hits.append(tier.list);
        }
        const item = card(hit, query);
        tier.list.append(item);
        return item;
      });
    let count = add(response.hits).length;
    const foot = make("p", { part: "foot" });
    const status = make("p", { part: "status" }, summary(response, query));
    const about = [status];
    if (response.suggestion) about.push(other(known.meant, response.suggestion.text));
    if (response.query.typed_as !== "text") {
      about.push(make("p", {}, `${known.read} `, make("b", {}, response.query.understood)));
    }
    results.setAttribute("aria-label", known.results);
    results.replaceChildren(...about, ...(response.total ? [hits, foot] : []));
    results.hidden = false;
    let page = 1;
    const more = make("button", { part: "more", type: "button" }, known.more);
    more.onclick = async () => {
      const next = await fetchPage(query, page + 1);
      if (!next) return;
      page += 1;
      const cards = add(next.hits);
      count += cards.length;
      cards[0]?.querySelector("a").focus();
      if (count >= response.listed || !cards.length) more.remove();
    };
    if (count < response.listed) foot.append(more, " ");
    foot.append(whole(query));
  };

  /** The response of the API, or undefined after saying why there is none. */
  const fetchPage = async (query, page) => {
    const slow = setTimeout(() => say(words().searching), SLOW);
    try {
      const response = await ask("search", "search", parameters(query, page));
      say();
      return response;
    } catch (problem) {
      if (problem === "outdated") return undefined;
      trouble(reason(problem), () => (page === 1 ? search() : fetchPage(query, page)));
      tell("error", { status: problem instanceof Response ? problem.status : 0, query });
      return undefined;
    } finally {
      clearTimeout(slow);
    }
  };

  const search = async () => {
    const query = input.value.trim();
    close();
    if (!query) {
      parts.stop();
      results.hidden = true;
      return say();
    }
    const response = await fetchPage(query, 1);
    if (!response) return undefined;
    show(response, query);
    place();
    say(make("span", { className: "hidden" }, summary(response, query)));
    return tell("search", { query, total: response.total, about: response.about });
  };

  if (root.activeElement === input && input.value.trim()) suggest();
  return { search };
}
