// @ts-check
/** Every page's script.  Pages work without it; it only makes them quicker to use. */
import { startConfirms } from "./web/confirm.js";
import { startCopies } from "./web/copy.js";
import { startDesk } from "./web/desk.js";
import { startDateBoxes } from "./web/dates.js";
import { startFileBoxes } from "./web/files.js";
import { startFindings } from "./web/findings.js";
import { startGuards } from "./web/guards.js";
import { startHashCodes } from "./web/hash_code.js";
import { startLinks } from "./web/links.js";
import { startMenus } from "./web/menus.js";
import { startPrints } from "./web/print.js";
import { startPlaceholders } from "./web/placeholder.js";
import { startPhoneDoor } from "./web/phone_door.js";
import { startRows } from "./web/rows.js";
import { startSecrets } from "./web/secrets.js";
import { startSectors } from "./web/sectors.js";
import { startSteppers } from "./web/steppers.js";
import { startTotals } from "./web/totals.js";
import "./visits.js";
import "./photos.js";
import "./packets.js";

document.documentElement.classList.add("js");
startPlaceholders(document);
startSteppers(document);
startTotals(document);
startDateBoxes(document);
startFileBoxes(document);
startCopies(document);
startPrints(document);
startRows(document);
startSecrets(document);
startSectors(document);
startHashCodes(document);
startLinks(document);
startMenus(document);
// Order matters: a question is asked before a form counts as sent.
startConfirms(document);
startGuards(document);
startFindings(document);
startDesk(document);
startPhoneDoor(document);
/** @type {HTMLElement | null} */ (document.querySelector("[data-error-summary]"))?.focus();
