// @ts-check
/**
 * Signing in on this phone: with the code that the office printed - scanned, typed, or brought along by
 * the link - or with name and password.
 *
 * Promises: that storage was emptied is said before anything else; how many entries wait here is said,
 * never whose; after signing in it says what now works without a network.
 */
import { enrolThisPhone, enrolTrouble } from "../enrolling.js";
import { sayDone, sayWaiting, sayWiped } from "../enrol_notes.js";
import { codeIn, normalCode, showCode, withDash } from "../enrol_code.js";
import { clearProblems, showProblems } from "../form_errors.js";
import { installWay } from "../install_prompt.js";
import { fill } from "../parts.js";
import { startScanner } from "../scanner.js";
import { show } from "../visible.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../enrolling.js").Proof} Proof */

/** @type {import("../router.js").Screen} */
export default {
  name: "enrol",
  paths: ["/phone/enrol"],
  needsAccount: false,
  async show({ root, params, ctx }) {
    const next = params.next && !params.next.startsWith("/phone/enrol") ? params.next : "/phone";
    await sayWiped(root, ctx);
    const waiting = await sayWaiting(root, ctx);
    show(root, "[data-part=install]", ["ios", "prompt"].includes(installWay()));
    const enrol = createEnrolment(root, ctx, { next, waiting });
    startLinked(root, enrol);
    startCode(root, ctx, enrol);
    startScan(root, ctx, enrol);
    startPassword(root, enrol);
  },
};

/** @typedef {(proof: Proof, form: HTMLFormElement) => Promise<void>} Enrol */

/** One at a time, with what went wrong under the form that asked.
 *  @param {HTMLElement} root @param {Context} ctx @param {{ next: string, waiting: number }} how @returns {Enrol} */
function createEnrolment(root, ctx, { next, waiting }) {
  let busy = false;
  return async (proof, form) => {
    if (busy) return;
    busy = true;
    clearProblems(form);
    form.classList.add("is-sending");
    fill(root, { busy: ctx.words("enrol.busy") });
    try {
      const done = await enrolThisPhone(ctx, proof);
      sayDone(root, ctx, { ...done, next, waiting });
    } catch (error) {
      const trouble = enrolTrouble(error);
      if (!trouble) throw error;
      if (trouble === "second_factor_needed") show(root, "[data-part=one-time]", true);
      showProblems(form, [{ field: fieldOf(trouble), code: trouble, facts: {} }], ctx.words);
    } finally {
      busy = false;
      form.classList.remove("is-sending");
      fill(root, { busy: null });
    }
  };
}

/** @param {string} trouble */
function fieldOf(trouble) {
  /** @type {Record<string, string>} */
  const fields = {
    code_invalid: "code",
    wrong_credentials: "password",
    second_factor_needed: "one_time",
    wrong_code: "one_time",
  };
  return fields[trouble] ?? "";
}

/** The link from the office's paper: one tap. @param {HTMLElement} root @param {Enrol} enrol */
function startLinked(root, enrol) {
  const code = codeIn(location.hash);
  const form = formOf(root, "linked");
  form.hidden = !code;
  if (!code) return;
  history.replaceState(history.state, "", location.pathname + location.search); // worth something: not to be shared
  fill(root, { "linked-code": showCode(code) });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void enrol({ code }, form);
  });
}

/** @param {HTMLElement} root @param {Context} ctx @param {Enrol} enrol */
function startCode(root, ctx, enrol) {
  const form = formOf(root, "code");
  const box = /** @type {HTMLInputElement} */ (form.elements.namedItem("code"));
  box.addEventListener("input", () => {
    const atEnd = box.selectionStart === box.value.length; // a cursor in the middle is not moved
    if (atEnd) box.value = withDash(box.value);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = normalCode(box.value);
    if (code) void enrol({ code }, form);
    else showProblems(form, [{ field: "code", code: "enrol.code_shape", facts: {} }], ctx.words);
  });
}

/** @param {HTMLElement} root @param {Context} ctx @param {Enrol} enrol */
function startScan(root, ctx, enrol) {
  const form = formOf(root, "code");
  const video = /** @type {HTMLVideoElement} */ (root.querySelector("video"));
  let stop = () => {};
  ctx.onLeave(() => stop());
  const close = () => {
    stop();
    show(root, "[data-part=scanner]", false);
    show(root, "[data-scan]", true);
  };
  root.querySelector("[data-scan]")?.addEventListener("click", async () => {
    show(root, "[data-part=scanner]", true);
    show(root, "[data-scan]", false);
    fill(root, { scan: null });
    try {
      stop = await startScanner(video, (text) => {
        const code = codeIn(text);
        if (!code) {
          fill(root, { scan: ctx.words("enrol.scan.other") });
          return false;
        }
        close();
        /** @type {HTMLInputElement} */ (form.elements.namedItem("code")).value = showCode(code);
        void enrol({ code }, form);
        return true;
      });
    } catch (error) {
      const { trouble } = /** @type {any} */ (error);
      if (!trouble) throw error;
      close();
      fill(root, { scan: ctx.words(`enrol.scan.${trouble}`) });
      /** @type {HTMLElement} */ (form.elements.namedItem("code")).focus();
    }
  });
  root.querySelector("[data-scan-stop]")?.addEventListener("click", close);
}

/** @param {HTMLElement} root @param {Enrol} enrol */
function startPassword(root, enrol) {
  const form = formOf(root, "password");
  const box = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  box("show").addEventListener("change", () => {
    box("password").type = box("show").checked ? "text" : "password";
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!box("login").value.trim() || !box("password").value) {
      box(box("login").value.trim() ? "password" : "login").focus();
      return;
    }
    const oneTime = box("one_time").value.trim();
    const proof = { login: box("login").value.trim(), password: box("password").value };
    await enrol(oneTime ? { ...proof, one_time: oneTime } : proof, form);
  });
}

/** @param {HTMLElement} root @param {string} name @returns {HTMLFormElement} */
function formOf(root, name) {
  return /** @type {HTMLFormElement} */ (root.querySelector(`form[data-form=${name}]`));
}
