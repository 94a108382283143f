"""Browsers by their names, as their owner knows them: "Android · Chrome".  Pure.

Only words of ours come out, so what a client claims to be is never shown or kept as it stands.
"""

from __future__ import annotations

# The first that is found counts: Edge and Samsung say Chrome as well, Android says Linux.
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    (" Line/", "LINE"), ("SamsungBrowser", "Samsung Internet"), ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


def agent_of(user_agent: str) -> str | None:
    """System and browser out of a User-Agent line; None where neither is known."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    return " · ".join(word for word in (system, browser) if word) or None
