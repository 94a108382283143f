// @ts-check
/** What the outbox says of the phone itself: last contact, room, and whether the room is safe. */
import { storageState } from "../vault/vault.js";
import { fileSize } from "../web/numbers.js";
import { part } from "./parts.js";
import { thaiMoment } from "./thai_day.js";

/** @param {import("./context.js").Context} ctx @returns {Promise<HTMLElement[]>} */
export async function phoneFacts({ words, locale, contact }) {
  const { usedBytes, leftBytes, persisted } = await storageState();
  const heard = contact();
  const promise = persisted === null ? "unknown" : persisted ? "yes" : "no";
  const lines = [
    ["outbox.contact", heard ? thaiMoment(heard.serverTime, locale) : words("outbox.never")],
    ["outbox.storage_used", usedBytes === null ? words("unknown") : fileSize(usedBytes)],
    ["outbox.storage_left", leftBytes === null ? words("unknown") : fileSize(leftBytes)],
    ["outbox.persisted", words(`outbox.persisted.${promise}`)],
  ];
  return lines.map(([key, value]) => part("entry", { label: words(key), value }));
}
