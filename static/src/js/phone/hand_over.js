// @ts-check
/** Hand over: a file made on the phone leaves it, by the phone's own "share" or as a download. */

/** @param {Blob} blob @param {string} day  Bangkok's day, for the name @returns {Promise<"shared" | "saved" | "cancelled">} */
export async function handOver(blob, day) {
  const file = new File([blob], `lakthan-rescue-${day}.lakthan`, { type: "application/octet-stream" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return "shared";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "cancelled";
    } // anything else: this phone shares no such file; save it instead
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it late
  return "saved";
}
