// What this browser remembers of its reader's choices and searches, here alone; nothing, where it is
// told not to.

export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // Not remembered: the choice holds for this page.
  }
}

const SEARCHED = "searched";
const MOST = 30;

const plain = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

const all = () => {
  try {
    return JSON.parse(recall(SEARCHED)) ?? [];
  } catch {
    return [];
  }
};

const keep = (queries) => remember(SEARCHED, queries.length && JSON.stringify(queries.slice(0, MOST)));

const without = (query) => all().filter((past) => plain(past) !== plain(query));

/** Searches that begin as typed, the last first; only the rest of such a one is new. */
export const recallPast = (typed, most) =>
  all().filter((past) => plain(past).startsWith(plain(typed)) && past !== typed).slice(0, most);

export function rememberPast(query) {
  if (query.trim()) keep([query.trim(), ...without(query)]);
}

export const forgetPast = (query) => keep(query ? without(query) : []);
