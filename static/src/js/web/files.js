// @ts-check
/** File boxes: show what was chosen - a small picture, its name, its size - before it is sent. */
import { fileSize } from "./numbers.js";

const MOST_PREVIEWS = 12; // each preview decodes a whole picture; cheap phones have little memory

/** @param {ParentNode} root */
export function startFileBoxes(root) {
  for (const box of root.querySelectorAll("[data-file-box]")) {
    const input = /** @type {HTMLInputElement | null} */ (box.querySelector('input[type="file"]'));
    const list = box.querySelector("[data-file-list]");
    if (input && list) input.addEventListener("change", () => show(list, [...(input.files ?? [])]));
  }
}

/** @param {Element} list @param {File[]} files */
function show(list, files) {
  for (const old of list.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  list.replaceChildren(...files.map((file, at) => line(file, at < MOST_PREVIEWS)));
}

/** @param {File} file @param {boolean} withPicture */
function line(file, withPicture) {
  const item = document.createElement("li");
  if (withPicture && file.type.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.decoding = "async";
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("error", () => picture.remove()); // HEIC: kept, but not shown here
    item.append(picture);
  }
  item.append(words("file-box__name", file.name), words("file-box__size", fileSize(file.size)));
  return item;
}

/** @param {string} className @param {string} text */
function words(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
