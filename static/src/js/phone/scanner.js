// @ts-check
/**
 * Scanner: reads a QR square with the camera, until it is stopped.
 *
 * Promises: the camera is let go on every way out; the reader for browsers without one of their own
 * is fetched only when the camera is on.  Pictures never leave the page.
 */

/** denied: somebody said no; none: no camera, or another program has it; later: the reader is not on this phone.
 *  @typedef {"denied" | "none" | "later"} ScanTrouble */
/** @typedef {(picture: HTMLVideoElement) => Promise<string | null>} Reader */

const LOOK_EVERY_MS = 200; // five looks a second: quick enough for a hand, light enough for a cheap phone
const SIDE_PX = 640; // what the reader is given at most; a code fills half of it

/**
 * @param {HTMLVideoElement} video @param {(text: string) => boolean} onText  true: it was the one, stop
 * @returns {Promise<() => void>} stops the camera
 * @throws {{ trouble: ScanTrouble }}
 */
export async function startScanner(video, onText) {
  const stream = await openCamera();
  let stopped = false;
  const stop = () => {
    stopped = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    const read = await newReader();
    video.srcObject = stream;
    await video.play();
    const look = async () => {
      if (stopped) return;
      const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await read(video) : null;
      if (stopped) return;
      if (text && onText(text)) stop();
      else setTimeout(look, LOOK_EVERY_MS);
    };
    void look();
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}

async function openCamera() {
  try {
    const wanted = { facingMode: "environment", width: { ideal: 1280 } };
    return await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    const denied = error instanceof DOMException && error.name === "NotAllowedError";
    throw { trouble: denied ? "denied" : "none" };
  }
}

/** The browser's own reader, else ours. @returns {Promise<Reader>} */
async function newReader() {
  /** @type {any} */
  const Own = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = (await Own?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (!formats.includes("qr_code")) return ourReader();
  const detector = new Own({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? null;
}

/** @returns {Promise<Reader>} */
async function ourReader() {
  const { decodeQR } = await import("qr/decode.js").catch(() => {
    throw { trouble: "later" };
  });
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, SIDE_PX / Math.max(video.videoWidth, video.videoHeight, 1));
    const [width, height] = [video.videoWidth, video.videoHeight].map((side) => Math.floor(side * scale));
    if (!paper || !width || !height) return null;
    Object.assign(canvas, { width, height });
    paper.drawImage(video, 0, 0, width, height);
    const { data } = paper.getImageData(0, 0, width, height);
    try {
      return decodeQR({ width, height, data });
    } catch {
      return null; // no square in this picture: the next one comes in a moment
    }
  };
}
