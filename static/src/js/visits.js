// @ts-check
/** What only the visitor book's and the follow-ups' forms do in the browser.  Both work without. */

for (const form of document.querySelectorAll("form[data-visit-form]")) {
  startWho(/** @type {HTMLFormElement} */ (form));
  startConsent(/** @type {HTMLFormElement} */ (form));
}
for (const form of document.querySelectorAll("form[data-followup-form]")) {
  startAnswer(/** @type {HTMLFormElement} */ (form));
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
        setCount(form, each.dataset.one ?? "", each === one ? 1 : 0);
      }
      setCount(form, "group_name", "");
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

/** The answer decides what is asked next. @param {HTMLFormElement} form */
function startAnswer(form) {
  const part = /** @type {HTMLElement | null} */ (form.querySelector("[data-if-used]"));
  const everybody = valueOf(form, "n_followed");
  /** @param {string} used */
  const follow = (used) => {
    if (part) part.hidden = used !== part.dataset.ifUsed && !part.querySelector(".field--refused");
  };
  follow(valueOf(form, "used"));
  form.addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.name !== "used") return;
    follow(box.value);
    setCount(form, "n_followed", box.value === "unreachable" ? 0 : everybody);
    if (box.value !== "used") setCount(form, "n_used", 0);
    else if (valueOf(form, "n_used") === "0") setCount(form, "n_used", everybody);
  });
}

/** @param {HTMLFormElement} form @param {string} selector @param {boolean} visible */
function show(form, selector, visible) {
  for (const part of form.querySelectorAll(selector)) {
    /** @type {HTMLElement} */ (part).hidden = !visible;
  }
}

/** @param {HTMLFormElement} form @param {string} name */
function valueOf(form, name) {
  const box = form.elements.namedItem(name);
  return box && "value" in box ? String(box.value) : "";
}

/** @param {HTMLFormElement} form @param {string} name @param {string | number} value */
function setCount(form, name, value) {
  const box = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
  if (!box) return;
  box.value = String(value);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
