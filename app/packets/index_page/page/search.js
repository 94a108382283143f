// @ts-check
/// <reference path="types.d.ts" />
/* Search: every word typed must stand somewhere in the record.  Thai has no spaces between
   words, so a word is looked for anywhere, in text brought to one spelling. */
"use strict";
(() => {
  const { el, data, amount, thaiDate, fold, byId } = window.page;
  const STEP = 40;
  const AT_ONCE = 1500; // records made ready between two looks at the keyboard
  const KINDS = {
    centre: "ศูนย์เรียนรู้", visit: "การมาใช้บริการ", followup: "การติดตาม", activity: "กิจกรรม",
    assessment: "การประเมิน", plan: "แผนพัฒนา", result: "ผลการดำเนินงาน", post: "ประชาสัมพันธ์",
    document: "เอกสาร", photo: "ภาพถ่าย",
  };
  /** @typedef {{entry: Entry, key: string}} Known */
  /** @type {Known[]} */
  const known = [];
  let ready = false, started = false, kind = "", limit = STEP;
  /** @type {HTMLButtonElement[]} */
  let chips = [];
  const query = /** @type {HTMLInputElement} */ (byId("query"));

  /** @returns {Generator<Entry>} */
  function* entries() {
    for (const [at, c] of data.centres.entries()) {
      yield ["centre", at, "", c[1], [c[0], c[3], c[4], c[5], c[6]].filter(Boolean).join(" · "), photosOf(at), ""];
    }
    yield* window.LAKTHAN_BOOKS ?? [];
    for (const [at, p] of data.photos.entries()) {
      const found = p[13].map((finding) => `${finding[0]} ${finding[1]}`);
      yield ["photo", p[2], p[5], window.page.photoTitle(p), [p[14], p[10], ...found].filter(Boolean).join(" · "), [at], ""];
    }
  }

  /** @type {Map<number, number[]>} */
  const byCentre = new Map();
  data.photos.forEach((photo, at) => {
    byCentre.get(photo[2])?.push(at) ?? byCentre.set(photo[2], [at]);
  });
  /** @param {number} centre */
  const photosOf = (centre) => byCentre.get(centre) ?? [];

  /** Bring all records to one spelling, a share at a time. @param {Generator<Entry>} rest */
  function prepare(rest) {
    for (let step = 0; step < AT_ONCE; step++) {
      const { value, done } = rest.next();
      if (done) {
        ready = true;
        find();
        return;
      }
      const centre = data.centres[value[1]];
      const where = centre ? `${centre[0]} ${centre[1]}` : "";
      known.push({ entry: value, key: fold(`${value[3]}|${value[4]}|${where}|${value[2] ? thaiDate(value[2]) : ""}`) });
    }
    setTimeout(prepare, 0, rest);
  }

  function find() {
    const words = query.value.trim().split(/\s+/).map(fold).filter(Boolean);
    if (!words.length) {
      tell("", []);
      return;
    }
    if (!ready) {
      byId("found-count").textContent = "กำลังเตรียมรายการ…";
      return;
    }
    const fits = known.filter(({ key }) => words.every((word) => key.includes(word)));
    for (const chip of chips) {
      const of = chip.value ? fits.filter(({ entry }) => entry[0] === chip.value).length : fits.length;
      chip.hidden = chip.value !== "" && chip.value !== kind && of === 0;
      chip.textContent = `${chip.value ? KINDS[/** @type {"visit"} */ (chip.value)] : "ทั้งหมด"} ${amount(of)}`;
    }
    const shown = kind ? fits.filter(({ entry }) => entry[0] === kind) : fits;
    tell(`พบ ${amount(shown.length)} รายการ`, shown);
  }

  /** @param {string} words @param {Known[]} hits */
  function tell(words, hits) {
    byId("found-count").textContent = words;
    byId("chips").hidden = !words;
    const rows = hits.slice(0, limit).map(({ entry }) => hit(entry));
    byId("found").replaceChildren(...rows);
    if (hits.length <= limit) return;
    const more = el("button", { type: "button", className: "button" }, `แสดงเพิ่ม (เหลือ ${amount(hits.length - limit)})`);
    more.addEventListener("click", () => {
      limit += STEP;
      find();
    });
    byId("found").append(el("li", {}, more));
  }

  /** @param {Entry} entry */
  function hit([name, at, day, title, words, photos, file]) {
    const centre = data.centres[at];
    const where = [day && thaiDate(day), name !== "centre" && centre ? `${centre[1]} (${centre[0]})` : ""];
    return el(
      "li",
      { className: "hit" },
      el("span", { className: "hit__kind" }, KINDS[/** @type {"visit"} */ (name)] ?? name),
      el("span", { className: "hit__title" }, ...marked(title || "–")),
      el("span", { className: "hit__words" }, ...marked(words)),
      el("span", { className: "hit__where" }, where.filter(Boolean).join(" · ")),
      el("span", { className: "hit__side" }, ...side(name, at, photos, file)),
    );
  }

  /** What can be done with a hit. @param {string} name @param {number} at @param {number[]} photos @param {string} file */
  function side(name, at, photos, file) {
    const made = [];
    if (photos.length) {
      const label = `ดูภาพถ่าย ${amount(photos.length)} ภาพ`;
      const look = el("button", { type: "button", className: "bare", "aria-label": label }, window.page.thumb(data.photos[photos[0]]));
      look.addEventListener("click", () => window.page.openLarge(photos, 0));
      made.push(look);
    }
    const centre = data.centres[at];
    if (name === "centre" && centre[7] !== null && centre[8] !== null) {
      const go = el("button", { type: "button", className: "button" }, "ดูบนแผนที่");
      go.addEventListener("click", () => window.page.map.go(Number(centre[7]), Number(centre[8])));
      made.push(go);
    }
    if (file) made.push(el("a", { className: "button", href: encodeURI(file) }, "เปิดไฟล์"));
    return made;
  }

  /** The text, with the typed words marked where they stand as typed. @param {string} text */
  function marked(text) {
    const words = query.value.trim().split(/\s+/).filter((word) => word.length > 1);
    const at = words.length ? new RegExp(`(${words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})`, "i") : null;
    return (at ? text.split(at) : [text]).map((piece, step) => (step % 2 ? el("mark", {}, piece) : piece));
  }

  function start() {
    if (started) return;
    started = true;
    chips = ["", ...Object.keys(KINDS)].map((value) => {
      const chip = el("button", { type: "button", className: "chip", value, "aria-pressed": String(value === kind) });
      chip.addEventListener("click", () => {
        kind = value;
        limit = STEP;
        for (const one of chips) one.setAttribute("aria-pressed", String(one.value === kind));
        find();
      });
      return chip;
    });
    byId("chips").append(...chips);
    /** @type {number} */
    let waits;
    query.addEventListener("input", () => {
      clearTimeout(waits);
      limit = STEP;
      waits = setTimeout(find, 120);
    });
    const books = el("script", { src: "index/books.js" });
    books.addEventListener("load", () => prepare(entries()));
    books.addEventListener("error", () => prepare(entries()));
    document.head.append(books);
    tell("", []);
  }

  window.page.search = { start };
})();
