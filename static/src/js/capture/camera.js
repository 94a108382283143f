// @ts-check
/**
 * Camera: the phone's own camera inside the page, so that no other application takes over and the
 * page behind is never thrown out of memory.
 *
 * Promises: one stream, started once and stopped when told (the light goes out); a picture is the
 * sensor's own JPEG where the browser gives it within 4 s, else the frame that is shown.
 * Knows nothing of records or of storage.
 */

const TAKE_MS = 4_000; // some phones never answer takePhoto
const QUALITY = 0.92;

/** refused: somebody said no; none: no camera; busy: another application holds it; failed: anything else.
 *  @typedef {"refused" | "none" | "busy" | "failed"} CameraTrouble */

export class CameraError extends Error {
  /** @param {CameraTrouble} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code, { cause });
    this.name = "CameraError";
    this.code = code;
  }
}

/**
 * @param {HTMLVideoElement} video  where the live picture is shown
 * @param {{ media?: MediaDevices, onEnd?: () => void }} [parts]  `onEnd`: the phone took the camera away
 */
export function createCamera(video, { media = navigator.mediaDevices, onEnd = () => {} } = {}) {
  /** @type {MediaStream | null} */
  let stream = null;
  let wanted = false;

  /** Show the live picture.  Harmless when it runs. @throws {CameraError} */
  async function start() {
    wanted = true;
    if (stream?.active) return;
    if (!media?.getUserMedia) throw new CameraError("none");
    const opened = await media.getUserMedia(wishes()).catch((error) => {
      throw new CameraError(codeOf(error), error);
    });
    if (!wanted) return release(opened); // the screen was left while the phone asked for permission
    stream = opened;
    opened.getVideoTracks()[0]?.addEventListener("ended", onEnd);
    video.srcObject = opened;
    await video.play().catch(() => {}); // the picture comes with the first frame
  }

  function stop() {
    wanted = false;
    if (stream) release(stream);
    stream = null;
    video.srcObject = null;
  }

  /** One picture. @returns {Promise<Blob>} @throws {CameraError} */
  async function take() {
    const track = stream?.getVideoTracks()[0];
    if (!track || track.readyState !== "live") throw new CameraError("failed");
    return (await fromSensor(track)) ?? fromFrame(video);
  }

  return { start, stop, take, isLive: () => stream?.active === true };
}

function wishes() {
  // Without takePhoto the frame is the picture, so it should be large.
  const width = "ImageCapture" in globalThis ? 1920 : 2560;
  return {
    audio: false,
    video: {
      facingMode: { ideal: "environment" },
      width: { ideal: width },
      height: { ideal: (width * 3) / 4 },
    },
  };
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {MediaStreamTrack} track @returns {Promise<Blob | null>} */
async function fromSensor(track) {
  const Capture = /** @type {any} */ (globalThis).ImageCapture;
  if (!Capture) return null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(() => resolve(null), TAKE_MS);
  });
  try {
    const blob = await Promise.race([new Capture(track).takePhoto(), tooLong]);
    return blob?.size ? blob : null; // 0 bytes have been seen
  } catch {
    return null; // the frame will do
  } finally {
    clearTimeout(timer);
  }
}

/** @param {HTMLVideoElement} video @returns {Promise<Blob>} */
async function fromFrame(video) {
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || !height) throw new CameraError("failed");
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.drawImage(video, 0, 0, width, height);
  const blob = await new Promise((/** @type {BlobCallback} */ done) =>
    canvas.toBlob(done, "image/jpeg", QUALITY),
  );
  canvas.width = canvas.height = 0; // iOS keeps the memory otherwise
  if (!blob?.size) throw new CameraError("failed");
  return blob;
}

/** @param {any} error @returns {CameraTrouble} */
function codeOf(error) {
  const codes = /** @type {Record<string, CameraTrouble>} */ ({
    NotAllowedError: "refused",
    SecurityError: "refused",
    NotFoundError: "none",
    OverconstrainedError: "none",
    NotReadableError: "busy",
    AbortError: "busy",
  });
  return codes[error?.name] ?? "failed";
}
