// @ts-check
/**
 * Sends one file with the public tus-js-client, as it comes, and says how it went as one line of JSON.
 * Asked by test_clients.py: node tus_js.mjs '{"endpoint", "token", "file", "metadata", "options"}'.
 */
import { readFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const asked = JSON.parse(process.argv[2]);
const statuses = /** @type {[string, number][]} */ ([]);

const upload = new Upload(readFileSync(asked.file), {
  endpoint: asked.endpoint,
  headers: { Authorization: `Bearer ${asked.token}` },
  metadata: asked.metadata,
  retryDelays: [0, 100, 500, 1000, 2000],
  ...asked.options,
  onAfterResponse(request, response) {
    statuses.push([request.getMethod(), response.getStatus()]);
  },
  onError: (error) => tell({ error: String(error) }),
  onSuccess: () => tell({ url: upload.url }),
});

/** @param {object} outcome */
function tell(outcome) {
  console.log(JSON.stringify({ ...outcome, statuses }));
}

upload.start();
