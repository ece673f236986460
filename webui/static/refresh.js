// The results follow what is typed, without a new page: the server's own page is fetched and its
// main part put in place of the old one. What is shown is always what the address says.
//
// Typing makes one entry of the history. The server is told that the last word may go on, until a
// space ends it or nothing has been typed for a while.

const PAUSE = 150;
const STEADY = 600; // keys that come faster than this belong to one piece of typing
const SETTLED = 900;
const PATIENCE = 800;

export function refreshWhileTyping(form, box) {
  const main = document.querySelector("main[data-live]");
  if (!main) return;
  const status = main.querySelector("[role=status]");
  let waiting, slow, request;
  let shown = place(location);
  let typing = false;
  let typed = -STEADY;
  let open = false; // whether what is shown is of a query whose last word may go on

  // The status line stays the same element: a screen reader speaks what changes in one it knows.
  function put(page) {
    const fresh = [...page.querySelector("main").childNodes];
    const at = fresh.findIndex((node) => node.matches?.("[role=status]"));
    for (const node of [...main.childNodes]) if (node !== status) node.remove();
    status.before(...fresh.slice(0, Math.max(at, 0)));
    status.after(...fresh.slice(at + 1));
    status.className = fresh[at]?.className ?? "";
    status.replaceChildren(...(fresh[at]?.childNodes ?? []));
    document.title = page.title;
    document.body.className = page.body.className;
    for (const old of document.querySelectorAll("[data-follow]")) {
      const other = page.querySelector(`[data-follow=${old.dataset.follow}]`);
      if (other) old.replaceWith(other);
    }
  }

  function cancel() {
    clearTimeout(waiting);
    clearTimeout(slow);
    request?.abort();
  }

  /** Shows the page of an address; whether that was done, and not overtaken by another. */
  async function load(address, options = "") {
    cancel();
    const { signal } = request = new AbortController();
    slow = setTimeout(() => status.replaceChildren(main.dataset.loading), PATIENCE);
    try {
      const response = await fetch(address + options, { signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (signal.aborted) return null;
      put(page);
      shown = place(new URL(address));
      return page;
    } catch {
      if (!signal.aborted) status.replaceChildren(main.dataset.failed);
      return null;
    } finally {
      if (!signal.aborted) {
        clearTimeout(slow);
        request = undefined;
      }
    }
  }

  async function follow(ended = true) {
    clearTimeout(waiting);
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    if (place(new URL(address)) === shown && !request && !(ended && open)) return;
    const goesOn = !ended && /[\p{L}\p{N}]$/u.test(box.value);
    if (!(await load(address, goesOn ? "&typing=1" : ""))) return;
    open = goesOn;
    if (place(location) !== place(new URL(address))) {
      history[typing ? "replaceState" : "pushState"](null, "", address);
    }
    typing = true;
    if (open) waiting = setTimeout(follow, SETTLED);
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    // While somebody types steadily, a pause is what lasts longer than from key to key.
    const gap = performance.now() - typed;
    typed += gap;
    waiting = setTimeout(follow, gap < STEADY ? Math.max(PAUSE, 1.5 * gap) : PAUSE, false);
  });
  box.addEventListener("blur", () => {
    typing = false;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await follow();
    typing = false;
  });
  addEventListener("popstate", async () => {
    if (place(location) === shown) return; // only the part after # has changed
    typing = false;
    const page = await load(location.href);
    if (page) box.value = page.querySelector("form.ask").elements.q.value;
  });
}

const place = ({ pathname, search }) => pathname + search;
