// @ts-check
/** The worker that only shows pushes: for desks, which have no other, and phones alike.  It answers
 *  no request and keeps nothing; its scope holds no page (app/reminders/push_routes.py). */
import { installPush } from "./push.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
worker.addEventListener("install", () => void worker.skipWaiting());
installPush(worker);
