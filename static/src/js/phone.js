// @ts-check
/** The phone's script: everything that happens at /phone, with or without a network. */
import { startCopies } from "./web/copy.js";
import { startDateBoxes } from "./web/dates.js";
import { startMenus } from "./web/menus.js";
import { startRows } from "./web/rows.js";
import { startSteppers } from "./web/steppers.js";
import { startInstallPrompt } from "./phone/install_prompt.js";
import { startShell } from "./phone/shell.js";

document.documentElement.classList.add("js");
startSteppers(document);
startDateBoxes(document);
startCopies(document);
startRows(document);
startMenus(document);
startInstallPrompt();
void startShell();
