// @ts-check
/// <reference path="types.d.ts" />
/* One photo, large, with all that is known of it.  Arrows, Home and End, a swipe, Escape. */
"use strict";
(() => {
  const { el, data, digits, thaiDate } = window.page;
  const dialog = /** @type {HTMLDialogElement} */ (window.page.byId("large"));
  const DECISIONS = { settled: "พิจารณาแล้ว: เรียบร้อย", doubtful: "พิจารณาแล้ว: ยังมีข้อสงสัย" };
  /** @type {number[]} */
  let photos = [];
  let at = 0;

  const image = el("img", { alt: "" });
  const place = el("span", { className: "large__place", role: "status" });
  const words = el("div", { className: "large__words", tabIndex: 0 });
  const back = tool("large__back", "‹", "ภาพก่อนหน้า", () => go(at - 1));
  const on = tool("large__on", "›", "ภาพถัดไป", () => go(at + 1));
  const close = tool("large__close", "×", "ปิด", () => dialog.close());
  const stage = el("div", { className: "large__stage" }, image, place, back, on, close);
  dialog.append(el("div", { className: "large__in" }, stage, words));

  /** @param {string} name @param {string} sign @param {string} label @param {() => void} act */
  function tool(name, sign, label, act) {
    const made = el("button", { type: "button", className: `large__tool ${name}`, "aria-label": label }, sign);
    made.addEventListener("click", act);
    return made;
  }

  /** @param {number} to */
  function go(to) {
    if (to < 0 || to >= photos.length) return;
    at = to;
    const photo = data.photos[photos[at]];
    image.src = window.page.photoFile(photo);
    image.alt = window.page.photoTitle(photo);
    place.textContent = digits(`${at + 1} / ${photos.length}`);
    back.disabled = at === 0;
    on.disabled = at === photos.length - 1;
    words.replaceChildren(...tell(photo));
    words.scrollTop = 0;
  }

  /** @param {Photo} photo @returns {Node[]} */
  function tell(photo) {
    const centre = data.centres[photo[2]];
    const when = thaiDate(photo[5]) + (photo[6] ? ` เวลา ${digits(photo[6].replace(":", "."))} น.` : "");
    const far = photo[11] === null ? "" : ` ห่างจากศูนย์ ${digits(photo[11].toLocaleString("en"))} เมตร`;
    const facts = [
      ["ศูนย์เรียนรู้", centre ? `${centre[1]} (${centre[0]})` : ""],
      ["วันที่", when],
      ["ภาพของ", [data.kinds[photo[3]], photo[14]].filter(Boolean).join(" · ")],
      ["สถานที่", [photo[10], photo[12] + far].filter(Boolean).join(" · ")],
      ["พิกัด", photo[8] === null || photo[9] === null ? "" : digits(`${photo[8]}, ${photo[9]}`)],
      ["ที่มา", photo[7]],
    ].filter(([, value]) => value);
    const rows = facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
    const link = el("a", { href: encodeURI(window.page.photoFile(photo)), target: "_blank", rel: "noopener" }, "เปิดไฟล์ภาพ");
    return [
      el("h3", {}, window.page.photoTitle(photo)),
      el("dl", {}, ...rows),
      ...photo[13].map(finding),
      el("p", {}, link),
    ];
  }

  /** @param {Finding} found */
  function finding([text, answer, decision, note]) {
    const decided = DECISIONS[/** @type {"settled"} */ (decision)] ?? "";
    return el(
      "div",
      { className: `large__finding ${decided ? `large__finding--${decision}` : ""}` },
      el("b", {}, `ข้อสังเกต: ${text}`),
      el("div", {}, answer ? `คำชี้แจง: ${answer}` : "ยังไม่มีคำชี้แจง"),
      decided ? el("div", {}, decided + (note ? ` (${note})` : "")) : null,
    );
  }

  dialog.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: photos.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  let from = { x: 0, y: 0 };
  stage.addEventListener("touchstart", (event) => {
    from = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : { x: NaN, y: 0 };
  }, { passive: true });
  stage.addEventListener("touchend", (event) => {
    const { clientX, clientY } = event.changedTouches[0];
    const across = clientX - from.x;
    if (Math.abs(across) > 50 && Math.abs(across) > 2 * Math.abs(clientY - from.y)) go(at - Math.sign(across));
  }, { passive: true });
  dialog.addEventListener("close", () => image.removeAttribute("src"));

  window.page.openLarge = (list, start) => {
    photos = list;
    go(start);
    if (!dialog.open) dialog.showModal();
    close.focus();
  };
})();
