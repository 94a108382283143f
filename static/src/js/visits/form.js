// @ts-check
/** What only the visitor book's form does in the browser, on the server's page and on the phone. */
import { setValue, valueOf } from "../web/boxes.js";

/** Start a form whose boxes hold what they shall hold. @param {HTMLFormElement} form */
export function startVisitForm(form) {
  startWho(form);
  startConsent(form);
}

/** One person or a group: a person is one tap, a group is two numbers. @param {HTMLFormElement} form */
function startWho(form) {
  const sides = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-who-is]"));
  const ones = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-one]"));

  /** @param {string} who */
  const choose = (who) => {
    const alone = who === "person";
    for (const side of sides) {
      const chosen = side.dataset.whoIs === who;
      side.setAttribute("aria-checked", String(chosen));
      side.tabIndex = chosen ? 0 : -1;
    }
    show(form, "[data-group-only], [data-head-counts]", !alone);
    show(form, "[data-one-person]", alone);
  };

  for (const side of sides) {
    side.addEventListener("click", () => choose(side.dataset.whoIs ?? "group"));
    side.addEventListener("keydown", (event) => {
      if (!event.key.startsWith("Arrow")) return;
      event.preventDefault();
      const other = [...sides].find((one) => one !== side);
      other?.click();
      other?.focus();
    });
  }
  for (const one of ones) {
    one.addEventListener("click", () => {
      for (const each of ones) {
        each.setAttribute("aria-pressed", String(each === one));
        setValue(form, each.dataset.one ?? "", each === one ? 1 : 0);
      }
      setValue(form, "group_name", "");
    });
  }
  choose(isOnePerson(form) ? "person" : "group");
  for (const one of ones) {
    one.setAttribute("aria-pressed", String(valueOf(form, one.dataset.one ?? "") === "1"));
  }
}

/** A stored entry for one person, nothing to correct in its counts. @param {HTMLFormElement} form */
function isOnePerson(form) {
  const counts = ["n_male", "n_female", "n_other"].map((name) => valueOf(form, name));
  const refused = form.querySelector("[data-head-counts] .field--refused");
  return !refused && counts.sort().join() === "0,0,1" && !valueOf(form, "group_name");
}

/** Name and phone appear with the consent, and are not sent without it. @param {HTMLFormElement} form */
function startConsent(form) {
  const part = /** @type {HTMLElement | null} */ (form.querySelector("[data-needs-consent]"));
  const box = /** @type {HTMLInputElement | null} */ (
    part && form.querySelector(`#${CSS.escape(part.dataset.needsConsent ?? "")}`)
  );
  if (!part || !box) return;
  const follow = () => {
    part.hidden = !box.checked;
    for (const input of part.querySelectorAll("input")) input.disabled = !box.checked;
  };
  box.addEventListener("change", follow);
  follow();
}

/** @param {HTMLFormElement} form @param {string} selector @param {boolean} visible */
function show(form, selector, visible) {
  for (const part of form.querySelectorAll(selector)) {
    /** @type {HTMLElement} */ (part).hidden = !visible;
  }
}
