// @ts-check
/** A change of the outbox in one tab is a change on the screens of the others.  Only that it changed
 *  is told, never what: each tab reads for itself, with its own key. */

/** @param {string} accountId @param {EventTarget} events */
export function otherTabs(accountId, events) {
  if (!("BroadcastChannel" in globalThis)) return { tell() {}, close() {} };
  const channel = new BroadcastChannel(`lakthan-outbox-${accountId}`);
  channel.addEventListener("message", () => {
    events.dispatchEvent(new CustomEvent("change", { detail: { elsewhere: true } }));
  });
  /** @type {any} */ (channel).unref?.(); // in tests: do not keep the process for it
  let open = true;
  return {
    tell: () => open && channel.postMessage("change"), // a step that was under way may end after `stop`
    close() {
      open = false;
      channel.close();
    },
  };
}
