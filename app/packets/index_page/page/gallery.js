// @ts-check
/// <reference path="types.d.ts" />
/* The photos: filtered, and laid out a screen at a time, for there may be thousands. */
"use strict";
(() => {
  const { el, data, amount, thaiDate, byId } = window.page;
  const STEP = 60;
  const ANY = "";
  const FINDINGS = /** @type {const} */ ([
    [ANY, "ทั้งหมด"], ["some", "มีข้อสังเกต"], ["open", "ยังไม่พิจารณา"], ["doubtful", "ยังมีข้อสงสัย"],
    ["settled", "เรียบร้อย"], ["none", "ไม่มีข้อสังเกต"],
  ]);
  /** @type {Record<string, HTMLSelectElement>} */
  const choices = {};
  /** @type {number[]} */
  let chosen = [];
  let laid = 0;
  let started = false;

  /** @param {string} key @param {string} label @param {readonly (readonly [string, string])[]} options */
  function choice(key, label, options) {
    const made = options.map(([value, words]) => el("option", { value }, words));
    const select = el("select", { id: `by-${key}` }, ...made);
    select.addEventListener("change", () => {
      if (key === "district") fillCentres();
      filter();
    });
    choices[key] = select;
    return el("label", { className: "field" }, el("span", {}, label), select);
  }

  function fillCentres() {
    const district = choices.district.value;
    const kept = data.centres
      .map((centre, at) => /** @type {const} */ ([centre, at]))
      .filter(([centre]) => !district || centre[2] === district);
    choices.centre.replaceChildren(
      el("option", { value: ANY }, "ทุกศูนย์"),
      ...kept.map(([centre, at]) => el("option", { value: String(at) }, `${centre[0]} ${centre[1]}`)),
    );
  }

  /** @param {Photo} photo @param {string} wanted */
  function fits(photo, wanted) {
    const decisions = photo[13].map((finding) => finding[2]);
    if (wanted === "none") return decisions.length === 0;
    if (wanted === "some") return decisions.length > 0;
    return decisions.includes(wanted === "open" ? "" : wanted);
  }

  function filter() {
    const district = choices.district.value, centre = choices.centre.value;
    const kind = choices.kind.value, finding = choices.finding.value;
    chosen = [];
    data.photos.forEach((photo, at) => {
      if (centre && photo[2] !== Number(centre)) return;
      if (district && data.centres[photo[2]]?.[2] !== district) return;
      if (kind && photo[3] !== Number(kind)) return;
      if (finding && !fits(photo, finding)) return;
      chosen.push(at);
    });
    byId("photos-count").textContent = `${amount(chosen.length)} ภาพ`;
    byId("grid").replaceChildren();
    laid = 0;
    lay();
  }

  /** Lay out the next photos, as long as the end of the grid is near the screen. */
  function lay() {
    const more = chosen.slice(laid, laid + STEP);
    if (!more.length) return;
    byId("grid").append(...more.map((at, step) => card(at, laid + step)));
    laid += more.length;
    if (byId("grid-end").getBoundingClientRect().top < innerHeight * 2) requestAnimationFrame(lay);
  }

  /** @param {number} at @param {number} place */
  function card(at, place) {
    const photo = data.photos[at];
    const made = el(
      "button",
      { type: "button", className: "card" },
      window.page.thumb(photo),
      flag(photo),
      el("span", { className: "card__words" },
        el("span", { className: "card__title" }, window.page.photoTitle(photo)),
        el("span", { className: "card__when" }, `${thaiDate(photo[5])} · ${data.centres[photo[2]]?.[0] ?? ""}`)),
    );
    made.addEventListener("click", () => window.page.openLarge(chosen, place));
    return made;
  }

  /** @param {Photo} photo */
  function flag(photo) {
    if (!photo[13].length) return null;
    const state = ["doubtful", "open", "settled"].find((one) => fits(photo, one));
    const [words, name] = { doubtful: ["ยังมีข้อสงสัย", "card__flag--bad"], settled: ["พิจารณาแล้ว", "card__flag--good"] }[
      /** @type {"settled"} */ (state)
    ] ?? ["มีข้อสังเกต", ""];
    return el("span", { className: `card__flag ${name}` }, words);
  }

  function start() {
    if (started) return;
    started = true;
    byId("filters").append(
      choice("district", "อำเภอ", [[ANY, "ทุกอำเภอ"], ...data.districts]),
      choice("centre", "ศูนย์เรียนรู้", []),
      choice("kind", "ภาพของ", [[ANY, "ทั้งหมด"], ...data.kinds.map((words, at) => /** @type {[string, string]} */ ([String(at), words]))]),
      choice("finding", "ข้อสังเกต", FINDINGS),
    );
    fillCentres();
    new IntersectionObserver(([end]) => end.isIntersecting && lay(), { rootMargin: "100% 0px" }).observe(byId("grid-end"));
    filter();
  }

  window.page.gallery = {
    start,
    only(centre) {
      start();
      choices.district.value = ANY;
      fillCentres();
      choices.centre.value = String(centre);
      choices.kind.value = choices.finding.value = ANY;
      filter();
    },
  };
})();
