// @ts-check
/**
 * What the enrolment screen says: before signing in, what was lost and what waits here; afterwards, what
 * works now, how safe it is, and what an earlier phone still holds.
 */
import { rescueFile } from "../outbox/rescue.js";
import { acknowledgeWiped, checkWiped, knownAccounts, meta, setMeta } from "../vault/vault.js";
import { enrolTrouble, shellVersion } from "./enrolling.js";
import { handOver } from "./hand_over.js";
import { installWay } from "./install_prompt.js";
import { fill, part } from "./parts.js";
import { thaiMoment } from "./thai_day.js";
import { show } from "./visible.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../outbox/types.js").EnrolAnswer} EnrolAnswer */

/** Browsers clear what pages stored without a word; then we say it, before anything else.
 *  @param {HTMLElement} root @param {Context} ctx */
export async function sayWiped(root, { words }) {
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
export async function sayWaiting(root, ctx) {
  const { words, vault } = ctx;
  const accounts = await knownAccounts();
  const mine = accounts.find((one) => one.accountId === vault?.account.id)?.unsent ?? 0;
  const asleep = accounts.reduce((sum, one) => sum + one.unsent, 0) - mine;
  const notes = [];
  const letGo = vault ? null : await meta("let_go");
  if (letGo) notes.push(part("note-warn", { title: words("enrol.let_go"), text: words(letGo) }));
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
export function sayDone(root, ctx, { answer, persisted, pulled, next, waiting }) {
  const { words } = ctx;
  show(root, "[data-part=ask]", false);
  show(root, "[data-part=done]", true);
  const { name, place } = answer.account;
  void setMeta("let_go", undefined);
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
