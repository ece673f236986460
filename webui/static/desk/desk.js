// The desk needs no script: this is the choice of theme at its foot, and pictures that cannot come.

import { offerThemes } from "../look.js";
import { dropBrokenPictures } from "../pictures.js";

offerThemes();
dropBrokenPictures();
