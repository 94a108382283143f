// @ts-check
/** Reminders: turns pushes to this browser on and off.  Permission is asked only after a tap. */
import { workerAt } from "../shared/trusted.js";

const WORKER = "/reminders/push/worker.js";

/** @typedef {"unsupported" | "install" | "denied" | "off" | "on" | "failed"} State */

const box = /** @type {HTMLElement | null} */ (document.querySelector("[data-push]"));
if (box) void start(box);

/** @param {HTMLElement} box */
async function start(box) {
  box.querySelector("[data-push-on]")?.addEventListener("click", () => void act(box, turnOn));
  box.querySelector("[data-push-off]")?.addEventListener("click", () => void act(box, turnOff));
  await act(box, present);
}

/** @param {HTMLElement} box @param {(box: HTMLElement) => Promise<State>} doing */
async function act(box, doing) {
  try {
    show(box, await doing(box));
  } catch (error) {
    console.warn(error);
    show(box, "failed");
  }
}

/** @param {HTMLElement} box @param {State} state */
function show(box, state) {
  for (const part of box.querySelectorAll("[data-push-state]")) {
    const states = /** @type {HTMLElement} */ (part).dataset.pushState?.split(" ") ?? [];
    part.toggleAttribute("hidden", !states.includes(state));
  }
}

/** How it stands; a subscription that is there is told again, as this sign-in may be a new one.
 *  @param {HTMLElement} box @returns {Promise<State>} */
async function present(box) {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    return onApple() ? "install" : "unsupported";
  }
  if (Notification.permission === "denied") return "denied";
  const subscription = await known();
  if (!subscription || Notification.permission !== "granted") return "off";
  return (await tell(box, box.dataset.push ?? "", subscription)) ? "on" : "failed";
}

/** @param {HTMLElement} box @returns {Promise<State>} */
async function turnOn(box) {
  if ((await Notification.requestPermission()) !== "granted") return present(box);
  await navigator.serviceWorker.register(workerAt(WORKER));
  const registration = await ready();
  const key = bytes(box.dataset.pushKey ?? "");
  const wanted = { userVisibleOnly: true, applicationServerKey: key };
  let subscription = await registration.pushManager.getSubscription();
  if (subscription && !sameKey(subscription, key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await registration.pushManager.subscribe(wanted);
  return (await tell(box, box.dataset.push ?? "", subscription)) ? "on" : "failed";
}

/** @param {HTMLElement} box @returns {Promise<State>} */
async function turnOff(box) {
  const subscription = await known();
  if (!subscription) return "off";
  const told = await tell(box, box.dataset.pushOffUrl ?? "", subscription);
  await subscription.unsubscribe();
  return told ? "off" : "failed";
}

async function known() {
  const registration = await registered();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function registered() {
  const scope = new URL("./", new URL(WORKER, location.origin)).href;
  const all = await navigator.serviceWorker.getRegistrations();
  return all.find((one) => one.scope === scope);
}

/** The registration once its worker is there: a push manager refuses before. */
async function ready() {
  const registration = await registered();
  if (!registration) throw new Error("no worker");
  const worker = registration.installing ?? registration.waiting;
  if (!registration.active && worker) {
    await new Promise((resolve) => {
      worker.addEventListener("statechange", () => worker.state === "activated" && resolve(null));
    });
  }
  return registration;
}

/** @param {HTMLElement} box @param {string} url @param {PushSubscription} subscription */
async function tell(box, url, subscription) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": box.dataset.pushCsrf ?? "" };
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ endpoint, keys }) });
  return answer.ok;
}

/** @param {PushSubscription} subscription @param {Uint8Array} key */
function sameKey(subscription, key) {
  const held = subscription.options.applicationServerKey;
  return held !== null && new Uint8Array(held).join() === key.join();
}

/** @param {string} text in base64url */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Safari on an iPhone takes pushes only for what is on the home screen. */
function onApple() {
  return /iPhone|iPad/.test(navigator.userAgent);
}
