"""The page with a text to paste into a LINE group."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import allow, current_actor
from app.areas.words import place_words
from app.reminders.blueprint import bp
from app.reminders.text import in_question, paste_text
from app.rounds.programme import programme_key, programmes_in_force
from app.rounds.queries import occurrence_for
from app.rounds.words import occurrence_title
from app.shared.clock import bangkok_day, now
from app.shared.db import db


@bp.get("/reminders/text")
@allow("officer", "reviewer", "admin")
def text() -> ResponseReturnValue:
    """Who still owes what; `?programme=&occurrence=` asks for one thing only."""
    actor, session, today = current_actor(), db.session(), bangkok_day(now())
    asked = occurrence_for(request.args.get("programme", ""), request.args.get("occurrence", ""))
    place = place_words()(actor.area_code)
    link = url_for("board.home", _external=True)
    blocks, offered = [], []
    for programme in programmes_in_force():
        near = in_question(programme, today)
        chosen = near if asked is None else [asked[1]] if asked[0] is programme else []
        if asked and asked[0] is programme and asked[1] not in near:
            near = sorted([*near, asked[1]], key=lambda one: (one.due_by, one.key))
        key = programme_key(programme)
        offered += [(key, one.key, occurrence_title(one)) for one in near]
        blocks.append(
            paste_text(session, actor, programme, chosen, place=place, today=today, link=link)
        )
    return render_template(
        "reminders/text.html",
        text="\n\n".join(filter(None, blocks)),
        offered=offered,
        chosen=(programme_key(asked[0]), asked[1].key) if asked else None,
    )
