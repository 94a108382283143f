// @ts-check
/** Secrets: a button beside a password's box shows what is typed.  Without script there is none. */

/** @param {Document} root */
export function startSecrets(root) {
  for (const box of root.querySelectorAll("input[type=password][data-show]")) {
    addButton(root, /** @type {HTMLInputElement} */ (box));
  }
}

/** @param {Document} root @param {HTMLInputElement} box */
function addButton(root, box) {
  const frame = root.createElement("div");
  frame.className = "secret";
  box.replaceWith(frame);
  const button = root.createElement("button");
  button.type = "button";
  button.className = "secret__button";
  button.setAttribute("aria-controls", box.id);
  frame.append(box, button);
  const show = (/** @type {boolean} */ shown) => {
    box.type = shown ? "text" : "password";
    button.textContent = (shown ? box.dataset.hide : box.dataset.show) ?? "";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => {
    show(box.type === "password");
    box.focus();
  });
  box.form?.addEventListener("submit", () => show(false)); // else browsers keep it among form words
  show(false);
}
