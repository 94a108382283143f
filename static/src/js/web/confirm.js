// @ts-check
/** Confirms: a form with data-confirm asks its question in a dialog before it is sent. */

const agreed = new WeakSet();

/** @param {Document} root */
export function startConfirms(root) {
  const dialog = /** @type {HTMLDialogElement | null} */ (
    root.querySelector("[data-confirm-dialog]")
  );
  if (!dialog?.showModal) return; // an old browser sends without asking; the server can undo
  root.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.dataset.confirm || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(dialog, form, event.submitter);
  });
}

/** @param {HTMLDialogElement} dialog @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function ask(dialog, form, submitter) {
  const question = dialog.querySelector(".dialog__question");
  if (question) question.textContent = form.dataset.confirm ?? "";
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return;
      agreed.add(form);
      form.requestSubmit(submitter);
    },
    { once: true },
  );
  dialog.showModal();
}
