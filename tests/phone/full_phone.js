// Fills a phone by its own functions, without its screens: what weeks without a network leave there.
import { createOutbox } from "../../static/src/js/outbox/outbox.js";
import { isoWithOffset } from "../../static/src/js/shared/clock.js";
import { bangkokDay } from "../../static/src/js/shared/days.js";
import { newId } from "../../static/src/js/shared/ids.js";
import { createApi } from "../../static/src/js/sync/api.js";
import { createUploads } from "../../static/src/js/sync/tus.js";
import { openVault } from "../../static/src/js/vault/vault.js";

const AT_ONCE = 12;

/** Visits, each with its number, and photos of the first of them.  Answers the photos' SHA-256.
 *  @param {{visits: number, photos: number, photoBytes: number}} wanted @returns {Promise<string[]>} */
export async function fillPhone({ visits, photos, photoBytes }) {
  const vault = await openVault();
  if (!vault) throw new Error("nobody is signed in");
  const { token } = vault;
  const outbox = createOutbox({ vault, api: createApi({ token }), uploads: createUploads({ token }) });
  const programme = JSON.parse(document.getElementById("programme")?.textContent ?? "{}");
  const circumstances = {
    captured_at: isoWithOffset(Date.now()),
    position: null,
    programme_version: programme.name,
  };
  const ids = Array.from({ length: visits }, () => newId());
  await all(ids, (id, number) => outbox.add({ kind: "visit", op: "create", id, data: {
    id,
    centre_id: vault.account.centre_id,
    visit_date: bangkokDay(Date.now()),
    group_name: `คณะที่ ${number}`,
    n_male: 1 + number, n_female: 1, n_other: 0, n_child: 0,
    kind: programme.visit_kinds[0].key,
    topics: [],
    consent_followup: false, consent_photo: false,
    ...circumstances,
  } }));
  const digests = /** @type {string[]} */ ([]);
  await all(Array.from({ length: photos }, () => newId()), async (id, number) => {
    const bytes = await picture(number, photoBytes);
    digests.push(hex(await crypto.subtle.digest("SHA-256", bytes)));
    await outbox.add(
      { kind: "photo", op: "create", id, data: {
        id, subject_kind: "visit", subject_id: ids[0], caption: null, source: "picker",
        file_name: "image.jpg", ...circumstances,
      } },
      [{ id, role: "original", type: "image/jpeg", bytes }],
    );
  });
  outbox.stop();
  vault.close();
  return digests;
}

/** @template T @param {T[]} them @param {(one: T, number: number) => Promise<unknown>} work */
async function all(them, work) {
  for (let from = 0; from < them.length; from += AT_ONCE) {
    await Promise.all(them.slice(from, from + AT_ONCE).map((one, place) => work(one, from + place)));
  }
}

/** A JPEG of exactly this size: a drawing, and noise behind its end. @param {number} number @param {number} size */
async function picture(number, size) {
  const canvas = new OffscreenCanvas(64, 48);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = `hsl(${number * 6} 60% 50%)`;
  context.fillRect(0, 0, 64, 48);
  const drawn = await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer();
  const whole = new Uint8Array(Math.max(size, drawn.byteLength));
  for (let from = 0; from < whole.length; from += 65_536) {
    crypto.getRandomValues(whole.subarray(from, from + 65_536));
  }
  whole.set(new Uint8Array(drawn));
  return whole.buffer;
}

/** @param {ArrayBuffer} digest */
const hex = (digest) =>
  [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
