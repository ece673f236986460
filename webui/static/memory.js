// What this browser remembers of its reader's choices; nothing, where it is told not to.

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
