"""The style guide: every part of the pages on one page, with Thai words that test the font.

It is the frame's own test bed and is not served in production.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField

from app.shared.clock import Quarter
from app.shared.errors import Problem
from app.web.access_mark import mark
from app.web.forms import (
    ChoiceChips,
    DecimalBox,
    IntegerBox,
    LongTextBox,
    MultiChips,
    Needed,
    PageForm,
    TextBox,
    ThaiDateField,
    offered,
)

bp = Blueprint("styleguide", __name__)


class SampleForm(PageForm):
    """One of each box.  The words are data of an invented centre."""

    name = TextBox(_l("Name"), [Needed()])
    visit_date = ThaiDateField(_l("Date"), [Needed()])
    kind = ChoiceChips(
        _l("Kind of visit"),
        choices=offered([("learn", "มาเรียนรู้"), ("study", "ศึกษาดูงาน"), ("activity", "ร่วมกิจกรรม")]),
    )
    grade = ChoiceChips(
        _l("Grade"),
        choices=offered(
            [
                ("A", "A ต้นแบบศูนย์เรียนรู้"),
                ("B", "B เสริมสร้างสู่ต้นแบบ"),
                ("C", "C ปรับตัวสู่การพัฒนา"),
            ]
        ),
    )
    topics = MultiChips(
        _l("Topics"),
        choices=offered(
            [
                ("soil", "ห่มดิน ปุ๋ยแห้ง ชาม น้ำ"),
                ("water", "การจัดการน้ำ"),
                ("forest", "ป่า ๓ อย่าง ประโยชน์ ๔ อย่าง"),
                ("product", "แปรรูปผลผลิต"),
            ]
        ),
    )
    n_male = IntegerBox(_l("Men"), default=12)
    n_female = IntegerBox(_l("Women"), default=18)
    n_other = IntegerBox(_l("Others"), default=0)
    plot_rai = DecimalBox(_l("Plot size (rai)"))
    district = SelectField(
        _l("District"), choices=offered([("5601", "เมืองพะเยา"), ("5602", "จุน"), ("5603", "เชียงคำ")])
    )
    suggestion = LongTextBox(_l("Suggestions"))
    photos = MultipleFileField(_l("Photos"))
    consent = BooleanField(_l("The person agreed to be called later"))


@bp.route("/styleguide", methods=["GET", "POST"])
@mark("public")
def show() -> str | Response:
    """Show every part; a POST shows the form's own answers."""
    form = SampleForm()
    if form.validate_on_submit():
        flash("บันทึกแล้ว ครูบาน้ำปิงกตัญญูปู่ย่า ที่นี้ปี่แก้ว", "done")
        return redirect(url_for("styleguide.show"), code=303)
    if form.is_submitted():
        form.refuse([Problem("plot_rai", "out_of_range", {"min": 1, "max": 50})])
    return render_template(f"web/styleguide/{_page()}.html", form=form, **_samples())


def _page() -> str:
    asked = request.args.get("page", "parts")
    return asked if asked in ("parts", "list", "detail", "form", "sign_in") else "parts"


def _samples() -> dict[str, Any]:
    return {
        "day": date(2024, 2, 13),
        "instant": datetime(2024, 2, 13, 1, 30, tzinfo=UTC),
        "quarter": Quarter(2567, 1),
        "rows": _ROWS,
    }


_ROWS = [
    {"day": date(2024, 2, 13), "group": "กลุ่มสตรีบ้านต๊ำน้ำล้อม", "n": 24, "state": "received"},
    {"day": date(2024, 2, 12), "group": "โรงเรียนบ้านปี้ (ป.๔–ป.๖)", "n": 61, "state": "processing"},
    {"day": date(2024, 2, 9), "group": "อบต.แม่กา ศึกษาดูงาน", "n": 118, "state": "fixing"},
    {"day": date(2024, 2, 6), "group": None, "n": 1, "state": "late"},
]
