// @ts-check
/** From an answer to what the page says; it only chooses among the sentences it was given. */

/** @typedef {Record<string, string> & { container: Record<string, string> }} Words */
/** @typedef {import("./packet_check_bag.js").Answer} Answer */
/** @typedef {{ known: boolean, newest_edition?: number | null, withdrawn?: boolean } | null} Told
 *    what the register answered; null where it could not be asked */
/** @typedef {{ tone: "good" | "warn", title: string, text: string,
 *    lists: { title: string, names: string[] }[], facts: [string, string, boolean][] }} Said
 *    a fact's third: whether it is a code, to be read letter by letter */

/** Put facts into a sentence. @param {string} sentence @param {Record<string, string>} facts */
export function filled(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
}

/** What is said of a packet.  `keyId` is this system's key.
 *  @param {Answer} answer @param {boolean} readable @param {Told} told @param {string} keyId
 *  @param {Words} words @returns {Said} */
export function sayOf(answer, readable, told, keyId, words) {
  if (!readable) {
    const [why] = answer.damaged;
    return { tone: "warn", title: words.no_packet, text: words[why] ?? why, lists: [], facts: [] };
  }
  const facts = factsOf(answer, told, keyId, words);
  return { ...verdictOf(answer, told, keyId, words), lists: listsOf(answer, words), facts };
}

/** @param {Answer} answer @param {Told} told @param {string} keyId @param {Words} words
 *  @returns {{ tone: "good" | "warn", title: string, text: string }} */
function verdictOf(answer, told, keyId, words) {
  if (!answer.whole) return { tone: "warn", title: words.not_whole, text: words.not_whole_text };
  const text = filled(words.whole_text, { files: String(answer.files) });
  if (answer.signature === "valid" && answer.key_id !== keyId) {
    return { tone: "warn", title: words.other_key, text: `${text} ${words.other_key_text}` };
  }
  const isCurrent = !told || registerWord(answer, told) === "newest";
  return { tone: isCurrent ? "good" : "warn", title: words.whole, text };
}

/** @param {Answer} answer @param {Words} words */
function listsOf(answer, words) {
  const damaged = answer.damaged.map((fault) => inWords(fault, words));
  return [
    { title: words.altered, names: answer.altered },
    { title: words.missing, names: answer.missing },
    { title: words.added, names: answer.added },
    { title: words.damaged, names: damaged },
  ].filter(({ names }) => names.length);
}

/** @param {string} fault @param {Words} words */
function inWords(fault, words) {
  const gap = fault.indexOf(" ");
  const [code, name] = gap < 0 ? [fault, ""] : [fault.slice(0, gap), fault.slice(gap + 1)];
  return filled(words.container[code] ?? fault, { name });
}

/** @param {Answer} answer @param {Told} told @param {string} keyId @param {Words} words */
function factsOf(answer, told, keyId, words) {
  /** @type {[string, string, boolean][]} */
  const facts = [[words.identifier, answer.identifier, true]];
  if (answer.edition !== null) facts.push([words.edition, String(answer.edition), false]);
  if (answer.signer) facts.push([words.signer, answer.signer, false]);
  facts.push([words.signature, signatureWords(answer, keyId, words), false]);
  if (answer.whole && answer.signature === "valid") {
    facts.push([words.register, registerWords(answer, told, words), false]);
  }
  if (answer.masked !== null) {
    facts.push([words.personal, answer.masked ? words.masked : words.unmasked, false]);
  }
  if (answer.fingerprint) facts.push([words.fingerprint, answer.fingerprint, true]);
  return facts;
}

/** @param {Answer} answer @param {string} keyId @param {Words} words */
function signatureWords(answer, keyId, words) {
  if (answer.signature !== "valid") {
    return answer.signature === "invalid" ? words.invalid : words.unsigned;
  }
  const sentence = answer.key_id === keyId ? words.ours : words.theirs;
  return filled(sentence, { key: answer.key_id });
}

/** @param {Answer} answer @param {Told} told @param {Words} words */
function registerWords(answer, told, words) {
  return filled(words[registerWord(answer, told)], { edition: String(told?.newest_edition ?? "") });
}

/** @param {Answer} answer @param {Told} told */
function registerWord(answer, told) {
  if (!told) return "unasked";
  if (!told.known) return "unknown";
  if (told.withdrawn) return "withdrawn";
  return (told.newest_edition ?? 0) > (answer.edition ?? 0) ? "newer" : "newest";
}
