// @ts-check
/** The service worker without a browser: what it answers, and what it never keeps or shows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMechanics } from "../../static/src/js/sw/mechanics.js";
import { asked, choose } from "../../static/src/js/sw/policy.js";

const HOME = "https://lakthan.example";
const LIST = {
  version: "two",
  shell: { th: "/phone?lang=th", en: "/phone?lang=en" },
  pages: ["/phone?lang=th", "/phone?lang=en", "/phone/more?lang=th"],
  files: ["/static/dist/phone-AAAA2222.js", "/static/src/img/mark.svg"],
  integrity: {},
};

/** @param {string} path @param {RequestInit & {mode?: any}} [how] */
const page = (path, how = {}) => ({ method: "GET", mode: "navigate", url: HOME + path, ...how });
const answerTo = (/** @type {any} */ request) => choose(asked(request, HOME));

test("pages of the phone come from the phone, others from the network first", () => {
  const expected = {
    "/phone": "shell",
    "/phone/visits/new?lang=th": "shell",
    "/phones": "networkThenShell",
    "/": "shellOnPhones",
    "/visits/new": "shellOnPhones",
    "/followups/new?visit=1": "shellOnPhones",
    "/visits/new?online=1": "networkThenShell",
    "/visits": "networkThenShell",
    "/phone/more?lang=th": "kept",
    "/visits.csv": "patientNetwork",
    "/packets/1/download": "patientNetwork",
  };
  for (const [path, answer] of Object.entries(expected)) assert.equal(answerTo(page(path)), answer, path);
});

test("what is sent, what the API answers and what is not ours go by untouched", () => {
  assert.equal(answerTo(page("/visits/new", { method: "POST" })), null);
  assert.equal(answerTo(page("/api/v1/changes", { mode: "cors" })), null);
  assert.equal(answerTo({ ...page("/phone"), url: "https://elsewhere.example/phone" }), null);
  assert.equal(answerTo(page("/photos/states?ids=1", { mode: "cors" })), null);
});

test("a version is kept whole", async () => {
  const phone = makePhone();
  await phone.mechanics.keepAll();
  assert.deepEqual(phone.names("lakthan-two"), [...LIST.pages, ...LIST.files].sort());
});

for (const [name, spoil] of /** @type {[string, (url: string) => Response | null][]} */ ([
  ["a portal's page instead of the shell", (url) => (url.includes("lang=en") ? html("Log in to the Wi-Fi") : null)],
  ["a portal's page instead of a script", (url) => (url.endsWith(".js") ? html("Log in to the Wi-Fi") : null)],
  ["an error", (url) => (url.endsWith(".svg") ? new Response("", { status: 503 }) : null)],
])) {
  test(`with ${name} nothing is kept, and the version before stays`, async () => {
    const phone = makePhone({ spoil });
    phone.put("lakthan-one", "/phone?lang=th", ours("/phone?lang=th"));
    await assert.rejects(phone.mechanics.keepAll());
    assert.deepEqual(await phone.caches.keys(), ["lakthan-one"]);
  });
}

test("an update fetches again only what changed", async () => {
  const phone = makePhone();
  phone.put("lakthan-one", LIST.files[0], ours(LIST.files[0]));
  await phone.mechanics.keepAll();
  assert.ok(!phone.asked.includes(LIST.files[0]));
  assert.ok(phone.asked.includes(LIST.files[1]), "a name without a hash says nothing of its content");
});

test("older versions go when one window is left, not before", async () => {
  const phone = makePhone({ alone: false });
  phone.put("lakthan-one", "/x", ours("/x.js"));
  phone.put("somebody-else", "/x", ours("/x.js"));
  await phone.mechanics.keepAll();
  await phone.mechanics.sweep();
  assert.ok((await phone.caches.keys()).includes("lakthan-one"));
  phone.alone = true;
  await phone.mechanics.sweep();
  assert.deepEqual(await phone.caches.keys(), ["somebody-else", "lakthan-two"]);
});

test("a page that does not come in 4 s is answered by the shell; asked again, it gets longer", async () => {
  const phone = makePhone({ spoil: (url) => (url === `${HOME}/visits` ? html("visits", { Lakthan: "1" }) : null) });
  await phone.mechanics.keepAll();
  phone.slow = true;
  const first = phone.mechanics.answers.networkThenShell(request("/visits"));
  await phone.pass(4_000);
  assert.match(await (await first).text(), /shell/);
  const second = phone.mechanics.answers.networkThenShell(request("/visits"));
  await phone.pass(10_000);
  phone.deliver();
  assert.equal(await (await second).text(), "visits");
});

test("without a network every page is the shell, in the language last chosen", async () => {
  const phone = makePhone();
  await phone.mechanics.keepAll();
  phone.offline = true;
  phone.notes = { language: "en" };
  const answer = await phone.mechanics.answers.networkThenShell(request("/centres"));
  assert.match(await answer.text(), /lang=en/);
});

test("a portal's page is shown where it was not asked for by the shell, and nowhere kept", async () => {
  const phone = makePhone({ spoil: (url) => (url === `${HOME}/visits` ? html("Log in to the Wi-Fi") : null) });
  await phone.mechanics.keepAll();
  const before = phone.names("lakthan-two");
  assert.match(await (await phone.mechanics.answers.networkThenShell(request("/visits"))).text(), /Wi-Fi/);
  assert.match(await (await phone.mechanics.answers.shell(request("/phone"))).text(), /shell/);
  assert.deepEqual(phone.names("lakthan-two"), before);
});

test("home is the shell only on a phone that is signed in", async () => {
  const phone = makePhone({ spoil: (url) => (url === `${HOME}/` ? html("desk", { Lakthan: "1" }) : null) });
  await phone.mechanics.keepAll();
  const home = async () => (await phone.mechanics.answers.shellOnPhones(request("/"))).text();
  assert.match(await home(), /desk/);
  phone.notes = { active_account: "a" };
  assert.match(await home(), /desk/);
  phone.notes = { active_account: "a", phone_mode: true };
  assert.match(await home(), /shell/);
});

test("after a sign-out without a network the server hears of it before any page is shown", async () => {
  const phone = makePhone({ spoil: (url) => (url === `${HOME}/visits` ? html("visits", { Lakthan: "1" }) : null) });
  await phone.mechanics.keepAll();
  phone.notes = { leave_pending: true };
  assert.equal(await (await phone.mechanics.answers.networkThenShell(request("/visits"))).text(), "visits");
  assert.deepEqual(phone.asked.slice(-2), ["/phone/leave", `${HOME}/visits`]);
  assert.deepEqual(phone.notes, {});
});

test("as long as it cannot hear of it, no page of ours is shown", async () => {
  const phone = makePhone({
    spoil: (url) =>
      url === "/phone/leave" ? html("Log in") : url === `${HOME}/visits` ? html("visits", { Lakthan: "1" }) : null,
  });
  await phone.mechanics.keepAll();
  phone.notes = { leave_pending: true };
  assert.match(await (await phone.mechanics.answers.networkThenShell(request("/visits"))).text(), /shell/);
  assert.deepEqual(phone.notes, { leave_pending: true });
});

/** @param {string} path */
const request = (path) => new Request(HOME + path);

/** @param {string} body @param {Record<string, string>} [headers] */
function html(body, headers = {}) {
  return new Response(body, { headers: { "Content-Type": "text/html", ...headers } });
}

/** @param {string} url */
function ours(url) {
  if (url.startsWith("/phone")) return html(`shell ${url}`, { "Lakthan-Shell": "1" });
  return new Response("", { headers: { "Content-Type": url.endsWith(".js") ? "text/javascript" : "image/svg+xml" } });
}

/** A phone: its caches, its network and its clock, all in memory.
 *  @param {{ spoil?: (url: string) => Response | null, alone?: boolean }} [how] */
function makePhone({ spoil = () => null, alone = true } = {}) {
  /** @type {Map<string, Map<string, Response>>} */
  const stored = new Map();
  const keyOf = (/** @type {any} */ key) => (typeof key === "string" ? key : key.url.replace(HOME, ""));
  const cacheOf = (/** @type {string} */ name) => {
    const held = stored.get(name) ?? new Map();
    stored.set(name, held);
    return {
      put: async (/** @type {any} */ key, /** @type {Response} */ answer) => void held.set(keyOf(key), answer),
      match: async (/** @type {any} */ key) => held.get(keyOf(key))?.clone(),
    };
  };
  let now = 0;
  /** @type {{ at: number, done: () => void }[]} */
  let timers = [];
  let deliver = () => {};
  const phone = {
    alone,
    offline: false,
    slow: false,
    /** @type {import("../../static/src/js/sw/notes.js").Notes} */
    notes: {},
    /** @type {string[]} */
    asked: [],
    deliver: () => deliver(),
    names: (/** @type {string} */ cache) => [...(stored.get(cache)?.keys() ?? [])].sort(),
    put: (/** @type {string} */ cache, /** @type {string} */ key, /** @type {Response} */ answer) =>
      void cacheOf(cache).put(key, answer),
    async pass(/** @type {number} */ ms) {
      await new Promise(setImmediate); // until the worker has set its timer
      now += ms;
      timers = timers.filter(({ at, done }) => at > now || done());
      await new Promise(setImmediate);
    },
    caches: /** @type {any} */ ({
      open: async (/** @type {string} */ name) => cacheOf(name),
      keys: async () => [...stored.keys()],
      delete: async (/** @type {string} */ name) => stored.delete(name),
      match: async (/** @type {any} */ key) =>
        [...stored.values()].map((held) => held.get(keyOf(key))).find(Boolean)?.clone(),
    }),
    mechanics: /** @type {any} */ (null),
  };
  phone.mechanics = createMechanics(LIST, {
    caches: phone.caches,
    fetch: /** @type {any} */ (
      async (/** @type {any} */ target) => {
        const url = typeof target === "string" ? target : target.url;
        phone.asked.push(url);
        if (phone.offline) throw new TypeError("no network");
        if (phone.slow) await new Promise((resolve) => (deliver = () => resolve(undefined)));
        if (url === "/phone/leave") return spoil(url) ?? new Response(null, { status: 204 });
        return spoil(url) ?? ours(url);
      }
    ),
    now: () => now,
    alone: async () => phone.alone,
    readNotes: async () => phone.notes,
    dropNote: async (name) => void delete (/** @type {any} */ (phone.notes)[name]),
    after: (ms) => new Promise((done) => void timers.push({ at: now + ms, done: () => void done(undefined) })),
  });
  return phone;
}
