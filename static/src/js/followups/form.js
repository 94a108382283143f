// @ts-check
/** What only the follow-ups' form does in the browser, on the server's page and on the phone. */
import { setValue, valueOf } from "../web/boxes.js";

/** The answer decides what is asked next. @param {HTMLFormElement} form */
export function startFollowupForm(form) {
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
    setValue(form, "n_followed", box.value === "unreachable" ? 0 : everybody);
    if (box.value !== "used") setValue(form, "n_used", 0);
    else if (valueOf(form, "n_used") === "0") setValue(form, "n_used", everybody);
  });
}
