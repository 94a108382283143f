// @ts-check
/**
 * Here: this phone's place, for saying how far a centre is.  Never asked for unasked: without a
 * permission given before, only after a tap.  Goes nowhere, is kept nowhere.
 */
import { watchPosition } from "../capture/position.js";

/** @typedef {import("./distance.js").Place} Place */

/**
 * @param {object} how
 * @param {HTMLButtonElement} how.button  shown only where the phone has to be asked
 * @param {(place: Place) => void} how.found  again whenever a better fix came
 * @param {(why: "denied" | "unavailable") => void} how.failed
 * @param {(call: () => void) => void} how.onLeave
 */
export async function startHere({ button, found, failed, onLeave }) {
  let watching = false;
  function watch() {
    if (watching) return;
    watching = true;
    button.hidden = true;
    const { stop } = watchPosition(({ quality, fix }) => {
      if (fix) found({ lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracyM });
      else if (quality === "denied" || quality === "unavailable") failed(quality);
    });
    onLeave(stop);
  }
  button.addEventListener("click", watch);
  button.hidden = false;
  if (await isAllowed()) watch();
}

async function isAllowed() {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state === "granted";
  } catch {
    return false; // this browser does not tell: the button asks
  }
}
