"""Phones in words: how long ago, how much, and what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.devices.rules import Danger
from app.shared.clock import bangkok_day
from app.web.filters import thai_day

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_YEAR = timedelta(days=365.2425)
_MONTH_DAYS = 30

DANGERS: dict[Danger, tuple[str, LazyString]] = {  # the badge's state, and its words
    "lost": ("failed", _l("Its data are gone")),
    "unsent_long": ("late", _l("Unsent for more than 2 days")),
    "silent": ("late", _l("Silent for 7 days")),
    "storage_low": ("fixing", _l("Storage nearly full")),
    "not_persisted": ("fixing", _l("The browser may clear its storage")),
    "clock_off": ("due", _l("Clock is wrong")),
}


def ago(instant: datetime, now: datetime) -> str:
    """How long ago, as people say it; a day of the calendar once it is months."""
    past = now - instant
    if past < timedelta(minutes=2):
        return gettext("just now")
    if past < _HOUR:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", past // timedelta(minutes=1))
    if past < _DAY:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", past // _HOUR)
    days = (bangkok_day(now) - bangkok_day(instant)).days
    if days <= _MONTH_DAYS:
        return ngettext("%(num)d day ago", "%(num)d days ago", days)
    return thai_day(bangkok_day(instant))


def amount(records: int, photos: int) -> str:
    """Records and photos, those there are."""
    parts = []
    if records:
        parts.append(ngettext("%(num)d record", "%(num)d records", records))
    if photos:
        parts.append(ngettext("%(num)d photo", "%(num)d photos", photos))
    return ", ".join(parts)


def clock_words(skew_s: int) -> str:
    """How wrong a clock is, in the largest unit that fits."""
    off = timedelta(seconds=abs(skew_s))
    if off < timedelta(hours=2):
        size = ngettext("%(num)d minute", "%(num)d minutes", off // timedelta(minutes=1))
    elif off < 2 * _DAY:
        size = ngettext("%(num)d hour", "%(num)d hours", off // _HOUR)
    elif off < _YEAR:
        size = ngettext("%(num)d day", "%(num)d days", off // _DAY)
    else:  # 543 of them: somebody set the Buddhist year
        size = ngettext("%(num)d year", "%(num)d years", round(off / _YEAR))
    if skew_s > 0:
        return gettext("%(size)s ahead", size=size)
    return gettext("%(size)s behind", size=size)
