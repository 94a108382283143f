// @ts-check
/// <reference path="types.d.ts" />
/* The parts of the page, one at a time; the address says which. */
"use strict";
(() => {
  const { byId, gallery, map, search } = window.page;
  const tabs = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("[data-tab]")]);
  const parts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".part")]);
  document.documentElement.classList.add("js");

  window.page.show = (name) => {
    const wanted = tabs.some((tab) => tab.dataset.tab === name) ? name : "top";
    for (const part of parts) part.hidden = part.id !== wanted;
    for (const tab of tabs) {
      if (tab.dataset.tab !== wanted) tab.removeAttribute("aria-current");
      else {
        tab.setAttribute("aria-current", "page");
        tab.scrollIntoView({ block: "nearest", inline: "center" });
      }
    }
    if (wanted === "photos") gallery.start();
    if (wanted === "map") map.start();
    if (wanted === "search") {
      search.start();
      byId("query").focus({ preventScroll: true });
    }
  };

  const follow = () => window.page.show(location.hash.slice(1));
  addEventListener("hashchange", () => {
    follow();
    scrollTo(0, Math.min(scrollY, /** @type {HTMLElement} */ (document.querySelector(".tabs")).offsetTop));
  });
  byId("top").addEventListener("click", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("[data-centre]");
    if (!link) return;
    event.preventDefault();
    gallery.only(Number(/** @type {HTMLElement} */ (link).dataset.centre));
    location.hash = "photos";
  });
  follow();
})();
