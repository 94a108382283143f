// @ts-check
/** The words phone and server share, as types: items, their answers, what the outbox shows.
 *  No code; imported by JSDoc only.  The contract itself is app/sync/openapi.yaml. */

/** @typedef {"activity" | "network_order" | "assessment" | "plan_item" | "plan_result" | "post" | "document"} RecordKind */
/** @typedef {"visit" | "followup" | "photo" | "contact_seen" | RecordKind} Kind */
/** @typedef {"create" | "edit" | "delete"} Op */
/** @typedef {"original" | "preview"} Role */

/** What an item says of bytes that travel apart from it.
 *  @typedef {{id: string, role: Role, sha256: string, bytes: number, type: string}} Attachment */

/** What a screen hands over with a photo; the outbox works out hash and size.
 *  @typedef {{id: string, role: Role, type: string, bytes: ArrayBuffer}} NewAttachment */

/** @typedef {{nonce: string, key_id: string, signature: string}} Captured */

/** One item of POST /records.  A screen gives kind, op, id, data and, for edit and delete,
 *  base_version; `attachments` and `captured` are filled in by the outbox.
 *  @typedef {{
 *    kind: Kind, op: Op, id: string, base_version?: number | null, data: Record<string, any>,
 *    attachments?: Attachment[], captured?: Captured | null, receipt_code?: string | null,
 *  }} Item
 *  receipt_code: what the person in a visit was given; part of no hash. */

/** @typedef {{field: string, code: string, facts: Record<string, any>}} Problem */

/** The server's signed word. @typedef {{
 *    v: 1, id: string, kind: Kind, op: Op, status: string, version: number | null,
 *    item_sha256: string, received_at: string, device_id: string,
 *    held: {id: string, sha256: string, bytes: number}[],
 *    missing: {id: string, sha256: string, bytes: number}[],
 *  }} Claims */

/** The server's present version, when ours was made from an older one.
 *  @typedef {{version: number, data: Record<string, any>, edited_by?: string, edited_at?: string}} Current */

/** One result of POST /records. @typedef {{
 *    id: string | null, kind?: Kind, op?: Op, item_sha256?: string, status: string,
 *    code: string | null, problems: Problem[], current: Current | null,
 *    receipt: Claims | null, signature: string | null,
 *  }} Result */

/** waiting: not sent, or not confirmed; sending: on its way; pending: the server holds it until its
 *  parent comes; received: confirmed, every byte; fixing: needs a person, `code` and `problems` say why.
 *  @typedef {"waiting" | "sending" | "pending" | "received" | "fixing"} State */

/** What `list()` and `get()` answer.  `id` is the entry's own; it equals `item.id` for creates.
 *  @typedef {{
 *    id: string,
 *    recordId: string,
 *    kind: Kind,
 *    op: Op,
 *    state: State,
 *    item: Item | null,
 *    problems: Problem[],
 *    code: string | null,
 *    current: Current | null,
 *    receipt: Claims | null,
 *    verified: boolean | null,
 *    attempts: number,
 *    nextTryAt: number,
 *    createdAt: number,
 *    receivedAt: number | null,
 *    bytesTotal: number,
 *    bytesSent: number,
 *    subjectId: string | null,
 *    maybeSent: boolean,
 *    note: "waits_for_wifi" | null,
 *  }} Entry
 *  item: null (with state fixing, code "unreadable") when this sign-in's key does not open it.
 *  code: invalid | malformed | conflict | not_kept | too_large | … or the server's refusal code.
 *  verified: the receipt's signature; null where this browser cannot check Ed25519.
 *  subjectId: the record a photo, follow-up or look at a contact belongs to.
 *  maybeSent: an attempt was made whose answer never came; the server may hold it. */

/** @typedef {{
 *    waiting: number, sending: number, pending: number, fixing: number, received: number,
 *    photosUnsent: number, bytesWaiting: number, bytesSent: number, oldest: number | null,
 *  }} Summary
 *  bytesWaiting: bytes of photos still to go; bytesSent: those of the same photos already there; oldest: epoch ms of the oldest unsent. */

/** Time, handed in.  `mono` never jumps; `now` may say 1970 or 2567.
 *  @typedef {{
 *    now: () => number, mono: () => number, random?: () => number,
 *    setTimeout: (work: () => void, ms: number) => any, clearTimeout: (id: any) => void,
 *  }} Clock */

/** What is known of the line.  `isOnline` is a hint only; `costly` is true when the line costs money.
 *  @typedef {{isOnline: () => boolean, costly: () => boolean}} Online */

/** The part of navigator.locks that is used. @typedef {Pick<LockManager, "request">} Locks */

/** @typedef {{
 *    account: Account, deviceId: string, keyId: string | null, token: string, serverKey: string,
 *    installId: string,
 *    seal: (value: any, ad: string) => Promise<Sealed>,
 *    unseal: (sealed: Sealed, ad: string) => Promise<ArrayBuffer>,
 *    unsealJson: (sealed: Sealed, ad: string) => Promise<any>,
 *    sign: (text: string) => Promise<string | null>,
 *    verify: (claims: object, signature: string | null) => Promise<boolean | null>,
 *    putDraft: (name: string, value: any) => Promise<void>,
 *    draft: (name: string) => Promise<any>,
 *    drafts: () => Promise<{name: string, savedAt: number, value: any}[]>,
 *    dropDraft: (name: string) => Promise<void>,
 *    pulled: (name: string) => Promise<any>,
 *    putPulled: (name: string, value: any) => Promise<void>,
 *    putPulledAll: (values: Record<string, any>) => Promise<void>,
 *    noteContact: (answer: {nonce?: string, server_time?: string}) => Promise<void>,
 *    contact: () => Promise<Contact | null>,
 *    isCurrent: () => Promise<boolean>,
 *    close: () => void,
 *  }} Vault
 *  Names of drafts lie open on the phone: ids and words like "visit-new" only, never a person's. */

/** The newest word of the server: its nonce, its time, and how far this phone's clock is off.
 *  @typedef {{nonce: string, serverTime: number, skewS: number}} Contact */

/** @typedef {{iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer}} Sealed */

/** @typedef {{id: string, name: string, role: string, area_code: string | null,
 *    centre_id: string | null, place: string | null}} Account */

/** The answer to enrolling. @typedef {{
 *    device_id: string, key_id: string | null, token: string, locker: string, account: Account,
 *    server_key: string, server_key_id: string, nonce: string, server_time: string, programme: string,
 *    earlier: {device_id: string, label: string, unsent_records: number, unsent_photos: number,
 *      oldest_unsent_at: string | null, last_contact_at: string}[],
 *  }} EnrolAnswer */

/** @typedef {{
 *    add: (item: Item, attachments?: NewAttachment[]) => Promise<Entry>,
 *    list: () => Promise<Entry[]>,
 *    get: (id: string) => Promise<Entry | null>,
 *    summary: () => Promise<Summary>,
 *    retry: (id: string) => Promise<void>,
 *    replace: (id: string, item: Item) => Promise<string>,
 *    discard: (id: string, options?: {children?: boolean, reason?: string}) => Promise<void>,
 *    attachment: (photoId: string, role?: Role) => Promise<Blob | null>,
 *    rescue: () => Promise<Blob>,
 *    flush: (options?: {originals?: boolean}) => Promise<void>,
 *    start: () => void,
 *    stop: () => void,
 *    events: EventTarget,
 *  }} Outbox
 *
 *  add      resolves only after everything is written, read back and found equal.  Rejects with a
 *           StoreError: no_room | no_storage | not_kept | exists.
 *  list     newest first.
 *  replace  puts a corrected item in the place of one that was not received; answers the id of the entry
 *           that now carries it (another one, when the first may have reached the server).
 *  discard  rejects with code already_sent (sending, pending or received) or has_children (facts.count)
 *           unless `children` says to discard them too.  A create that may have reached the server
 *           (`maybeSent`) is discarded only with a `reason`, which goes to the server as a deletion.
 *  flush    sends what is due; with `originals` also the large photos, whatever the line costs.
 *           Resolves when nothing more can be done now; never rejects for the network's sake.
 *  start    flushes now, and again on what the shell reports (`flush`) and on its own timer.
 *  events   "change" (detail {id?}), "progress" (detail {id, bytesSent, bytesTotal}),
 *           "signin-needed" (detail {code}), "line" (detail {state: "ok" | "offline" | "portal" | "busy" | "server"}),
 *           "forked" (this storage was copied; enrol anew), "stumbled" (detail {code}: the storage failed). */

export {};
