"""The month's publicity at a glance: per district and channel, per side, and who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.centres.queries import list_centres
from app.publicity.blueprint import bp
from app.publicity.models import Post
from app.publicity.months import Month, month_named, month_of, months_asked
from app.publicity.queries import posts_seen_between, with_the_same_link
from app.publicity.rules import Sums, sums_by, without_post
from app.rounds.programme import programmes_in_force
from app.rounds.words import choice_pairs, choice_words
from app.shared.clock import BUDDHIST_OFFSET, bangkok_day, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.shared.thai import MONTHS, MONTHS_SHORT
from app.web.filters import MONTHS_EN, MONTHS_EN_LONG
from app.web.locale import page_locale


@bp.get("/publicity/month")
@bp.get("/publicity/month/<key>")
@allow()
def month(key: str = "") -> ResponseReturnValue:
    """One month's roll-up; `key` is an occurrence of the programme or `2024-02`."""
    actor, chosen = current_actor(), _asked(key)
    posts = _posts(actor, chosen)
    centres = [c for c in list_centres(db.session(), actor) if _in_district(c.district_code)]
    return render_template(
        "publicity/month.html",
        chosen=chosen,
        months=months_asked(programmes_in_force(), bangkok_day(now())),
        month_words=month_words,
        posts=posts,
        total=sums_by(posts).get((), Sums()),
        by_district=sums_by(posts, "district_code"),
        by_channel=sums_by(posts, "channel"),
        cells=sums_by(posts, "district_code", "channel"),
        channels=choice_pairs("channels"),
        sides=choice_pairs("five_p"),
        channel_words=choice_words("channels"),
        side_words=choice_words("five_p"),
        silent=without_post(centres, posts),
        same=with_the_same_link(db.session(), actor, [post.url for post in posts]),
        **_districts(actor),
    )


@bp.get("/publicity/month.csv")
@bp.get("/publicity/month/<key>.csv")
@allow()
def month_csv(key: str = "") -> ResponseReturnValue:
    """The month's posts, one a line, as CSV."""
    chosen = _asked(key)
    file = write_csv(_columns(), _rows(_posts(current_actor(), chosen)))
    name = f"publicity-{chosen.month:%Y-%m}.csv"
    answer: Response = send_file(file, CSV_TYPE, as_attachment=True, download_name=name)
    return answer


def month_words(chosen: Month, *, short: bool = False) -> str:
    """กุมภาพันธ์ 2567, or ก.พ. 2567."""
    thai, english = (MONTHS_SHORT, MONTHS_EN) if short else (MONTHS, MONTHS_EN_LONG)
    names = thai if page_locale() == "th" else english
    return f"{names[chosen.month.month - 1]} {chosen.month.year + BUDDHIST_OFFSET}"


def _asked(key: str) -> Month:
    programmes = programmes_in_force()
    return month_named(programmes, key) if key else month_of(programmes, bangkok_day(now()))


def _posts(actor: Actor, chosen: Month) -> list[Post]:
    posts = posts_seen_between(db.session(), actor, chosen.first, chosen.last)
    return [post for post in posts if _in_district(post.district_code)]


def _in_district(code: str) -> bool:
    return code == request.args.get("district", code)


def _districts(actor: Actor) -> dict[str, Any]:
    """The districts the reader can choose among, and which one is shown."""
    locale = page_locale()
    found = areas_under(db.session(), actor.area_code[:4], "district")
    names = {area.code: area.name_in(locale) for area in found}
    asked = request.args.get("district", "")
    only = next(iter(names)) if len(names) == 1 else ""
    return {"districts": names, "district": asked if asked in names else only}


def _columns() -> list[Column]:
    return [
        Column(title)
        for title in (
            _("District"), _("Centre code"), _("Centre"), _("Channel"), _("Day it was posted"),
            _("What it is about"), _("Link to the post"), _("Side of the 5P"),
            _("Day the numbers were read"), _("Views"), _("Likes"), _("Shares"),
            _("Screenshot"), _("Record"),
        )
    ]  # fmt: skip


def _rows(posts: Sequence[Post]) -> Iterator[Row]:
    channel, side, place = choice_words("channels"), choice_words("five_p"), place_words()
    for post in posts:
        centre = post.centre
        yield (
            place(post.district_code), centre.code if centre else None,
            centre.name if centre else None, channel(post.channel), post.posted_on, post.title,
            post.url, side(post.side), post.read_on, post.views, post.likes, post.shares,
            _("Yes") if post.screenshot_id else _("No"), str(post.id),
        )  # fmt: skip
