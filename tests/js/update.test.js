// @ts-check
/** A newer version: offered when nobody is in the middle of something, and then taken whole. */
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { document: new EventTarget() });
const { createUpdates } = await import("../../static/src/js/phone/update.js");
const { MORE } = await import("../../static/src/js/phone/screens/more.js");
const { SCREENS } = await import("../../static/src/js/phone/screens/index.js");

/** A page under version one of the application. */
function makePage({ controlled = true } = {}) {
  const page = {
    idle: true,
    reloads: 0,
    /** @type {(() => Promise<boolean>)[]} */
    offers: [],
    /** @type {string[]} */
    told: [],
    registration: /** @type {any} */ (Object.assign(new EventTarget(), { waiting: null, installing: null, update: async () => {} })),
    workers: /** @type {any} */ (Object.assign(new EventTarget(), { controller: controlled ? {} : null })),
    updates: /** @type {any} */ (null),
    /** A version has come and waits. */
    async come() {
      const worker = Object.assign(new EventTarget(), { state: "installing", postMessage: (/** @type {string} */ text) => page.told.push(text) });
      page.registration.installing = worker;
      page.registration.dispatchEvent(new Event("updatefound"));
      Object.assign(page.registration, { installing: null, waiting: worker });
      worker.state = "installed";
      worker.dispatchEvent(new Event("statechange"));
      await settled();
    },
    async replaced() {
      page.registration.waiting = null;
      page.workers.controller = {};
      page.workers.dispatchEvent(new Event("controllerchange"));
      await settled();
    },
  };
  page.updates = createUpdates({
    registration: page.registration,
    workers: page.workers,
    isIdle: async () => page.idle,
    onOffer: (accept) => void page.offers.push(accept),
    reload: () => void (page.reloads += 1),
    timers: /** @type {any} */ ({ setInterval: () => 0, clearInterval() {} }),
  });
  return page;
}

const settled = () => new Promise(setImmediate);

test("a version is offered once, and taken after a yes with one reload", async () => {
  const page = makePage();
  await page.come();
  await page.updates.consider();
  assert.equal(page.offers.length, 1);
  assert.equal(await page.offers[0](), true);
  assert.deepEqual(page.told, ["use-this-version"]);
  await page.replaced();
  await page.replaced();
  assert.equal(page.reloads, 1);
});

test("it is not offered while a form is half filled in or something is being sent", async () => {
  const page = makePage();
  page.idle = false;
  await page.come();
  assert.equal(page.offers.length, 0);
  page.idle = true;
  await page.updates.consider();
  assert.equal(page.offers.length, 1);
});

test("who began to write after the offer is left alone, and asked again later", async () => {
  const page = makePage();
  await page.come();
  page.idle = false;
  assert.equal(await page.offers[0](), false);
  assert.deepEqual(page.told, []);
  page.idle = true;
  await page.updates.consider();
  assert.equal(page.offers.length, 2);
});

test("a window whose version was replaced by another window follows when it may", async () => {
  const page = makePage();
  page.idle = false;
  await page.replaced();
  assert.equal(page.reloads, 0);
  page.idle = true;
  await page.updates.consider();
  await page.updates.consider();
  assert.equal(page.reloads, 1);
});

test("the very first version is no update: nothing is offered, nothing is loaded anew", async () => {
  const page = makePage({ controlled: false });
  await page.come();
  await page.replaced();
  assert.deepEqual([page.offers.length, page.reloads], [0, 0]);
});

test("screens that come later are known by the paths they have", () => {
  const known = new Map(SCREENS.map((screen) => [screen.name, screen]));
  for (const { name, paths, needsAccount } of MORE) {
    assert.deepEqual([known.get(name)?.paths, known.get(name)?.needsAccount], [paths, needsAccount], name);
  }
  assert.ok(MORE.every((screen) => known.get(screen.name)?.prepare), "each is fetched before it is shown");
});
