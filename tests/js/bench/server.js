// @ts-check
/** A server in memory that keeps the contract (app/sync/openapi.yaml) as far as a phone can see it.
 *  `fault` may answer in its place, before or after it has done its work. */
import { createHash } from "node:crypto";
import { canonicalJson, itemSha256, sha256Hex } from "../../../static/src/js/shared/canonical.js";
import { toBase64url, utf8 } from "../../../static/src/js/shared/bytes.js";

const keys = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const publicKey = toBase64url(await crypto.subtle.exportKey("raw", keys.publicKey));
const strangers = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);

const JSON_TYPE = { "Content-Type": "application/json", "Lakthan-Api": "1" };
const PROBLEM_TYPE = { "Content-Type": "application/problem+json", "Lakthan-Api": "1" };

/** @param {number} status @param {any} body @param {Record<string, string>} [more] */
export const json = (status, body, more = {}) =>
  new Response(JSON.stringify(body), { status, headers: { ...JSON_TYPE, ...more } });
/** @param {number} status @param {string} code @param {Record<string, string>} [more] */
export const problem = (status, code, more = {}) =>
  new Response(JSON.stringify({ status, code, detail: code }), {
    status,
    headers: { ...PROBLEM_TYPE, ...more },
  });

/** @typedef {{method: string, path: string, headers: Headers, body: any, init: any}} Asked */

/** @param {{now?: () => number}} [clock] */
export function createServer({ now = () => Date.parse("2024-02-13T03:00:00Z") } = {}) {
  const server = {
    publicKey,
    /** @type {Map<string, {hash: string, item: any, version: number, status: string, at: string}>} by id */
    records: new Map(),
    /** by attachment id @type {Map<string, {bytes: Buffer, sha256: string}>} */
    blobs: new Map(),
    /** @type {Map<string, {attachment: string, size: number, sha256: string, role: string, bytes: Buffer, refused?: boolean}>} */
    uploads: new Map(),
    /** @type {Asked[]} */
    asked: [],
    tokens: new Set(["token-a", "token-b"]),
    beats: /** @type {Map<string, string[]>} */ (new Map()),
    sections: /** @type {Record<string, any>} */ ({}),
    received: 0,
    patched: 0,
    signWith: keys,
    /** What is said of one item instead of the ordinary. @type {(item: any) => any} */
    rule: () => null,
    /** @type {null | ((asked: Asked, go: () => Promise<Response>) => Promise<Response> | Response)} */
    fault: null,

    /** @param {string} url @param {any} init */
    async fetch(url, init = {}) {
      const asked = {
        method: init.method ?? "GET",
        path: String(url).replace("http://phone.test", ""),
        headers: new Headers(init.headers),
        body: init.body,
        init,
      };
      server.asked.push(asked);
      if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
      const go = () => answer(asked);
      return server.fault ? server.fault(asked, go) : go();
    },
    /** @param {string} part @param {string} [method] */
    count: (part, method) =>
      server.asked.filter((one) => one.path.includes(part) && (!method || one.method === method))
        .length,
  };
  let nonce = 0;
  const stamp = () => ({
    server_time: new Date(now()).toISOString(),
    nonce: `nonce-${(nonce += 1)}`,
  });

  /** @param {Asked} asked @returns {Promise<Response>} */
  async function answer(asked) {
    const { method, path } = asked;
    const token = asked.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
    if (path.startsWith("/phone/"))
      return new Response(null, { status: 204, headers: { "Lakthan-Api": "1" } });
    if (!server.tokens.has(token)) return problem(401, "device_unknown");
    if (path.startsWith("/api/v1/uploads")) return tus(asked);
    if (path === "/api/v1/records") return records(JSON.parse(asked.body));
    if (path === "/api/v1/heartbeat") return heartbeat(token, JSON.parse(asked.body));
    if (path.startsWith("/api/v1/changes")) return changes(path);
    if (method === "DELETE") {
      server.tokens.delete(token);
      return new Response(null, { status: 204, headers: { "Lakthan-Api": "1" } });
    }
    return problem(404, "not_found");
  }

  /** @param {{items: any[]}} body */
  async function records({ items }) {
    if (items.length > 100) return problem(400, "too_many_items");
    const results = [];
    for (const item of items) results.push(await judge(item));
    return json(200, { ...stamp(), results });
  }

  /** @param {any} item */
  async function judge(item) {
    const hash = await itemSha256(item);
    const base = {
      id: item.id,
      kind: item.kind,
      op: item.op,
      item_sha256: hash,
      problems: [],
      current: null,
    };
    const ruled = server.rule(item);
    if (ruled && !["conflict", "pending"].includes(ruled.status)) {
      return { ...base, code: null, receipt: null, signature: null, ...ruled };
    }
    const key = item.op === "create" ? item.id : `${item.id} ${hash}`;
    const known = server.records.get(key);
    let status =
      ruled?.status ?? (known ? (known.hash === hash ? "known" : "conflict") : "created");
    const parent =
      item.data.visit_id ?? (item.data.subject_kind === "visit" ? item.data.subject_id : null);
    if (status === "created" && parent && !server.records.has(parent)) status = "pending";
    if (status === "created") {
      server.received += 1;
      const version = (item.base_version ?? 0) + 1;
      server.records.set(key, { hash, item, version, status, at: new Date(now()).toISOString() });
    }
    const kept = server.records.get(key);
    const told = (item.attachments ?? []).map(({ id, sha256, bytes }) => ({ id, sha256, bytes }));
    const claims = {
      v: 1,
      ...{
        id: item.id,
        kind: item.kind,
        op: item.op,
        status,
        version: kept?.version ?? null,
        item_sha256: hash,
      },
      received_at: kept?.at ?? new Date(now()).toISOString(),
      held: told.filter((one) => server.blobs.get(one.id)?.sha256 === one.sha256),
      missing: told.filter((one) => server.blobs.get(one.id)?.sha256 !== one.sha256),
      device_id: "018da0ee-1c00-7000-8000-00000000d001",
    };
    const code =
      status === "pending" ? "waits_for_parent" : status === "conflict" ? "stale_version" : null;
    return { ...base, code, ...ruled, status, receipt: claims, signature: await sign(claims) };
  }

  /** @param {object} claims */
  async function sign(claims) {
    const signed = await crypto.subtle.sign(
      "Ed25519",
      server.signWith.privateKey,
      utf8(canonicalJson(claims)),
    );
    return toBase64url(signed);
  }

  /** @param {string} token @param {any} body */
  function heartbeat(token, { beat }) {
    const known = server.beats.get(token) ?? [];
    const forked = beat !== null && known.length > 0 && !known.includes(beat);
    const fresh = `beat-${server.asked.length}`;
    server.beats.set(token, [fresh, ...known].slice(0, 2));
    return json(200, { ...stamp(), beat: fresh, clock_skew_s: 0, forked });
  }

  /** @param {string} path */
  function changes(path) {
    const since = new URL(path, "http://phone.test").searchParams.get("since");
    if (since && !since.startsWith("cursor-")) return problem(400, "bad_cursor");
    return json(200, {
      ...stamp(),
      cursor: `cursor-${server.asked.length}`,
      sections: server.sections,
    });
  }

  /** @param {Asked} asked @returns {Promise<Response>} */
  async function tus({ method, path, headers, body }) {
    const marks = { "Tus-Resumable": "1.0.0", "Lakthan-Api": "1" };
    if (method === "POST") {
      const metadata = Object.fromEntries(
        (headers.get("Upload-Metadata") ?? "").split(",").map((pair) => {
          const [name, value] = pair.split(" ");
          return [name, Buffer.from(value, "base64").toString()];
        }),
      );
      const open = [...server.uploads].find(
        ([, one]) =>
          one.attachment === metadata.attachment_id &&
          one.sha256 === metadata.sha256 &&
          !one.refused,
      );
      const size = Number(headers.get("Upload-Length"));
      const id = open?.[0] ?? `/api/v1/uploads/${server.uploads.size + 1}`;
      const fresh = {
        attachment: metadata.attachment_id,
        sha256: metadata.sha256,
        role: metadata.role,
      };
      if (!open) server.uploads.set(id, { ...fresh, size, bytes: Buffer.alloc(0) });
      const offset = String(server.uploads.get(id)?.bytes.length);
      return new Response(null, {
        status: 201,
        headers: { ...marks, Location: `http://inside:8000${id}`, "Upload-Offset": offset },
      });
    }
    const upload = server.uploads.get(path);
    if (!upload) return problem(404, "not_found", marks);
    if (upload.refused) return problem(410, "gone", marks);
    const told = () => ({ ...marks, "Upload-Offset": String(upload.bytes.length) });
    if (method === "HEAD") return new Response(null, { status: 200, headers: told() });
    if (headers.get("Upload-Offset") !== String(upload.bytes.length))
      return problem(409, "wrong_offset", told());
    const bytes = Buffer.from(body);
    const [, digest] = (headers.get("Upload-Checksum") ?? "").split(" ");
    if (createHash("sha256").update(bytes).digest("base64") !== digest)
      return problem(460, "checksum_mismatch", told());
    server.patched += bytes.length;
    upload.bytes = Buffer.concat([upload.bytes, bytes]);
    if (upload.bytes.length === upload.size) {
      const sha256 = await sha256Hex(new Uint8Array(upload.bytes));
      if (sha256 !== upload.sha256) {
        upload.refused = true;
        return problem(422, "sha256_mismatch", marks);
      }
      server.blobs.set(upload.attachment, { bytes: upload.bytes, sha256 });
    }
    return new Response(null, { status: 204, headers: told() });
  }

  return Object.assign(server, { strangers, stamp });
}
