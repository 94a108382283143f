"""Arrivals: how a higher slice hears that an attachment's bytes are held.

Uploads know no photos, yet a photo must move on in the very transaction that says its bytes are
here.  So the higher slice registers when the application is made, as panels do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.shared.work import Work
from app.uploads.models import Upload

Heard = Callable[[Work, Upload, datetime], None]
_LISTENERS: dict[str, Heard] = {}


def on_arrival(heard: Heard) -> None:
    """Call `heard(work, upload, now)` whenever an upload is held, before that is committed.

    Known by the function's dotted name, so making the application twice registers it once.  It
    may hear of the same upload twice.
    """
    _LISTENERS[f"{heard.__module__}.{heard.__qualname__}"] = heard


def tell(unit: Work, upload: Upload, now: datetime) -> None:
    """Tell everyone who asked that `upload` is held."""
    for heard in _LISTENERS.values():
        heard(unit, upload, now)
