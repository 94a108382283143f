"""Words of the screens of records: what their scripts say."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

RECORD_WORDS: dict[str, LazyString] = {
    "outbox.kind.activity": _l("Activity"),
    "outbox.kind.network_order": _l("Network order"),
    "outbox.kind.assessment": _l("Assessment"),
    "outbox.kind.plan_item": _l("Item of the plan"),
    "outbox.kind.plan_result": _l("Result of the plan"),
    "outbox.kind.post": _l("Post"),
    "outbox.kind.document": _l("Document"),
    "outbox.discard.record": _l("It was not received. Nobody else has it."),
    "records.here.one": _l("1 on this phone, not received yet"),
    "records.here.many": _l("%(num)s on this phone, not received yet"),
    "records.of_district": _l("The district's own, of no one centre"),
    "records.choose_item": _l("Choose an item of the plan"),
    "records.no_item": _l("Not part of the plan"),
    "records.kept_item": _l("As it is"),
    "records.evidence.one": _l("1 piece of evidence"),
    "records.evidence.many": _l("%(num)s pieces of evidence"),
    "records.points": _l("%(points)s points in %(num)s criteria"),
    "records.total": _l(
        "%(points)s of %(most)s points, %(percent)s%% · %(grade)s · %(n)s of %(of)s criteria"
    ),
    "records.last_time": _l("As last time"),
    "records.file_there": _l("A file is kept"),
    "record.correct": _l("Correct: %(what)s"),
    "record.gone": _l("This record is not on this phone"),
    "record.discard": _l("Throw this away? It was not sent yet, so nobody else has it."),
    "record.strike": _l("Strike this out? It will no longer count."),
    "camera.of_activity": _l("Photos of the activity"),
    "empty": _l("This file is empty."),
    "unreadable_file": _l("This file could not be read."),
    "rounds.state.missing": _l("Not sent"),
    "rounds.state.submitted": _l("Sent"),
    "rounds.state.returned": _l("Sent back"),
    "rounds.state.accepted": _l("Accepted"),
    "rounds.state.waived": _l("Need not be sent"),
    "rounds.sent": _l("%(n)s sent, %(accepted)s accepted"),
    "rounds.returned_for": _l("Sent back: %(why)s"),
    "rounds.mend": _l("Mend: %(what)s"),
    "rounds.months": _l("%(title)s, %(month)s"),
}
