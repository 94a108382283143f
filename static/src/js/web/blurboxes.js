// @ts-check
/**
 * Boxes over faces: drawn, moved and resized with finger, mouse or keys on the picture, and sent
 * as numbers in percent.  The server hides what lies under them; here they only look like it.
 */

/** Fractions of the picture. @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ kind: "draw" | "move" | "size", at: number, from: Box, x: number, y: number }} Drag */

const TAPPED_BELOW = 0.015; // of a side: a finger that only touched
const TAP_WIDTH = 0.12; // a face in a group of ten
const FACE_TALL = 1.25; // faces are taller than wide
const SMALLEST = 0.01;
const NUDGE = 0.01;
const GROWTH = 1.15;
const PARTS = /** @type {const} */ (["x", "y", "width", "height"]);

/** @param {HTMLFormElement} form */
function start(form) {
  const stage = part(form, "[data-blur-stage]");
  const inputs = part(form, "[data-blur-inputs]");
  const nobody = part(form, "[data-blur-nobody]");
  const count = part(form, "[data-blur-count]");
  const most = Number(form.dataset.most);
  const boxes = written(part(form, "[data-blur-rows]"));
  /** @type {HTMLElement[]} */
  let shown = [];
  let chosen = -1;
  /** @type {Drag | null} */
  let drag = null;
  /** The size last drawn: in a group all faces are about as large. @type {Size | null} */
  let usual = null;

  function show() {
    while (shown.length > boxes.length) shown.pop()?.remove();
    while (shown.length < boxes.length) shown.push(stage.appendChild(emptyBox()));
    boxes.forEach((box, at) =>
      place(shown[at], box, label(form.dataset.boxLabel, at + 1), at === chosen),
    );
    inputs.replaceChildren(...boxes.flatMap(hidden));
    nobody.hidden = boxes.length > 0 && !("wordNeeded" in form.dataset);
    count.textContent = boxes.length ? label(form.dataset.countLabel, boxes.length) : "";
    for (const button of form.querySelectorAll("[data-blur-size], [data-blur-remove]")) {
      /** @type {HTMLButtonElement} */ (button).disabled = chosen < 0;
    }
    part(form, "[data-blur-add]").toggleAttribute("disabled", boxes.length >= most);
  }

  /** @param {number} at */
  function choose(at) {
    chosen = at;
    show();
    shown[at]?.focus({ preventScroll: true });
  }

  /** @param {Box} box */
  function add(box) {
    if (boxes.length >= most) return;
    boxes.push(inside(box));
    choose(boxes.length - 1);
  }

  function remove() {
    if (chosen < 0) return;
    boxes.splice(chosen, 1);
    choose(Math.min(chosen, boxes.length - 1));
    if (!boxes.length) part(form, "[data-blur-add]").focus();
  }

  /** @param {PointerEvent} event @returns {[number, number]} fractions of the picture */
  function point(event) {
    const frame = stage.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
  }

  stage.addEventListener("pointerdown", (event) => {
    if (drag || event.button !== 0) return;
    const [x, y] = point(event);
    const target = /** @type {Element} */ (event.target);
    const at = shown.findIndex((one) => one.contains(target));
    if (at < 0 && boxes.length >= most) return;
    event.preventDefault(); // the picture must not be dragged away
    stage.setPointerCapture(event.pointerId);
    if (at < 0) {
      boxes.push({ x, y, width: 0, height: 0 });
      drag = { kind: "draw", at: boxes.length - 1, from: { x, y, width: 0, height: 0 }, x, y };
    } else {
      const kind = target.closest("[data-grip]") ? "size" : "move";
      drag = { kind, at, from: { ...boxes[at] }, x, y };
    }
    choose(drag.at);
  });

  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = point(event);
    boxes[drag.at] = dragged(drag, x, y);
    show();
  });

  stage.addEventListener("pointerup", () => {
    if (!drag) return;
    const { at, kind, x, y } = drag;
    drag = null;
    const tapped = boxes[at].width < TAPPED_BELOW && boxes[at].height < TAPPED_BELOW;
    if (kind === "draw" && tapped) boxes[at] = around(x, y, usual ?? faceSize(stage));
    else boxes[at] = inside(boxes[at]);
    usual = boxes[at];
    choose(at);
  });

  stage.addEventListener("pointercancel", () => {
    if (!drag) return; // two fingers zoom: what the first began is taken back
    if (drag.kind === "draw") boxes.splice(drag.at, 1);
    else boxes[drag.at] = drag.from;
    chosen = drag.kind === "draw" ? -1 : drag.at;
    drag = null;
    show();
  });

  stage.addEventListener("focusin", (event) => {
    const at = shown.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at >= 0 && at !== chosen) {
      chosen = at;
      show();
    }
  });

  stage.addEventListener("keydown", (event) => {
    if (chosen < 0) return;
    if (event.key === "Delete" || event.key === "Backspace") remove();
    else if (!nudged(boxes, chosen, event)) return;
    event.preventDefault();
    show();
  });

  form.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    if ("blurAdd" in button.dataset) add(around(0.5, 0.5, usual ?? faceSize(stage)));
    if ("blurRemove" in button.dataset) remove();
    if (button.dataset.blurSize && chosen >= 0) {
      boxes[chosen] = inside(grown(boxes[chosen], GROWTH ** Number(button.dataset.blurSize)));
      usual = boxes[chosen];
      show();
    }
  });
  show();
  part(form, "[data-blur-rows]").remove(); // the boxes say the same; kept if they could not be shown
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement} */
function part(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`no ${selector}`);
  return found;
}

/** The boxes that the form came with, as after a refusal. @param {HTMLElement} rows @returns {Box[]} */
function written(rows) {
  return [...rows.querySelectorAll("fieldset")]
    .map((row) => [...row.querySelectorAll("input")].map((input) => Number.parseFloat(input.value)))
    .filter((numbers) => numbers.length === PARTS.length && numbers.every(Number.isFinite))
    .map(([x, y, width, height]) =>
      inside({ x: x / 100, y: y / 100, width: width / 100, height: height / 100 }),
    );
}

/** @param {Drag} drag @param {number} x @param {number} y @returns {Box} */
function dragged(drag, x, y) {
  const { from } = drag;
  const dx = x - drag.x;
  const dy = y - drag.y;
  if (drag.kind === "move") return inside({ ...from, x: from.x + dx, y: from.y + dy });
  if (drag.kind === "size") {
    const width = Math.max(SMALLEST, Math.min(from.width + dx, 1 - from.x));
    return { ...from, width, height: Math.max(SMALLEST, Math.min(from.height + dy, 1 - from.y)) };
  }
  const [left, right] = [drag.x, x].map(bounded).sort((a, b) => a - b);
  const [top, bottom] = [drag.y, y].map(bounded).sort((a, b) => a - b);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param {Box[]} boxes @param {number} at @param {KeyboardEvent} event @returns {boolean} */
function nudged(boxes, at, event) {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
    event.key
  ];
  if (!step) return false;
  const [dx, dy] = step.map((way) => way * NUDGE);
  const box = { ...boxes[at] };
  if (event.shiftKey) {
    box.width += dx;
    box.height += dy;
  } else {
    box.x += dx;
    box.y += dy;
  }
  boxes[at] = inside(box);
  return true;
}

/** @param {number} x @param {number} y @param {Size} size @returns {Box} */
function around(x, y, { width, height }) {
  return inside({ x: x - width / 2, y: y - height / 2, width, height });
}

/** The shape of a face, whatever the picture's. @param {HTMLElement} stage @returns {Size} */
function faceSize(stage) {
  const frame = stage.getBoundingClientRect();
  return { width: TAP_WIDTH, height: (TAP_WIDTH * FACE_TALL * frame.width) / frame.height };
}

/** @param {Box} box @param {number} factor @returns {Box} */
function grown(box, factor) {
  const width = box.width * factor;
  const height = box.height * factor;
  return {
    x: box.x - (width - box.width) / 2,
    y: box.y - (height - box.height) / 2,
    width,
    height,
  };
}

/** @param {number} value */
const bounded = (value) => Math.min(1, Math.max(0, value));

/** The box with a size, wholly on the picture. @param {Box} box @returns {Box} */
function inside(box) {
  const width = Math.min(1, Math.max(SMALLEST, box.width));
  const height = Math.min(1, Math.max(SMALLEST, box.height));
  const x = Math.min(Math.max(0, box.x), 1 - width);
  return { x, y: Math.min(Math.max(0, box.y), 1 - height), width, height };
}

function emptyBox() {
  const box = document.createElement("div");
  box.className = "blur-box";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-describedby", "blur-how");
  const grip = document.createElement("span");
  grip.className = "blur-box__grip";
  grip.dataset.grip = "";
  box.append(grip);
  return box;
}

/** @param {HTMLElement} shown @param {Box} box @param {string} words @param {boolean} chosen */
function place(shown, box, words, chosen) {
  shown.style.left = `${box.x * 100}%`;
  shown.style.top = `${box.y * 100}%`;
  shown.style.width = `${box.width * 100}%`;
  shown.style.height = `${box.height * 100}%`;
  shown.setAttribute("aria-label", words);
  shown.classList.toggle("blur-box--chosen", chosen);
}

/** @param {Box} box @param {number} at @returns {HTMLInputElement[]} */
function hidden(box, at) {
  return PARTS.map((name) => {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = `boxes-${at}-${name}`;
    input.value = (box[name] * 100).toFixed(2);
    return input;
  });
}

/** @param {string | undefined} words @param {number} number */
const label = (words, number) => (words ?? "").replace("{n}", String(number));

/** Load the page anew when no copy waits any more. @param {string} address */
function watch(address) {
  let pauseMs = 800;
  async function look() {
    if (!document.hidden && (await waiting(address)) === 0) {
      location.reload();
      return;
    }
    pauseMs = Math.min(pauseMs * 1.4, 8_000);
    setTimeout(look, pauseMs);
  }
  setTimeout(look, pauseMs);
}

/** @param {string} address @returns {Promise<number>} how many wait; -1 where nobody answers */
async function waiting(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? Number((await answer.json()).waiting) : -1;
  } catch {
    return -1; // no network, or a captive portal's page: ask again later
  }
}

// Last, for what stands above must be there when a form comes back with boxes in it.
for (const form of document.querySelectorAll("form[data-blur]")) {
  if (form instanceof HTMLFormElement) start(form);
}
for (const list of document.querySelectorAll("[data-copies-waiting]")) {
  if (list instanceof HTMLElement) watch(list.dataset.copiesWaiting ?? "");
}
