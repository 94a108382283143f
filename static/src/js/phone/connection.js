// @ts-check
/** Connection: when it is worth a try to reach the office.  A hint and nothing more: browsers only say
 *  that there is some network, not that our server can be reached. */

/** Call `heard` whenever the line may have changed, also when the page is looked at again: a phone
 *  that slept tells nothing. @param {() => void} heard @returns {() => void} stops it */
export function onLineChange(heard) {
  const line = /** @type {EventTarget | undefined} */ (/** @type {any} */ (navigator).connection);
  const onVisible = () => {
    if (document.visibilityState === "visible") heard();
  };
  addEventListener("online", heard);
  addEventListener("offline", heard);
  document.addEventListener("visibilitychange", onVisible);
  line?.addEventListener("change", heard);
  return () => {
    removeEventListener("online", heard);
    removeEventListener("offline", heard);
    document.removeEventListener("visibilitychange", onVisible);
    line?.removeEventListener("change", heard);
  };
}
