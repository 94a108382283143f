// @ts-check
/** The public page that checks a packet.  The file is read by a worker, slice by slice, and never
 *  leaves the device; of a whole one the fingerprint alone is looked up in the register. */
import { workerAt } from "../shared/trusted.js";
import { fileSize } from "./numbers.js";
import { filled, sayOf } from "./packet_check_words.js";

const MOST_NAMES = 200; // of one list; thousands would only make the page slow
const PATIENCE_MS = 15_000; // for the register

for (const box of document.querySelectorAll("[data-packet-check]")) {
  if (box instanceof HTMLElement) start(box);
}

/** @param {HTMLElement} box */
function start(box) {
  /** @type {import("./packet_check_words.js").Words} */
  const words = JSON.parse(box.dataset.words ?? "{}");
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (box.querySelector(`[data-check-${name}]`));
  const input = /** @type {HTMLInputElement} */ (part("box").querySelector("input"));
  part("box").hidden = false;
  /** @type {Worker | null} */
  let worker = null;

  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) look(file);
  });
  // Anywhere on the page: a browser left alone would open the file instead.
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => event.preventDefault());
  }
  document.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (file) look(file);
  });
  part("cancel").addEventListener("click", () => {
    stop();
    part("said").textContent = words.cancelled;
    input.focus();
  });

  function stop() {
    worker?.terminate();
    worker = null;
    part("busy").hidden = true;
    part("box").hidden = false;
    input.value = ""; // so that the same file may be chosen again
  }

  /** @param {File} file */
  function look(file) {
    worker?.terminate();
    worker = new Worker(workerAt(box.dataset.worker ?? ""));
    part("verdict").hidden = true;
    part("box").hidden = true;
    part("busy").hidden = false;
    part("name").textContent = file.name;
    part("said").textContent = words.looking;
    progress(0, file.size);
    worker.addEventListener("message", ({ data }) => heard(data, file));
    worker.addEventListener("error", () => heard({ failed: true }, file));
    worker.postMessage(file);
  }

  /** @param {{ done?: number, failed?: boolean, checked?: import("./packet_check_bag.js").Checked }} news
   *  @param {File} file */
  async function heard(news, file) {
    if (news.done !== undefined) progress(news.done, file.size);
    if (news.failed) {
      stop();
      part("said").textContent = words.failed;
    }
    if (!news.checked) return;
    stop();
    const { answer, readable } = news.checked;
    const asks = answer.whole && answer.signature === "valid";
    const told = asks ? await ask(`${box.dataset.register}${answer.fingerprint}`) : null;
    show(file, sayOf(answer, readable, told, box.dataset.keyId ?? "", words));
  }

  /** @param {number} done @param {number} total */
  function progress(done, total) {
    const bar = /** @type {HTMLProgressElement} */ (part("bar"));
    bar.value = total ? done / total : 1;
    const facts = { done: fileSize(done), total: fileSize(total) };
    part("count").textContent = filled(words.done, facts);
  }

  /** @param {File} file @param {import("./packet_check_words.js").Said} said */
  function show(file, said) {
    const verdict = part("verdict");
    verdict.className = `verdict verdict--${said.tone}`;
    part("good").hidden = said.tone !== "good";
    part("bad").hidden = said.tone === "good";
    part("title").textContent = said.title;
    part("text").textContent = said.text;
    part("lists").replaceChildren(...said.lists.map((list) => namesList(list, words)));
    part("facts").replaceChildren(...said.facts.map(([label, value, isCode]) => fact(label, value, isCode)));
    part("said").textContent = `${file.name} (${fileSize(file.size)})`;
    verdict.hidden = false;
    verdict.focus();
  }
}

/** What the register says; null where it cannot be asked.  No cookie goes along.
 *  @param {string} address @returns {Promise<import("./packet_check_words.js").Told>} */
async function ask(address) {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = { Accept: "application/json" };
    const answer = await fetch(address, { headers, signal, credentials: "omit" });
    const told = answer.ok ? await answer.json() : null;
    return typeof told?.known === "boolean" ? told : null;
  } catch {
    return null; // no network, or a captive portal's page
  }
}

/** @param {{ title: string, names: string[] }} list @param {import("./packet_check_words.js").Words} words */
function namesList({ title, names }, words) {
  const section = document.createElement("section");
  const items = names.slice(0, MOST_NAMES).map((name) => element("li", name));
  if (names.length > MOST_NAMES) {
    items.push(element("li", filled(words.more, { count: String(names.length - MOST_NAMES) })));
  }
  const list = document.createElement("ul");
  list.append(...items);
  section.append(element("h3", `${title} (${names.length})`), list);
  return section;
}

/** @param {string} label @param {string} value @param {boolean} isCode */
function fact(label, value, isCode) {
  const row = document.createElement("div");
  row.className = "deflist__row";
  const told = document.createElement("dd");
  if (isCode) told.append(element("code", value, "packet-check__code"));
  else told.textContent = value;
  row.append(element("dt", label), told);
  return row;
}

/** @param {string} tag @param {string} text @param {string} [className] */
function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
