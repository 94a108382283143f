// @ts-check
/** What the browser knows of the line.  It says "online" in a captive portal and nothing of cost on
 *  iPhones, so both are hints: the first never stops a try, the second only holds large photos back. */

const FREE = new Set(["wifi", "ethernet"]);

/** @typedef {{type?: string, saveData?: boolean, effectiveType?: string}} Connection */

/** @param {{onLine?: boolean, connection?: Connection}} [navigator] @returns {import("./types.js").Online} */
export function browserLine(navigator = globalThis.navigator) {
  const connection = () => /** @type {Connection | undefined} */ (navigator?.connection);
  return {
    isOnline: () => navigator?.onLine !== false,
    costly() {
      const now = connection();
      if (!now) return true; // it does not say; someone may still press "send now"
      if (now.saveData) return true;
      return now.type !== undefined && !FREE.has(now.type); // desktops name no type, and pay no traffic
    },
  };
}

/** @param {{connection?: Connection}} [navigator] whether to begin with small pieces */
export const startsSlow = (navigator = /** @type {any} */ (globalThis.navigator)) =>
  ["slow-2g", "2g", "3g"].includes(navigator?.connection?.effectiveType ?? "");
