// @ts-check
/// <reference path="types.d.ts" />
/* What all parts of the page share: making elements, Thai numbers and days, comparing words.
   Text only ever becomes text: nothing here, or after it, writes HTML. */
"use strict";
(() => {
  const MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."];
  const data = window.LAKTHAN;
  const page = /** @type {Page} */ (/** @type {unknown} */ ({ data }));
  window.page = page;

  /** An element: what is a property is set as one, the rest are attributes. */
  page.el = (name, facts = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(facts)) {
      if (key in made) /** @type {any} */ (made)[key] = value;
      else made.setAttribute(key, String(value));
    }
    made.append(.../** @type {Node[]} */ (children.filter((child) => child !== null)));
    return made;
  };
  page.byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

  page.digits = (text) =>
    data.digits === "thai"
      ? String(text).replace(/[0-9]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙"[Number(digit)])
      : String(text);
  page.amount = (number) => page.digits(String(number).replace(/\B(?=(\d{3})+$)/g, ","));

  /** 2024-02-13 as ๑๓ ก.พ. ๒๕๖๗ */
  page.thaiDate = (day) => {
    const [year, month, date] = day.split("-").map(Number);
    return page.digits(`${date} ${MONTHS[month - 1]} ${year + 543}`);
  };

  /** One spelling, one case, ASCII digits and no spaces: Thai is searched as it is written. */
  page.fold = (text) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]+/g, "")
      .replace(/เเ/g, "แ")
      .replace(/\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32/g, "$1$2\u0e33")
      .replace(/([\u0e48-\u0e4b])([\u0e31\u0e34-\u0e3a])/g, "$2$1")
      .replace(/[๐-๙]/g, (digit) => String("๐๑๒๓๔๕๖๗๘๙".indexOf(digit)));

  page.photoTitle = (photo) => photo[4] || photo[14] || data.kinds[photo[3]] || "ภาพถ่าย";
  page.photoFile = (photo) => `photos/${photo[0]}`;
  page.thumb = (photo) =>
    page.el("img", {
      loading: "lazy",
      decoding: "async",
      alt: page.photoTitle(photo),
      src: (photo[1] ? "thumbs/" : "photos/") + photo[0],
    });
})();
