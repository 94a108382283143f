// @ts-check
/** A round as it was pulled, whichever version of the server told it. */

/** @param {any[] | null} told @returns {any[]} soonest first */
export function roundsTold(told) {
  return (told ?? [])
    .map((round) => ({ ...round, due_by: round.due_by ?? round.due_on, month: round.month ?? null, sent: round.sent ?? [], isTold: Array.isArray(round.sent) }))
    .sort((a, b) => (a.due_by < b.due_by ? -1 : 1));
}
