// Fills a phone's outbox by its own functions, without its screens: what a busy week leaves there.
import { createOutbox } from "../../static/src/js/outbox/outbox.js";
import { isoWithOffset } from "../../static/src/js/shared/clock.js";
import { bangkokDay } from "../../static/src/js/shared/days.js";
import { newId } from "../../static/src/js/shared/ids.js";
import { createApi } from "../../static/src/js/sync/api.js";
import { createUploads } from "../../static/src/js/sync/tus.js";
import { openVault } from "../../static/src/js/vault/vault.js";

/** @param {number} count */
export async function logVisits(count) {
  const vault = await openVault();
  if (!vault) throw new Error("nobody is signed in");
  const { token } = vault;
  const outbox = createOutbox({ vault, api: createApi({ token }), uploads: createUploads({ token }) });
  const programme = JSON.parse(document.getElementById("programme")?.textContent ?? "{}");
  for (let number = 1; number <= count; number += 1) {
    const id = newId();
    await outbox.add({ kind: "visit", op: "create", id, data: {
      id,
      centre_id: vault.account.centre_id,
      visit_date: bangkokDay(Date.now()),
      group_name: `group ${number}`,
      n_male: number, n_female: 1, n_other: 0, n_child: 0,
      kind: programme.visit_kinds[0].key,
      topics: [],
      consent_followup: false, consent_photo: false,
      captured_at: isoWithOffset(Date.now()),
      position: null,
      programme_version: programme.name,
    } });
  }
  outbox.stop();
}
