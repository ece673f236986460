// Keys for those who never touch the mouse: / or Ctrl+K to the box, j and k from result to result
// (in an article from mark to mark), o to open. They can be switched off, for who steers by voice.

import { recall, remember } from "./memory.js";

const NAME = "keys";
const STOPS = ".cards h3 a";

const areOff = () => recall(NAME) === "off";

export function listenForKeys(box) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || event.altKey) return;
    const { target } = event;
    const typing = target.matches("input:not([type=checkbox]), textarea, select");
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "k" && (!typing || target === box)) toBox(event, box);
    } else if (!typing && !areOff()) {
      if (key === "/") toBox(event, box);
      else if (key === "j") step(1);
      else if (key === "k") step(-1);
      else if (key === "o") document.activeElement.closest(".card")?.querySelector("h3 a").click();
    }
  });
  offerSwitch(document.querySelector("#phim-tat"));
}

function toBox(event, box) {
  event.preventDefault();
  box.focus();
  box.select();
}

function step(by) {
  const marks = document.querySelector(`.hop [data-step="${by}"]`);
  if (marks) return marks.click();
  const stops = [...document.querySelectorAll(STOPS)];
  const at = stops.indexOf(document.activeElement);
  stops[at < 0 && by < 0 ? stops.length - 1 : at + by]?.focus();
}

function offerSwitch(input) {
  if (!input) return;
  input.closest("[hidden]").hidden = false;
  input.checked = !areOff();
  input.addEventListener("change", () => remember(NAME, !input.checked && "off"));
}
