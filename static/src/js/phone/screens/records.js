// @ts-check
/** What can be written down besides visits: the kinds, or what there is of one kind. */
import { isSettled, joinRecords } from "../../records/book.js";
import { listen, settling } from "../listen.js";
import { fill, linkRow } from "../parts.js";
import { centresOf, choiceWords, kindNamed, kindsWritten, listedOf, planItemsOf, recordRow } from "../record_kinds.js";
import { link, show } from "../visible.js";

/** @typedef {import("../context.js").Context} Context */

/** @type {import("../router.js").Screen} */
export default {
  name: "records",
  paths: ["/phone/records", "/phone/records/:kind"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const draw = settling(() => (params.kind && kindNamed(params.kind) ? drawKind(root, ctx, params.kind) : drawKinds(root, ctx)));
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    await draw();
  },
};

/** @param {HTMLElement} root @param {Context} ctx */
async function drawKinds(root, ctx) {
  const entries = (await ctx.outbox?.list()) ?? [];
  const rows = kindsWritten(ctx).map(([kind, facts]) => {
    const here = entries.filter((one) => one.kind === kind && one.state !== "received").length;
    return linkRow({
      href: `/phone/records/${kind}`,
      title: facts.many,
      text: here ? ctx.words("records.here", { num: here }) : "",
      icon: facts.icon,
    });
  });
  fill(root, { new: null, kinds: rows });
}

/** @param {HTMLElement} root @param {Context} ctx @param {string} kind */
async function drawKind(root, ctx, kind) {
  const facts = /** @type {import("../../records/types.js").KindFacts} */ (kindNamed(kind));
  const [entries, told, centres] = [(await ctx.outbox?.list()) ?? [], await listedOf(ctx), await centresOf(ctx)];
  const records = joinRecords(kind, facts, entries, told);
  const unsent = records.filter((one) => !isSettled(one)).map((one) => recordRow(ctx, one, centres));
  const recent = records.filter(isSettled).map((one) => recordRow(ctx, one, centres));
  const plan = kind === "plan_result" ? await planRows(ctx, centres) : [];
  const writes = facts.writers.includes(ctx.vault?.account.role ?? "");
  fill(root, { heading: facts.many, kinds: null, "new-words": facts.new, unsent, recent, plan });
  link(root, "[data-new]", `/phone/records/${kind}/new`);
  show(root, "[data-slot=new]", writes && !plan.length);
  for (const [name, rows] of Object.entries({ unsent, recent, plan })) show(root, `[data-part=${name}]`, rows.length > 0);
  show(root, "[data-slot=none]", !records.length && !plan.length);
}

/** Every item of the plan, with how far it is: a touch reports on it. @param {Context} ctx @param {{ id: string, name: string }[]} centres */
async function planRows(ctx, centres) {
  return (await planItemsOf(ctx)).map((item) =>
    linkRow({
      href: `/phone/records/plan_result/new?item=${item.id}`,
      title: item.title,
      text: [choiceWords(ctx, "five_p", item.side), centres.find((one) => one.id === item.centre_id)?.name].filter(Boolean).join(" · "),
      icon: "check",
      side: item.done_percent === null ? null : document.createTextNode(`${item.done_percent}%`),
    }),
  );
}
