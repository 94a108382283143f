"""Minimum versions of what decodes strangers' bytes, asserted at start.

Each floor is the release that closed the named hole; running below it is refused, because a
photo from any phone reaches these libraries.
"""

from __future__ import annotations

from importlib.metadata import version

import click

FLOORS = {
    "pillow": (13, 0, 0),  # CVE-2026-112403, CVE-2026-96639, CVE-2026-96643
    "flask": (3, 1, 3),  # CVE-2026-27205
    "werkzeug": (3, 1, 6),  # CVE-2026-21860, CVE-2026-27199
    "gunicorn": (23, 0, 0),  # CVE-2024-1135, CVE-2024-6827
    "opencv-python-headless": (4, 12, 0),  # CVE-2025-53644; it is given pixels only, all the same
    "pi-heif": (1, 3, 0),  # CVE-2026-28231; carries libheif >= 1.22 (CVE-2026-32740)
}


class VersionRefused(click.ClickException):
    """A library is older than the release that closed a known hole."""


def check() -> None:
    """Raise VersionRefused where a library is below its floor."""
    for name, floor in FLOORS.items():
        found = version(name)
        if _numbers(found) < floor:
            wanted = ".".join(map(str, floor))
            raise VersionRefused(f"{name} {found} is installed; at least {wanted} is needed")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
