"""For which site passkeys are: a browser binds each to a domain and an origin.  Pure.

The domain is the request's own host, believed only where the settings name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from werkzeug.sansio.utils import host_is_trusted

LOCAL = "localhost"  # the one name that browsers trust without TLS: the demo's


@dataclass(frozen=True, slots=True)
class Site:
    """The relying party of WebAuthn: its domain, and the origin its pages have."""

    domain: str
    origin: str


def site_of(scheme: str, host: str, *, trusted: Sequence[str], production: bool) -> Site | None:
    """The site behind a request's scheme and host (with port), or None: no passkeys there.

    None for an IP address, which WebAuthn refuses, and for a host that nobody named.
    """
    domain = urlsplit(f"//{host}").hostname or ""
    names = list(trusted) if production else [*trusted, LOCAL]
    if not domain or _is_address(domain) or not host_is_trusted(host, names):
        return None
    if scheme != "https" and domain != LOCAL:
        return None  # browsers offer none there either
    return Site(domain, f"{scheme}://{host}")


def _is_address(domain: str) -> bool:
    try:
        ip_address(domain)
    except ValueError:
        return False
    return True
