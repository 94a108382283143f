"""Jinja filters: days, times, quarters, amounts and phones as a Thai office writes them.

Years are Buddhist in both languages, because the paper beside the screen is.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import gettext

from app.shared.clock import BUDDHIST_OFFSET, Quarter, in_bangkok
from app.shared.personal import mask_name, mask_phone, show_phone
from app.shared.thai import thai_date
from app.web.locale import page_locale

NOTHING = "–"
NO_BREAK = "\u00a0"
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_EN_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_KILO = 1000


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        thai_day=thai_day,
        thai_datetime=thai_datetime,
        quarter_label=quarter_label,
        number=number,
        baht=baht,
        file_size=file_size,
        distance=distance,
        phone=show_phone,
        masked_phone=mask_phone,
        masked_name=mask_name,
    )


def thai_day(day: date | None, style: str = "short") -> str:
    """13 ก.พ. 2567 / 13 Feb 2567 BE; `style` long or table as `app.shared.thai.thai_date`."""
    if day is None:
        return NOTHING
    if page_locale() == "th":
        return _unbroken(thai_date(day, style))
    months = MONTHS_EN_LONG if style == "long" else MONTHS_EN
    return _unbroken(f"{day.day} {months[day.month - 1]} {day.year + BUDDHIST_OFFSET} BE")


def thai_datetime(instant: datetime | None, style: str = "short") -> str:
    """13 ก.พ. 2567 08.30 น. / 13 Feb 2567 BE, 08:30, on a Thai clock.  Refuses naive instants."""
    if instant is None:
        return NOTHING
    local = in_bangkok(instant)
    if page_locale() == "th":
        return f"{thai_day(local.date(), style)} {local:%H.%M}{NO_BREAK}น."
    return f"{thai_day(local.date(), style)}, {local:%H:%M}"


def _unbroken(text: str) -> str:
    return text.replace(" ", NO_BREAK)  # a narrow column must not part a day from its year


def quarter_label(quarter: Quarter | str | None, style: str = "long") -> str:
    """ไตรมาส 1 ปีงบประมาณ 2567; `style` short gives 1/2567."""
    if quarter is None:
        return NOTHING
    quarter = Quarter.parse(quarter) if isinstance(quarter, str) else quarter
    if style == "short":
        return f"{quarter.number}/{quarter.fiscal_year}"
    return gettext(
        "Quarter %(number)s, fiscal year %(year)s",
        number=quarter.number,
        year=quarter.fiscal_year,
    )


def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """1,234 or 1,234.5; up to two decimals unless `decimals` fixes how many."""
    if value is None:
        return NOTHING
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def baht(amount: float | Decimal | None) -> str:
    """1,250 บาท."""
    return NOTHING if amount is None else gettext("%(amount)s baht", amount=number(amount))


def file_size(size_bytes: int | None) -> str:
    """A size as people compare it: 812 KB, 4.3 MB (powers of 1,000, as phones show it)."""
    if size_bytes is None:
        return NOTHING
    size = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if size < _KILO:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= _KILO
    return f"{size:,.1f} GB"


def distance(distance_m: float | None) -> str:
    """180 ม. below a kilometre, 1.2 กม. above."""
    if distance_m is None:
        return NOTHING
    if distance_m < _KILO:
        return gettext("%(metres)s m", metres=f"{distance_m:.0f}")
    return gettext("%(kilometres)s km", kilometres=f"{distance_m / _KILO:,.1f}")
