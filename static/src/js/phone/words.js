// @ts-check
/**
 * Words: the sentences the server put into the page, in the reader's language.
 * Promises: a key without a sentence gives the key, a missing fact an ellipsis; never an error.
 */

/** @param {Record<string, string>} sentences */
export function createWords(sentences) {
  /**
   * @param {string} key  with `num` among the facts, `key.one` or `key.many` is meant
   * @param {Record<string, unknown>} [facts]
   * @returns {string}
   */
  return function words(key, facts = {}) {
    const counted = "num" in facts ? `${key}.${Number(facts.num) === 1 ? "one" : "many"}` : key;
    const sentence = sentences[counted] ?? sentences[key];
    if (sentence === undefined) return key;
    return sentence.replace(/%(?:\((\w+)\)[sd]|%)/g, (found, name) =>
      name ? String(facts[name] ?? "…") : "%",
    );
  };
}

/** @type {Record<string, string>} of this page; more come with other screens */
const ofThisPage = {};

/** The words of a shell. @param {Document} page */
export function readWords(page) {
  addWords(page.getElementById("words"));
  return createWords(ofThisPage);
}

/** @param {Element | null} block  JSON, as the server wrote it */
export function addWords(block) {
  Object.assign(ofThisPage, JSON.parse(block?.textContent || "{}"));
}

/** @typedef {ReturnType<typeof createWords>} Words */
