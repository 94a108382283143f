// @ts-check
/** The visitor book's and the follow-ups' forms on the server's pages.  Both work without. */
import { startFollowupForm } from "./followups/form.js";
import { startVisitForm } from "./visits/form.js";

for (const form of document.querySelectorAll("form[data-visit-form]")) {
  startVisitForm(/** @type {HTMLFormElement} */ (form));
}
for (const form of document.querySelectorAll("form[data-followup-form]")) {
  startFollowupForm(/** @type {HTMLFormElement} */ (form));
}
