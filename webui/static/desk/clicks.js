// Tells the desk which result of a query was opened, and nothing of who opened it. Whoever asks not
// to be tracked is not counted.

const counted = !navigator.globalPrivacyControl && navigator.doNotTrack !== "1";

function tell({ target, button, type }) {
  const link = target.closest?.("[data-clicks] [data-id] a");
  const middle = type === "auxclick" && button === 1;
  if (!link || !(type === "click" || middle)) return;
  const result = link.closest("[data-id]");
  if (!link.matches("h3 a, .headline a, .shot")) return; // a section or a source of it
  const { clicks, query, build } = link.closest("[data-clicks]").dataset;
  const list = result.parentElement;
  const rank = list.start + [...list.children].indexOf(result);
  navigator.sendBeacon(clicks, new URLSearchParams({ q: query, id: result.dataset.id, rank, build }));
}

if (counted) for (const kind of ["click", "auxclick"]) addEventListener(kind, tell, true);
