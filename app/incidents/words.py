"""What the register's keys are called."""

from __future__ import annotations

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.incidents.rules import Clock

KINDS: dict[str, LazyString] = {
    "lost_phone": _l("A phone was lost"),
    "wrong_recipient": _l("Data went to the wrong person"),
    "intrusion": _l("Somebody got in who had no right to"),
    "lost_data": _l("Data were lost or destroyed"),
    "other": _l("Something else"),
}
RISKS: dict[str, LazyString] = {
    "unknown": _l("Not judged yet"),
    "none": _l("No risk to the people concerned"),
    "some": _l("Some risk: tell the Commission"),
    "high": _l("High risk: tell the Commission and the people"),
}
DATA_KINDS: dict[str, LazyString] = {
    "name": _l("Names"),
    "phone": _l("Phone numbers"),
    "remarks": _l("Remarks and suggestions"),
    "photo": _l("Photos of people"),
    "position": _l("Positions of photos"),
    "member": _l("Members of network orders"),
    "account": _l("Users' own data"),
}
STEPS: dict[str, LazyString] = {
    "opened": _l("Entered in the register"),
    "noted": _l("Note"),
    "corrected": _l("Facts corrected"),
    "judged": _l("Risk judged"),
    "told_office": _l("The Commission was told"),
    "told_people": _l("The people were told"),
    "measured": _l("Measure taken"),
    "found": _l("The phone was found"),
    "list_taken": _l("List with names taken"),
    "closed": _l("Closed"),
    "reopened": _l("Opened again"),
}
HOW: dict[str, LazyString] = {
    "captured": _l("Written down on this phone"),
    "carried": _l("On it to be called"),
    "member": _l("Member of a network order"),
    "steward": _l("Steward of a centre"),
}
FIELDS: dict[str, LazyString] = {
    "kind": _l("What happened"),
    "area_code": _l("Area"),
    "what": _l("The facts"),
    "happened_at": _l("When it happened"),
    "aware_at": _l("When we learned of it"),
    "data_kinds": _l("Which data"),
    "n_people": _l("People concerned"),
    "n_records": _l("Records concerned"),
    "consequences": _l("Likely consequences"),
    "measures": _l("Measures"),
}
# What to think of before judging; from the factors of the PDPC notification of B.E. 2565.
QUESTIONS: tuple[LazyString, ...] = (
    _l("Can somebody else read the data? On a locked phone they are encrypted."),
    _l("Which data are they: only a name, or a number and a face as well?"),
    _l("How many people, and are children among them?"),
    _l("What could be done to them: unwanted calls, fraud in their name, shame, danger?"),
    _l("Did it go to somebody who may be trusted to return or erase it?"),
    _l("Has it been stopped, and how soon?"),
)
_STANDING = {
    "running": "waiting", "soon": "due", "overdue": "missing", "told": "done",
    "not_needed": "accepted", "closed": "closed",
}  # fmt: skip


def clock_badge(clock: Clock) -> tuple[str, str]:
    """State and words of the badge that says how an incident stands."""
    return _STANDING[clock.standing], clock_words(clock)


def clock_words(clock: Clock) -> str:
    """How much of the 72 hours is left, or what became of them."""
    if clock.standing == "closed":
        return gettext("Closed")
    if clock.standing == "told":
        return (
            gettext("The Commission was told late")
            if clock.late
            else gettext("The Commission was told")
        )
    if clock.standing == "not_needed":
        return gettext("No risk: nobody must be told")
    if clock.standing == "overdue":
        hours = -clock.hours_left
        return ngettext("%(num)d hour overdue", "%(num)d hours overdue", hours)
    return ngettext("%(num)d hour left", "%(num)d hours left", clock.hours_left)
