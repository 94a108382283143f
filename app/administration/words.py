"""Roles in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

ROLES: dict[str, LazyString] = {
    "volunteer": _l("Volunteer or centre steward"),
    "officer": _l("District officer"),
    "reviewer": _l("Provincial reviewer"),
    "admin": _l("Administrator"),
}
