// A push always shows something, and a tap never leaves this site: else browsers take the permission away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { installPush } from "../../static/src/js/sw/push.js";

function scopeWith(windows = []) {
  const listeners = {};
  const shown = [];
  const opened = [];
  const scope = {
    location: new URL("https://lakthan.example/reminders/push/worker.js"),
    registration: { showNotification: async (title, options) => void shown.push({ title, ...options }) },
    clients: { matchAll: async () => windows, openWindow: async (url) => void opened.push(url) },
    addEventListener: (name, listener) => (listeners[name] = listener),
  };
  installPush(scope);
  const fire = async (name, event) => {
    const waits = [];
    listeners[name]({ ...event, waitUntil: (promise) => waits.push(promise) });
    await Promise.all(waits);
  };
  return { fire, shown, opened };
}

const data = (text) => ({ json: () => JSON.parse(text) });

test("what was sent is shown", async () => {
  const { fire, shown } = scopeWith();
  const told = { title: "ครบกำหนดพรุ่งนี้", body: "แผน", path: "/reminders", tag: "reminders" };
  await fire("push", { data: data(JSON.stringify(told)) });
  assert.equal(shown[0].title, told.title);
  assert.equal(shown[0].body, told.body);
  assert.deepEqual(shown[0].data, { path: "/reminders" });
});

for (const sent of [null, data("no json"), data("[]"), data("null"), data('{"title":7}'), data('{"title":""}')]) {
  test(`something is shown for ${sent?.json.toString() ?? "nothing"}`, async () => {
    const { fire, shown } = scopeWith();
    await fire("push", { data: sent });
    assert.equal(shown.length, 1);
    assert.equal(shown[0].title, "Lakthan");
  });
}

for (const [path, address] of [
  ["/reminders", "https://lakthan.example/reminders"],
  ["https://evil.example/", "https://lakthan.example/reminders"],
  ["//evil.example/", "https://lakthan.example/reminders"],
  [undefined, "https://lakthan.example/reminders"],
]) {
  test(`a tap on ${path} opens ${address}`, async () => {
    const { fire, opened } = scopeWith();
    await fire("notificationclick", { notification: { close() {}, data: { path } } });
    assert.deepEqual(opened, [address]);
  });
}

test("a window that shows the page already comes to the front", async () => {
  let focused = 0;
  const { fire, opened } = scopeWith([{ url: "https://lakthan.example/reminders", focus: async () => (focused += 1) }]);
  await fire("notificationclick", { notification: { close() {}, data: { path: "/reminders" } } });
  assert.equal(focused, 1);
  assert.deepEqual(opened, []);
});
