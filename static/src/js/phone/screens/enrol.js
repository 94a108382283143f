// @ts-check
/**
 * Signing in on this phone: with the code that the office printed - scanned, typed, or brought along by
 * the link - or with name and password.
 *
 * Promises: that storage was emptied is said before anything else; how many entries wait here is said,
 * never whose; after signing in it says what now works without a network.
 */
import { rescueFile } from "../../outbox/rescue.js";
import { acknowledgeWiped, checkWiped, knownAccounts } from "../../vault/vault.js";
import { enrolThisPhone, enrolTrouble, shellVersion } from "../enrolling.js";
import { codeIn, normalCode, showCode, withDash } from "../enrol_code.js";
import { clearProblems, showProblems } from "../form_errors.js";
import { handOver } from "../hand_over.js";
import { installWay } from "../install_prompt.js";
import { fill, part } from "../parts.js";
import { startScanner } from "../scanner.js";
import { thaiMoment } from "../thai_day.js";
import { show } from "../visible.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../enrolling.js").Proof} Proof */
/** @typedef {import("../../outbox/types.js").EnrolAnswer} EnrolAnswer */

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
  return { code_invalid: "code", wrong_credentials: "password" }[trouble] ?? "";
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
    await enrol({ login: box("login").value.trim(), password: box("password").value }, form);
  });
}

/** Browsers clear what pages stored without a word; then we say it, before anything else.
 *  @param {HTMLElement} root @param {Context} ctx */
async function sayWiped(root, { words }) {
  const wiped = await checkWiped();
  if (!wiped) return;
  const note = part("note-bad", { title: words("wiped.title", { num: wiped.lost }), text: words("wiped.text") });
  note.setAttribute("role", "alert");
  const understood = part("quiet-button", { label: words("wiped.understood") });
  understood.addEventListener("click", async () => {
    await acknowledgeWiped();
    note.remove();
  });
  note.lastElementChild?.append(understood);
  fill(root, { wiped: note });
}

/** What waits here: numbers only, for it is nobody's business whose.
 *  @param {HTMLElement} root @param {Context} ctx @returns {Promise<number>} */
async function sayWaiting(root, ctx) {
  const { words, vault } = ctx;
  const accounts = await knownAccounts();
  const mine = accounts.find((one) => one.accountId === vault?.account.id)?.unsent ?? 0;
  const asleep = accounts.reduce((sum, one) => sum + one.unsent, 0) - mine;
  const notes = [];
  if (vault) {
    const title = words("enrol.signed_in", { name: vault.account.name });
    notes.push(part("note-info", { title, text: mine ? words("enrol.mine", { num: mine }) : words("enrol.other_person") }));
  }
  if (asleep) {
    const note = part("note-warn", { title: words("state.asleep", { num: asleep }), text: words("enrol.asleep.text") });
    note.lastElementChild?.append(rescueButton(ctx, accounts));
    notes.push(note);
  }
  fill(root, { waiting: notes.length ? notes : null });
  return mine + asleep;
}

/** Sealed files, one for each who left something here. @param {Context} ctx @param {{ accountId: string, unsent: number }[]} accounts */
function rescueButton(ctx, accounts) {
  const button = part("quiet-button", { label: ctx.words("enrol.rescue") });
  button.addEventListener("click", async () => {
    for (const { accountId, unsent } of accounts) {
      const file = unsent ? await rescueFile(accountId, { now: Date.now(), appVersion: shellVersion() }) : null;
      if (file) await handOver(file, ctx.today());
    }
  });
  return button;
}

/** What works now, what to do next, and what an earlier phone still holds.
 *  @param {HTMLElement} root @param {Context} ctx
 *  @param {{ answer: EnrolAnswer, persisted: boolean | null, pulled: boolean, next: string, waiting: number }} done */
function sayDone(root, ctx, { answer, persisted, pulled, next, waiting }) {
  const { words } = ctx;
  show(root, "[data-part=ask]", false);
  show(root, "[data-part=done]", true);
  const { name, place } = answer.account;
  fill(root, {
    heading: words("enrol.done", { name }),
    lead: place ?? "",
    waiting: waiting ? part("note-info", { title: words("enrol.now_sent"), text: null }) : null,
    pulled: pulled ? null : part("note-warn", { title: words("enrol.not_pulled"), text: words("enrol.not_pulled.text") }),
    persisted: safetyNote(ctx, persisted),
    earlier: answer.earlier.map((phone) => earlierNote(ctx, phone)),
  });
  root.querySelector("[data-part=done] a[data-next]")?.setAttribute("href", next);
  /** @type {HTMLElement | null} */ (root.querySelector("h1"))?.focus();
  scrollTo(0, 0);
}

/** @param {Context} ctx @param {boolean | null} persisted */
function safetyNote({ words }, persisted) {
  if (persisted) return part("note-good", { title: words("device.persisted"), text: words("device.persisted.text") });
  const text = words(installWay() === "installed" ? "device.not_persisted.installed" : "device.not_persisted.text");
  const note = part("note-warn", { title: words("device.not_persisted"), text });
  if (installWay() !== "installed") note.lastElementChild?.append(part("install-link"));
  return note;
}

/** "Your phone … had 3 records that never arrived": was it this one? @param {Context} ctx @param {EnrolAnswer["earlier"][number]} phone */
function earlierNote(ctx, phone) {
  const { words, locale } = ctx;
  const what = [
    phone.unsent_records && words("enrol.records", { num: phone.unsent_records }),
    phone.unsent_photos && words("enrol.photos", { num: phone.unsent_photos }),
  ].filter(Boolean).join(words("and"));
  const note = part("earlier-phone", {
    title: words("enrol.earlier", { label: phone.label, what }),
    text: words("enrol.earlier.heard", { when: thaiMoment(Date.parse(phone.last_contact_at), locale) }),
    said: null,
  });
  const settle = (/** @type {string} */ key) => fill(note, { said: words(key), ways: null });
  note.querySelector("[data-other]")?.addEventListener("click", () => settle("enrol.earlier.other"));
  note.querySelector("[data-lost]")?.addEventListener("click", async () => {
    const details = words("enrol.lost.details");
    if (!(await ctx.ask(words("enrol.lost.sure", { what }), { details, yes: words("enrol.lost.yes") }))) return;
    try {
      await ctx.api.lost(phone.device_id);
      settle("enrol.earlier.lost");
    } catch (error) {
      const trouble = enrolTrouble(error);
      if (!trouble) throw error;
      ctx.toast(words(trouble), "warn");
    }
  });
  return note;
}

/** @param {HTMLElement} root @param {string} name @returns {HTMLFormElement} */
function formOf(root, name) {
  return /** @type {HTMLFormElement} */ (root.querySelector(`form[data-form=${name}]`));
}
