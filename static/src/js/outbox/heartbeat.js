// @ts-check
/** Tells the province how this phone is: what waits, since when, how much room is left.  The random
 *  word that goes to and fro shows when two phones speak with one copied storage.
 *  A heartbeat that fails is no harm: the next one says the same. */
import { ApiError } from "../sync/errors.js";

export const EVERY_MS = 15 * 60_000;

/** @param {{
 *    vault: import("./types.js").Vault, api: Pick<import("../sync/api.js").Api, "heartbeat">,
 *    clock: import("./types.js").Clock, summary: () => Promise<import("./types.js").Summary>,
 *    storage: () => Promise<{leftBytes: number | null, persisted: boolean | null}>, appVersion: string,
 *    tell: (name: string, detail?: object) => void,
 *  }} parts */
export function createHeartbeat({ vault, api, clock, summary, storage, appVersion, tell }) {
  let last = -Infinity;

  /** @returns {Promise<boolean>} whether the server answered */
  async function beat() {
    const [now, room] = await Promise.all([summary(), storage()]);
    const unsent = now.waiting + now.sending + now.pending + now.fixing;
    try {
      const answer = await api.heartbeat({
        unsent_records: unsent - now.photosUnsent,
        unsent_photos: now.photosUnsent,
        unsent_bytes: now.bytesWaiting,
        oldest_unsent_at: now.oldest === null ? null : iso(now.oldest),
        storage_left_bytes: room.leftBytes,
        storage_persisted: room.persisted,
        app_version: appVersion,
        device_time: iso(clock.now()),
        beat: (await vault.pulled("beat")) ?? null,
      });
      last = clock.mono();
      if (answer.forked) tell("forked");
      else await vault.putPulled("beat", answer.beat);
      await vault.noteContact(answer);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === "auth") tell("signin-needed", { code: error.code });
      return false;
    }
  }

  return { beat, isDue: () => clock.mono() - last >= EVERY_MS };
}

/** @param {number} instant epoch ms, of a clock that may be off by centuries */
const iso = (instant) => new Date(instant).toISOString();
