// @ts-check
/** Saving what a form holds.  Promise: a second tap saves nothing more, and other words under the
 *  same form's id - the form was open in two tabs - are kept as a record of their own. */
import { newId } from "../shared/ids.js";

/** @param {string} id made when the form opened @param {(id: string) => Promise<unknown>} save
 *  @returns {Promise<string>} the id under which it is kept */
export async function saveOnce(id, save) {
  try {
    await save(id);
    return id;
  } catch (error) {
    if (/** @type {any} */ (error)?.code !== "exists") throw error;
    const own = newId();
    await save(own);
    return own;
  }
}

/** Work at one submit at a time. @param {HTMLFormElement} form @param {() => Promise<void>} work */
export function onSubmitOnce(form, work) {
  let saving = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (saving) return;
    saving = true;
    form.classList.add("is-sending");
    try {
      await work();
    } finally {
      saving = false;
      form.classList.remove("is-sending");
    }
  });
}
