"""Minimum versions of what strangers' bytes reach, asserted at start.

Each floor is the release that closed the named hole; running below it is refused.  A photo from any
phone reaches the decoders, a passkey's bytes reach cryptography, a push service's answer urllib3.
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
    "pi-heif": (1, 3, 0),  # CVE-2026-28231
    "cryptography": (46, 0, 7),  # CVE-2026-39892, CVE-2026-26007
    "urllib3": (2, 6, 3),  # CVE-2026-21441, CVE-2025-66418, CVE-2025-66471
    "jinja2": (3, 1, 6),  # CVE-2025-27516; our templates are our own, all the same
}
LIBHEIF = (1, 22, 0)  # CVE-2026-32740, CVE-2026-32741; inside pi-heif, whatever that says of itself


class VersionRefused(click.ClickException):
    """A library is older than the release that closed a known hole."""


def check() -> None:
    """Raise VersionRefused where a library is below its floor."""
    for name, floor in FLOORS.items():
        found = version(name)
        if _numbers(found) < floor:
            wanted = ".".join(map(str, floor))
            raise VersionRefused(f"{name} {found} is installed; at least {wanted} is needed")


def check_decoder() -> None:
    """Raise VersionRefused where libheif is below its floor.  For programs that decode pictures."""
    if _numbers(found := libheif_version()) < LIBHEIF:
        wanted = ".".join(map(str, LIBHEIF))
        raise VersionRefused(f"libheif {found} is inside pi-heif; at least {wanted} is needed")


def libheif_version() -> str:
    """The version of the library that decodes HEIC, as it says itself."""
    import pi_heif

    return str(pi_heif.libheif_version())


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
