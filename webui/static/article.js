// In an article: from mark to mark, larger or smaller text, sharing. Loaded by its page only.

import { recall, remember } from "./memory.js";

const SIZES = [0.9, 1, 1.15, 1.3, 1.5];

/** The bar with "3/18 ↑ ↓": one tab stop. Marks are no links then, so that text can be selected. */
function stepThroughMarks(bar) {
  const marks = [...document.querySelectorAll(".prose mark")];
  const buttons = [...bar.querySelectorAll("button")];
  const told = bar.querySelector("[role=status]");
  let at = marks.findIndex((mark) => `#${mark.id}` === location.hash);

  for (const link of document.querySelectorAll(".prose mark a")) link.replaceWith(...link.childNodes);
  document.querySelector(".prose").classList.add("stepped");

  function show() {
    for (const [number, mark] of marks.entries()) {
      if (number === at) mark.setAttribute("aria-current", "true");
      else mark.removeAttribute("aria-current");
    }
    told.textContent = `${at + 1}/${marks.length}`;
  }

  function go(to) {
    at = (to + marks.length) % marks.length;
    show();
    marks[at].scrollIntoView({ block: "center" });
    history.replaceState(null, "", `#${marks[at].id}`);
  }

  const step = (by) => go(at < 0 && by < 0 ? -1 : at + by);

  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) step(Number(button.dataset.step));
  });
  bar.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const other = buttons[buttons.indexOf(event.target) ? 0 : 1];
      for (const button of buttons) button.tabIndex = button === other ? 0 : -1;
      other.focus();
    } else if (key === "ArrowUp") step(-1);
    else if (key === "ArrowDown") step(1);
    else if (key === "Home") go(0);
    else if (key === "End") go(-1);
    else return;
    event.preventDefault();
  });
  if (at >= 0) show();
}

function offerSizes(buttons) {
  const put = (at) => {
    document.documentElement.style.setProperty("--size", SIZES[at]);
    for (const button of buttons) button.disabled = !SIZES[at + Number(button.dataset.larger)];
    remember("size", at !== 1 && String(SIZES[at]));
  };
  let at = SIZES.indexOf(Number(recall("size") ?? 1));
  if (at < 0) at = 1;
  for (const button of buttons) {
    button.addEventListener("click", () => put(at += Number(button.dataset.larger)));
  }
  put(at);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // A page that came without encryption has no clipboard but this one.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function offerSharing(tools) {
  const { address: url, title } = tools.dataset;
  const [share, link] = tools.querySelectorAll("[data-share], [data-copy]");
  const told = tools.querySelector("[role=status]");
  share.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  link.addEventListener("click", async () => {
    await copy(url);
    told.textContent = told.dataset.copied;
  });
}

const bar = document.querySelector(".hop [role=toolbar]");
const tools = document.querySelector(".reading-tools");
if (bar) stepThroughMarks(bar);
offerSizes(tools.querySelectorAll("[data-larger]"));
offerSharing(tools);
