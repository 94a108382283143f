"""What the search looks through: each record as a title and a line of words."""

from __future__ import annotations

from collections.abc import Iterator

from app.packets.frozen.content import Content, VisitItem
from app.packets.tables.marks import district_names
from app.shared.thai import to_thai_digits

Record = tuple[str, str | None, str, str, str, str]  # kind, centre, day, title, words, id


def records(content: Content) -> Iterator[Record]:
    """Every record that is looked for by its words, in the order of the packet."""
    for v in content.visits:
        yield "visit", v.centre_code, v.visit_date.isoformat(), *_visit(content, v), v.id
    for f in content.followups:
        words = _join(
            content.label("followup_uses", f.used), content.label("followup_methods", f.method),
            content.labels("topics", f.topics), content.labels("outcomes", f.outcomes),
            f.reason, f.next_step,
        )  # fmt: skip
        yield "followup", f.centre_code, f.followed_on.isoformat(), f.group_name or "", words, f.id
    for a in content.activities:
        words = _join(content.label("activity_kinds", a.kind), a.lead, a.result, a.problems)
        yield "activity", a.centre_code, a.held_on.isoformat(), a.title, words, a.id
    yield from _district_records(content)


def _visit(content: Content, v: VisitItem) -> tuple[str, str]:
    words = _join(
        to_thai_digits(f"{v.n_total} คน"), content.label("visit_kinds", v.kind),
        content.label("visitor_sectors", v.sector), v.origin, content.labels("topics", v.topics),
        v.suggestion,
    )  # fmt: skip
    return v.group_name or "", words


def _district_records(content: Content) -> Iterator[Record]:
    names = district_names(content)
    for a in content.assessments:
        words = _join(
            to_thai_digits(f"ร้อยละ {a.percent:g}"),
            a.assessor,
            a.problems,
            a.needs,
            a.decision_reason,
        )
        title = content.label("grades", a.grade)
        yield "assessment", a.centre_code, a.assessed_on.isoformat(), title, words, a.id
    for p in content.plan_rows:
        words = _join(
            names.get(p.district_code), content.label("five_p", p.side), p.problem, p.target,
            p.responsible, to_thai_digits(f"{p.budget_baht:,} บาท"),
        )  # fmt: skip
        yield "plan", p.centre_code, p.starts_on.isoformat(), p.title, words, p.id
    titles = {row.id: row.title for row in content.plan_rows}
    for r in content.result_rows:
        words = _join(
            to_thai_digits(f"ร้อยละ {r.done_percent}"),
            r.result,
            r.output,
            r.obstacles,
            r.suggestions,
        )
        title = titles.get(r.item_id, "")
        yield "result", r.centre_code, r.reported_on.isoformat(), title, words, r.id
    for post in content.posts:
        words = _join(
            names.get(post.district_code), content.label("channels", post.channel), post.url
        )
        yield "post", post.centre_code, post.posted_on.isoformat(), post.title, words, post.id
    for d in content.documents:
        words = _join(names.get(d.district_code), content.label("document_kinds", d.kind), d.note)
        yield "document", d.centre_code, d.dated_on.isoformat(), d.title, words, d.id


def _join(*words: str | None) -> str:
    return " · ".join(word for word in words if word)
