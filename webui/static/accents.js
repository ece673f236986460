// The accents switch is remembered in this browser: whoever wants accents exactly as typed wants
// that in the next search too. Only where accents are typed; without any, nothing could be exact.

import { recall, remember } from "./memory.js";

const NAME = "accents";

export function rememberAccents(form, box) {
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-accents]")?.dataset.accents;
    if (choice) remember(NAME, choice === "exact" && choice);
  });
  form.addEventListener("formdata", ({ formData }) => {
    const accented = /[\u0300-\u036fđ]/iu.test(box.value.normalize("NFD"));
    if (!accented) formData.delete(NAME);
    else if (recall(NAME) === "exact") formData.set(NAME, "exact");
  });
}
