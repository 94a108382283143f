// @ts-check
/**
 * Camera: several photos of one record in a row, each kept at once.
 *
 * Promises: "Saved" is said only after the outbox has the picture, read back; a picture that could
 * not be kept is said so, and those before it are untouched; the camera is let go when the screen is
 * left, which waits for pictures still being kept.  The form one came from is not touched.
 */
import { CameraError, createCamera } from "../../capture/camera.js";
import { keepPhoto } from "../../capture/photo.js";
import { positionOf, watchPosition } from "../../capture/position.js";
import { createShots, wordsOf } from "../../capture/shots.js";
import { meta } from "../../vault/vault.js";
import { fileSize } from "../../web/numbers.js";
import { circumstances } from "../circumstances.js";
import { fill } from "../parts.js";
import { subjectOf } from "../photo_subject.js";
import { createUnderWay } from "../under_way.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../../capture/position.js").Where} Where */
/** @typedef {import("../photo_subject.js").PhotoSubject} PhotoSubject */

/** @type {import("../router.js").Screen} */
export default {
  name: "camera",
  paths: ["/phone/photos/new"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const subject = await subjectOf(root, ctx, params);
    const shots = createShots(slot(root, "shots"), ctx, {
      changed: (num) => fill(root, { count: num ? ctx.words("camera.count", { num }) : null }),
    });
    const place = watchPosition((where) => sayPlace(root, ctx, where));
    const keep = createKeeper({ root, ctx, subject, shots, kept: (id) => noteEvidence(ctx, params, id) });
    const camera = startCamera({ root, ctx, subject, keep, place });
    startPicker(root, keep);
    subject.onChange(() => camera.ready());
    root.querySelector("[data-done]")?.addEventListener("click", () => ctx.back());
    return async () => {
      await keep.settled(); // the form that sent us here counts on every picture
      camera.stop();
      place.stop();
      shots.release();
      ctx.dirty(false);
      void ctx.outbox?.flush();
    };
  },
};

/** @typedef {{
 *    add: (take: () => Promise<Blob>, shot: { source: "camera" | "picker", fileName?: string | null, where: Where | null }) => Promise<boolean>,
 *    settled: () => Promise<unknown> }} Keeper */

/** One picture after the other: phones have little memory, and people press twice.
 *  @param {{ root: HTMLElement, ctx: Context, subject: PhotoSubject,
 *    shots: ReturnType<typeof createShots>, kept: (id: string) => Promise<void> }} parts @returns {Keeper} */
function createKeeper({ root, ctx, subject, shots, kept: note }) {
  const screen = /** @type {HTMLTemplateElement} */ (document.getElementById("screen-camera"));
  const maxBytes = Number(screen.dataset.maxBytes);
  const underWay = createUnderWay();

  /** Whether it is kept. @type {Keeper["add"]} */
  async function keep(take, { source, fileName, where }) {
    const chosen = subject.chosen();
    if (!ctx.outbox) return false;
    if (!chosen) {
      say(root, ctx.words("camera.choose_centre"), "bad");
      return false;
    }
    say(root, ctx.words("camera.saving"));
    ctx.dirty(true); // no new version is put under it
    try {
      const now = Date.now();
      const spot = positionOf(where?.fix ?? null, now);
      const shot = { source, fileName, subject: chosen, circumstances: circumstances(ctx, spot) };
      const how = { outbox: ctx.outbox, maxBytes, withPreview: Boolean(await meta("data_saver")) };
      const kept = await keepPhoto({ blob: await take(), ...shot }, how);
      await note(kept.id);
      shots.add({ ...kept, place: placeOfShot(ctx, kept.position, source) });
      say(root, ctx.words("camera.saved"));
      return true;
    } catch (error) {
      say(root, refusal(ctx, error), "bad");
      return false;
    } finally {
      ctx.dirty(false);
    }
  }
  return { add: (take, shot) => underWay.run(() => keep(take, shot)), settled: underWay.settled };
}

/** A form that sent us here for evidence finds it in its draft.  @param {Context} ctx @param {Record<string, string>} params @param {string} id */
async function noteEvidence(ctx, { draft: name, box }, id) {
  const draft = name && box ? await ctx.vault?.draft(name) : null;
  if (!draft?.values) return;
  const values = { ...draft.values, [box]: [...(draft.values[box] ?? []), id] };
  await ctx.vault?.putDraft(name, { ...draft, values });
}

/** @param {{ root: HTMLElement, ctx: Context, subject: PhotoSubject, keep: Keeper,
 *    place: ReturnType<typeof watchPosition> }} parts */
function startCamera({ root, ctx, subject, keep, place }) {
  const box = /** @type {HTMLElement} */ (root.querySelector("[data-camera]"));
  const shutter = /** @type {HTMLButtonElement} */ (root.querySelector("[data-shutter]"));
  const video = /** @type {HTMLVideoElement} */ (root.querySelector("[data-video]"));
  let taking = false;
  let wasLive = false;
  let left = false;
  const camera = createCamera(video, { onEnd: () => off(new CameraError("busy")) });
  const ready = () => (shutter.disabled = taking || !camera.isLive() || !subject.chosen());

  /** @param {unknown} error */
  function off(error) {
    box.dataset.camera = "off";
    fill(root, { trouble: wordsOf(ctx, error) });
    slot(root, "off").hidden = false;
    ready();
  }

  async function start() {
    box.dataset.camera = "starting";
    slot(root, "off").hidden = true;
    try {
      await camera.start();
      if (left) return;
      wasLive = true;
      box.dataset.camera = "live";
    } catch (error) {
      if (!left) off(error);
    }
    ready();
  }

  shutter.addEventListener("click", async () => {
    if (taking) return;
    taking = true;
    ready();
    const where = place.where(); // at the shutter, not when the picture has been stored
    await keep.add(() => camera.take(), { source: "camera", where });
    taking = false;
    ready();
  });
  root.querySelector("[data-start]")?.addEventListener("click", () => void start());
  // A phone takes the camera away from a page that is not looked at.
  const onVisible = () => {
    const taken = wasLive && !camera.isLive();
    if (document.visibilityState === "visible" && taken) void start();
  };
  document.addEventListener("visibilitychange", onVisible);
  void start();
  return {
    ready,
    stop() {
      left = true;
      camera.stop();
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}

/** @param {HTMLElement} root @param {Keeper} keep */
function startPicker(root, keep) {
  const input = /** @type {HTMLInputElement} */ (root.querySelector("[data-files]"));
  input.addEventListener("change", async () => {
    const files = [...(input.files ?? [])];
    await Promise.all(files.map((file) => keep.add(async () => file, { source: "picker", fileName: file.name, where: null })));
    input.value = ""; // the same file may be chosen again after making room
  });
}

/** @param {HTMLElement} root @param {Context} ctx @param {Where} where */
function sayPlace(root, ctx, { quality, fix }) {
  const box = /** @type {HTMLElement} */ (root.querySelector("[data-place]"));
  box.dataset.place = quality;
  const sentence = ctx.words(`camera.place.${quality}`, { m: fix ? Math.round(fix.accuracyM) : "" });
  const words = slot(box, "place");
  if (words.textContent !== sentence) words.textContent = sentence; // read aloud once
}

/** @param {Context} ctx @param {any} position @param {string} source */
function placeOfShot({ words }, position, source) {
  if (position) return words("camera.shot.place", { m: Math.round(position.accuracy_m) });
  return words(source === "picker" ? "camera.shot.picked" : "camera.shot.no_place");
}

/** @param {Context} ctx @param {any} error */
function refusal(ctx, error) {
  const { bytes, most } = error?.facts ?? {};
  if (error?.code !== "too_large" || !most) return wordsOf(ctx, error);
  return ctx.words("camera.too_large", { size: fileSize(bytes), most: fileSize(most) });
}

/** @param {HTMLElement} root @param {string} words @param {"good" | "bad"} [tone] */
function say(root, words, tone = "good") {
  const said = slot(root, "said");
  said.textContent = words;
  said.dataset.tone = tone;
}

/** @param {HTMLElement} root @param {string} name @returns {HTMLElement} */
function slot(root, name) {
  return /** @type {HTMLElement} */ (root.querySelector(`[data-slot="${name}"]`));
}
