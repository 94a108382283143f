// @ts-check
/** Push: shows what the server sends and opens the page a tap asks for.  A browser that lets a push
 *  pass without a notification takes the permission away, so something is always shown. */

/** What the server sends: app/reminders/letters.py.
 *  @typedef {{ title: string, body: string, path: string, tag: string }} Told */

/** For a message that cannot be read: better a dull one than none.  The worker speaks no language.
 *  @type {Told} */
const UNREADABLE = { title: "Lakthan", body: "", path: "/reminders", tag: "reminders" };

/** @param {ServiceWorkerGlobalScope} scope */
export function installPush(scope) {
  scope.addEventListener("push", (event) => {
    const { title, body, path, tag } = read(event.data);
    const shown = { body, tag, renotify: true, lang: "th", data: { path } };
    event.waitUntil(scope.registration.showNotification(title, shown));
  });
  scope.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(scope, ownPath(scope, event.notification.data?.path)));
  });
}

/** @param {PushMessageData | null} data @returns {Told} */
export function read(data) {
  try {
    const told = data?.json();
    return typeof told?.title === "string" && told.title ? { ...UNREADABLE, ...told } : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

/** An address of this site, whatever was sent. @param {ServiceWorkerGlobalScope} scope @param {unknown} path */
function ownPath(scope, path) {
  const here = scope.location.origin;
  const url = new URL(typeof path === "string" ? path : UNREADABLE.path, here);
  return url.origin === here ? url.href : new URL(UNREADABLE.path, here).href;
}

/** A window that shows this page already comes to the front. @param {ServiceWorkerGlobalScope} scope @param {string} address */
async function open(scope, address) {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === address);
  return there ? there.focus() : scope.clients.openWindow(address);
}
