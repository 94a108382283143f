// @ts-check
/// <reference path="types.d.ts" />
/* The map: outlines, centres and photos, drawn by ourselves, for there may be no network.
   World units are degrees of latitude; a degree of longitude is as much narrower as it is here. */
"use strict";
(() => {
  const { el, data, amount, digits, byId } = window.page;
  const SVG = "http://www.w3.org/2000/svg";
  const CELL = 40; // pixels: photos nearer than this are one dot
  const METRES = 111_320; // of a degree of latitude
  const CLOSEST = METRES / 0.25; // pixels a degree: four to the metre
  const FEW = 12; // centres on the screen that may have room for their names
  const CROWD = 30; // centres beyond which numbers would only cover each other
  const LETTER = 6; // pixels of a name's letter, marks counted too
  const TRAY = 48;
  const MANY = 8; // photos under one dot that are worth a closer look

  /** @typedef {{x: number, y: number}} Point */
  /** @typedef {Point & {photos: number[]}} Cluster */
  const points = [...data.centres.map((c) => [c[8], c[7]]), ...data.photos.map((p) => [p[9], p[8]])]
    .filter(([lon, lat]) => lon !== null && lat !== null);
  const corners = /** @type {number[][]} */ ([...points, ...data.outlines.flatMap(([, , rings]) => rings.flat())]);
  const narrow = Math.cos(((corners[0]?.[1] ?? 19) * Math.PI) / 180);
  /** @param {number} lon @param {number} lat @returns {Point} */
  const place = (lon, lat) => ({ x: lon * narrow, y: -lat });

  const centres = data.centres.map((c) => (c[7] === null || c[8] === null ? null : place(c[8], c[7])));
  const photos = data.photos.map((p) => (p[8] === null || p[9] === null ? null : place(p[9], p[8])));
  const view = { x: 0, y: 0, k: 1 }; // what stands in the middle, and pixels a degree
  let width = 0, height = 0, least = 1, started = false;
  /** @type {string | null} */
  let on = null;

  const svg = draw("svg", { tabindex: "0", role: "application", "aria-label": "แผนที่ ใช้ลูกศรเลื่อน เครื่องหมายบวกและลบเพื่อขยายและย่อ" });
  const land = draw("g");
  const dots = draw("g");
  const scale = el("div", { className: "chart__scale" });
  svg.append(land, dots);

  /** @param {string} name @param {Record<string, string>} facts @param {string} [text] */
  function draw(name, facts = {}, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function drawLand() {
    for (const [, , rings] of data.outlines) {
      const d = rings.map((ring) => `M${ring.map(([lon, lat]) => `${(lon * narrow).toFixed(5)} ${(-lat).toFixed(5)}`).join("L")}Z`);
      land.append(draw("path", { class: "chart__land", d: d.join("") }));
    }
  }

  /** @param {Point} point @returns {Point} on the screen */
  const onScreen = ({ x, y }) => ({ x: (x - view.x) * view.k + width / 2, y: (y - view.y) * view.k + height / 2 });
  /** @param {Point} at */
  const isSeen = (at) => at.x > -CELL && at.x < width + CELL && at.y > -CELL && at.y < height + CELL;

  function paint() {
    const { x, y } = onScreen({ x: 0, y: 0 });
    land.setAttribute("transform", `translate(${x} ${y}) scale(${view.k})`);
    const seen = centres.flatMap((point, at) => (point && isSeen(onScreen(point)) ? [{ point, at }] : []));
    const crowded = seen.length > CROWD;
    dots.setAttribute("class", crowded ? "is-crowded" : "");
    const named = seen.length <= FEW ? withRoom(seen) : new Set();
    const marks = seen.map((one) => centreDot(one, crowded, named.has(one.at)));
    const shots = clusters(crowded ? CELL * 0.7 : CELL).map((cluster) => photoDot(cluster, crowded));
    dots.replaceChildren(...names(), ...(crowded ? [...shots, ...marks] : [...marks, ...shots]));
    drawScale();
  }
  let asked = 0;
  const repaint = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(paint);
  };

  function names() {
    return data.outlines.map(([, name, rings]) => {
      const xs = rings[0].map(([lon]) => lon), ys = rings[0].map(([, lat]) => lat);
      const at = onScreen(place((Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2));
      return draw("text", { class: "chart__name", x: String(at.x), y: String(at.y) }, `อ.${name}`);
    });
  }

  /** Photos in one cell of a grid that lies still in the world are one dot.
   *  @param {number} size of a cell, in pixels @returns {Cluster[]} */
  function clusters(size) {
    const cell = size / view.k;
    /** @type {Map<string, Cluster>} */
    const found = new Map();
    photos.forEach((point, at) => {
      if (!point || !isSeen(onScreen(point))) return;
      const key = `${Math.floor(point.x / cell)} ${Math.floor(point.y / cell)}`;
      const one = found.get(key);
      if (!one) found.set(key, { ...point, photos: [at] });
      else {
        one.photos.push(at);
        one.x += (point.x - one.x) / one.photos.length;
        one.y += (point.y - one.y) / one.photos.length;
      }
    });
    return [...found.values()];
  }

  /** Many centres: a photo is a glow around them. Few: a number beside its centre.
   *  @param {Cluster} cluster @param {boolean} crowded */
  function photoDot(cluster, crowded) {
    const many = cluster.photos.length;
    const size = many === 1 ? 6 : 10 + Math.min(8, Math.log2(many));
    const name = `p${cluster.photos[0]}`;
    const at = crowded ? cluster : beside(cluster);
    const made = dot(at, name, `dot ${many === 1 ? "dot--photo" : "dot--many"}`, () => choosePhotos(cluster));
    made.append(draw("circle", { r: String(size) }), draw("title", {}, `ภาพถ่าย ${amount(many)} ภาพ`));
    if (many > 1 && !crowded) made.append(draw("text", { y: "4" }, amount(many)));
    return made;
  }

  /** Where a dot stands free of the centre that it would cover. @param {Point} point @returns {Point} */
  function beside(point) {
    const near = 20 / view.k;
    const covered = centres.some((c) => c && Math.hypot(c.x - point.x, c.y - point.y) < near);
    return covered ? { x: point.x, y: point.y - 24 / view.k } : point;
  }

  /** Centres whose names would not cover another's. @param {{point: Point, at: number}[]} seen */
  function withRoom(seen) {
    /** @type {{left: number, right: number, y: number}[]} */
    const taken = [];
    const named = new Set();
    for (const { point, at } of seen) {
      const { x, y } = onScreen(point);
      const half = (data.centres[at][1].length * LETTER) / 2;
      if (taken.some((one) => Math.abs(one.y - y) < 20 && one.left < x + half && one.right > x - half)) continue;
      taken.push({ left: x - half, right: x + half, y });
      named.add(at);
    }
    return named;
  }

  /** @param {{point: Point, at: number}} centre @param {boolean} crowded @param {boolean} named */
  function centreDot({ point, at }, crowded, named) {
    const made = dot(point, `c${at}`, "dot dot--centre", () => chooseCentre(at));
    const size = crowded ? 6 : 9;
    made.append(draw("path", { d: `M0-${size} ${size} 0 0 ${size}-${size} 0Z` }), draw("title", {}, data.centres[at][1]));
    if (named) made.append(draw("text", { class: "dot__name", y: "26" }, data.centres[at][1]));
    return made;
  }

  /** @param {Point} point @param {string} name @param {string} look @param {() => void} act */
  function dot(point, name, look, act) {
    const at = onScreen(point);
    const made = draw("g", { class: name === on ? `${look} is-on` : look, transform: `translate(${at.x} ${at.y})` });
    made.addEventListener("click", () => {
      if (dragged) return;
      on = name;
      act();
      repaint();
    });
    return made;
  }

  function drawScale() {
    const most = (METRES / view.k) * 110;
    const power = 10 ** Math.floor(Math.log10(most));
    const length = [5, 2, 1].map((step) => step * power).find((step) => step <= most) ?? power;
    scale.style.width = `${(length / METRES) * view.k}px`;
    scale.textContent = digits(length >= 1000 ? `${length / 1000} กม.` : `${length} ม.`);
  }

  /** @param {number} factor @param {Point} [at] what stays where it is, on the screen */
  function zoom(factor, at = { x: width / 2, y: height / 2 }) {
    const k = Math.min(CLOSEST, Math.max(least, view.k * factor));
    view.x += (at.x - width / 2) * (1 / view.k - 1 / k);
    view.y += (at.y - height / 2) * (1 / view.k - 1 / k);
    view.k = k;
    repaint();
  }

  /** @param {number} x @param {number} y pixels */
  function pan(x, y) {
    view.x -= x / view.k;
    view.y -= y / view.k;
    repaint();
  }

  function showAll() {
    const xs = corners.map(([lon]) => lon * narrow), ys = corners.map(([, lat]) => -lat);
    const [left, right] = xs.length ? [least_(xs), most_(xs)] : [0, 0.1];
    const [top, bottom] = ys.length ? [least_(ys), most_(ys)] : [0, 0.1];
    view.x = (left + right) / 2;
    view.y = (top + bottom) / 2;
    view.k = Math.min(width / (right - left || 0.01), height / (bottom - top || 0.01), CLOSEST) * 0.92;
    least = view.k * 0.6;
    repaint();
  }
  /** @param {number[]} list */
  const least_ = (list) => list.reduce((a, b) => Math.min(a, b));
  /** @param {number[]} list */
  const most_ = (list) => list.reduce((a, b) => Math.max(a, b));

  /** @param {Cluster} cluster */
  function choosePhotos(cluster) {
    if (cluster.photos.length > MANY && view.k < CLOSEST / 4) zoom(3, onScreen(cluster));
    tell(el("h3", {}, `ภาพถ่าย ${amount(cluster.photos.length)} ภาพ`), tray(cluster.photos));
  }

  /** @param {number} at */
  function chooseCentre(at) {
    const c = data.centres[at];
    const own = data.photos.flatMap((photo, number) => (photo[2] === at ? [number] : []));
    const look = el("button", { type: "button", className: "button" }, `ดูภาพถ่าย ${amount(own.length)} ภาพ`);
    look.addEventListener("click", () => {
      window.page.gallery.only(at);
      location.hash = "photos";
    });
    tell(
      el("h3", {}, c[1]),
      el("p", { className: "hint" }, [c[0], c[3], c[4], c[5]].filter(Boolean).join(" · ")),
      el("p", {}, `มาใช้บริการ ${amount(c[10])} คน (${amount(c[9])} ครั้ง) ติดตามแล้ว ${amount(c[12])} จาก ${amount(c[11])} คน นำไปใช้ ${amount(c[13])} คน`),
      tray(own.slice(0, 12)),
      ...(own.length ? [look] : []),
    );
  }

  /** @param {number[]} list */
  function tray(list) {
    const made = el("div", { className: "tray" });
    list.slice(0, TRAY).forEach((at, step) => {
      const look = el("button", { type: "button", "aria-label": window.page.photoTitle(data.photos[at]) }, window.page.thumb(data.photos[at]));
      look.addEventListener("click", () => window.page.openLarge(list, step));
      made.append(look);
    });
    return made;
  }

  /** @param {Node[]} about */
  function tell(...about) {
    byId("chart-panel").replaceChildren(...about);
  }

  /** @type {Map<number, Point>} */
  const fingers = new Map();
  let dragged = false;

  /** @param {PointerEvent} event @returns {Point} */
  const inChart = (event) => {
    const box = svg.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  function listen() {
    svg.addEventListener("pointerdown", (event) => {
      if (!fingers.size) dragged = false;
      fingers.set(event.pointerId, inChart(event));
    });
    svg.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = inChart(event);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      if (!dragged && !other && Math.hypot(now.x - before.x, now.y - before.y) < 6) return;
      // Only a real drag takes the pointer: a captured click would never reach its dot.
      if (!dragged) svg.setPointerCapture(event.pointerId);
      dragged = true;
      fingers.set(event.pointerId, now);
      if (other) {
        const reach = (/** @type {Point} */ p) => Math.hypot(p.x - other.x, p.y - other.y) || 1;
        zoom(reach(now) / reach(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      } else pan(now.x - before.x, now.y - before.y);
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel", "pointerleave"])) {
      svg.addEventListener(end, (event) => fingers.delete(event.pointerId));
    }
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      zoom(2 ** (-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
    }, { passive: false });
    svg.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
      const move = moves[/** @type {"ArrowUp"} */ (event.key)];
      if (move) pan(move[0], move[1]);
      else if (event.key === "+" || event.key === "=") zoom(1.6);
      else if (event.key === "-") zoom(1 / 1.6);
      else return;
      event.preventDefault();
    });
  }

  /** @param {string} sign @param {string} label @param {() => void} act */
  function tool(sign, label, act) {
    const made = el("button", { type: "button", "aria-label": label, title: label }, sign);
    made.addEventListener("click", act);
    return made;
  }

  function start() {
    const sheet = byId("chart");
    if (!started) {
      started = true;
      drawLand();
      listen();
      sheet.append(svg, scale, el("div", { className: "chart__tools" },
        tool("+", "ขยาย", () => zoom(1.6)), tool("−", "ย่อ", () => zoom(1 / 1.6)), tool("⤢", "แสดงทั้งหมด", showAll)));
      tell(el("p", { className: "legend" }, el("span", {}, "ศูนย์เรียนรู้"), el("span", {}, "ภาพถ่าย")),
        el("p", { className: "hint" }, "แตะจุดบนแผนที่เพื่อดูศูนย์หรือภาพถ่าย"));
    }
    const fresh = !width;
    width = sheet.clientWidth;
    height = sheet.clientHeight;
    if (fresh) showAll();
    else repaint();
  }
  addEventListener("resize", () => started && !byId("map").hidden && start());

  window.page.map = {
    start,
    go(lat, lon) {
      location.hash = "map";
      window.page.show("map");
      Object.assign(view, place(lon, lat), { k: METRES / 8 });
      on = `c${data.centres.findIndex((c) => c[7] === lat && c[8] === lon)}`;
      if (on !== "c-1") chooseCentre(Number(on.slice(1)));
      repaint();
    },
  };
})();
