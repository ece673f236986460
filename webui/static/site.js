// What the pages do better with JavaScript. Each part works on what it finds and needs no other.

import { rememberAccents } from "./accents.js";
import { offerCompletions } from "./combobox.js";
import { listenForKeys } from "./keys.js";
import { offerThemes } from "./look.js";
import { dropBrokenPictures } from "./pictures.js";
import { refreshWhileTyping } from "./refresh.js";

const form = document.querySelector("form.ask");
const box = form.elements.q;

rememberAccents(form, box);
offerCompletions(form, box);
refreshWhileTyping(form, box);
listenForKeys(box);
offerThemes();
dropBrokenPictures();
