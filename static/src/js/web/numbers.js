// @ts-check
/** Numbers as people type them: Arabic or Thai digits, with or without commas. */

/** @param {string} typed @returns {number | null} the whole number, or null when it is none */
export function readCount(typed) {
  const plain = typed
    .replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50))
    .replace(/[\s,]/g, "");
  return /^-?\d{1,12}$/.test(plain) ? Number(plain) : null;
}

/** @param {number} size_bytes @returns {string} as `app/web/filters.py: file_size` writes it */
export function fileSize(size_bytes) {
  let size = size_bytes;
  for (const unit of ["B", "KB", "MB"]) {
    if (size < 1000) return `${size.toFixed(size >= 10 || unit === "B" ? 0 : 1)} ${unit}`;
    size /= 1000;
  }
  return `${size.toFixed(1)} GB`;
}
