// @ts-check
/**
 * Platform: which browser this is, for showing the right pictures and for calling the phone
 * something its owner recognises.  A guess from what browsers say of themselves; nothing but
 * pictures and names may hang on it.  Pure.
 */

/** `chat-…`: a browser inside LINE, Facebook or another application, which cannot install anything.
 *  @typedef {"android" | "samsung" | "iphone" | "chat-android" | "chat-iphone" | "desk"} Platform */

const LABEL_MAX = 80; // what the server takes

/**
 * @param {{ userAgent: string, maxTouchPoints?: number }} browser
 * @param {{ installed?: boolean }} [how] opened from the home screen: then it is no chat's browser
 * @returns {Platform}
 */
export function platformOf({ userAgent, maxTouchPoints = 0 }, { installed = false } = {}) {
  const chat = /\bFB(?:AN|AV|_IAB)\/| Line\/\d/.test(userAgent);
  if (isApple(userAgent, maxTouchPoints)) {
    const inside = chat || !/ Safari\/\d/.test(userAgent);
    return inside && !installed ? "chat-iphone" : "iphone";
  }
  if (!/Android/.test(userAgent)) return "desk";
  if ((chat || /; wv\)/.test(userAgent)) && !installed) return "chat-android";
  return /SamsungBrowser\//.test(userAgent) ? "samsung" : "android";
}

/** An iPad calls itself a Macintosh, but no Macintosh is touched. @param {string} userAgent @param {number} maxTouchPoints */
function isApple(userAgent, maxTouchPoints) {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/**
 * What to call this phone in the office's list: "SM-A135F · Chrome".
 * @param {{ userAgent: string, maxTouchPoints?: number }} browser
 * @param {string} [model] as the browser tells on being asked
 */
export function phoneLabel({ userAgent, maxTouchPoints = 0 }, model = "") {
  const named = /Android [\d.]+; ([^;)]+?)(?: Build\/[^;)]*)?[;)]/.exec(userAgent)?.[1] ?? "";
  const known = [model, named].find((name) => name && name !== "K"); // K: Chrome hides the model
  return [known ?? kindOf(userAgent, maxTouchPoints), browserOf(userAgent)].join(" · ").slice(0, LABEL_MAX);
}

/** @param {string} userAgent @param {number} maxTouchPoints */
function kindOf(userAgent, maxTouchPoints) {
  if (isApple(userAgent, maxTouchPoints)) return /iPhone|iPod/.test(userAgent) ? "iPhone" : "iPad";
  const kinds = ["Android", "Windows", "Macintosh", "CrOS", "Linux"]; // Android calls itself Linux too
  return kinds.find((kind) => userAgent.includes(kind)) ?? "?";
}

/** @param {string} userAgent */
function browserOf(userAgent) {
  /** @type {[RegExp, string][]} */
  const browsers = [
    [/SamsungBrowser\//, "Samsung Internet"],
    [/Edg(?:A|iOS)?\//, "Edge"],
    [/OPR\/|OPT\//, "Opera"],
    [/Firefox\/|FxiOS\//, "Firefox"],
    [/Chrome\/|CriOS\//, "Chrome"],
  ];
  return browsers.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "Safari";
}

/** @param {Navigator} [browser] @returns {Promise<string>} */
export async function labelOfThisPhone(browser = navigator) {
  /** @type {any} */
  const hints = /** @type {any} */ (browser).userAgentData;
  const told = await hints?.getHighEntropyValues?.(["model"]).catch(() => null);
  return phoneLabel(browser, told?.model);
}
