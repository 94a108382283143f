# ruff: noqa: E501 - a table of values reads by its lines
"""Hostile values, and the boxes of every form there is to put them into."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes, urlsplit

from flask.testing import FlaskClient

from tests.access.cast import Cast

BIG = 1_000_000  # of all boxes of one form together
VALUES: dict[str, str] = {
    "empty": "", "blank": " \t\n", "nul": "a\0b", "lone surrogate": "\ud800", "pair": "\udcff\ud8ff",
    "right to left": "\u202egpj.exe", "isolates": "\u2066\u2067\u2068", "zero width": "\u200b\ufeff",
    "controls": "".join(map(chr, range(1, 32))), "not a character": "\ufffe\uffff",
    "marks": "ก" + "้" * 10_000, "emoji": "👩‍👩‍👧‍👦" * 50, "megabyte": "ก" * (BIG // 3),
    "thai digits": "๒๕๖๗", "thai day": "๓๑/๐๒/๒๕๖๗", "far day": "31/12/9999", "no day": "0000-00-00",
    "year 0": "01/01/0000", "before": "-0001-01-01", "iso": "2024-02-30T25:61:61+99:99",
    "huge": "9" * 400, "10**30": str(10**30), "2**63": str(2**63), "-2**63": str(-(2**63)),
    "minus": "-1", "nan": "NaN", "infinity": "-Infinity", "exponent": "1e400", "hex": "0x10",
    "fraction": "0.1.2", "comma": "1,000", "true": "true", "null": "null", "json": '{"a":[1]}',
    "list": "[1,2]", "html": "<script>alert(1)</script>", "attribute": "\" onload=alert(1) x='",
    "jinja": "{{ 7*7 }}{% raw %}", "typst": '#read("/etc/passwd")', "format": "%s%n{0}{a.b}%(x)s",
    "wildcards": "%_\\%%__", "sql": "' OR 1=1;--", "path": "../../etc/passwd\0.jpg",
    "scheme": "javascript:alert(1)", "address": "//evil.example/", "line": "a\r\nSet-Cookie: x=1",
    "formula": "=HYPERLINK(\"http://x\")", "uuid": "0" * 32, "nil": "00000000-0000-0000-0000-" + "0" * 12,
    "no uuid": "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "quarter": "2567Q9", "unit": "centre:" * 20,
    "national id": "1101700203452", "phone": "+66" * 30, "cursor": "W251bGxd", "dots": "." * 5_000,
}  # fmt: skip
ASKED = (
    "after", "all", "area", "bbox", "before", "centre", "centre_id", "code", "digits", "district",
    "done", "edition", "from", "id", "item", "kind", "lang", "level", "next", "occurrence", "page",
    "photo", "photos_per_page", "programme", "q", "quarter", "round", "since", "stage", "state",
    "subject", "subject_id", "subject_kind", "to", "unit", "version", "view", "visit", "visit_id",
    "year", "topic", "decision", "photo_id", "ids", "month", "side", "strategy", "layer", "zoom",
)  # fmt: skip


class _Forms(HTMLParser):
    """The forms of a page: their action, their method, the names of their boxes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found, self._open = page, dict[str, set[str]](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            post = (told.get("method") or "").lower() == "post"
            self._open = urlsplit(told.get("action") or self.page).path if post else ""
        elif self._open and tag in ("input", "select", "textarea", "button"):
            self.found.setdefault(self._open, set()).add(told.get("name") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = ""


def forms_of(client: FlaskClient, urls: list[str]) -> dict[str, set[str]]:
    """Where the forms on these pages lead, with the names of their boxes."""
    found: dict[str, set[str]] = {}
    for url in urls:
        answer = client.get(url)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            page = _Forms(url)
            page.feed(answer.text)
            for action, names in page.found.items():
                found.setdefault(action, set()).update(names - {"", "csrf_token"})
        answer.close()
    return found


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    """A form's body, also of what no encoder would write."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def bodies(names: set[str], values: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Hostile values in all boxes at once, and boxes where there are none."""
    for label, value in values.items():
        shown = value if len(names) * len(value) < BIG else value[: BIG // max(len(names), 1)]
        yield label, encoded([(name, shown) for name in sorted(names)])
    yield "twice", encoded([(name, v) for name in sorted(names) for v in ("1", "x")])
    yield (
        "nested",
        encoded([(f"{n}{s}", "1") for n in sorted(names) for s in ("[0][a]", "-0-x", ".a")]),
    )
    yield "many", encoded([(f"rows-{n}-name", "1") for n in range(1_500)])
    yield "high row", encoded([(f"members-{10**9}-name", "1"), ("scores-99999999999-points", "1")])
    yield "no form", b"\xff\xfe=%zz&&&=%u0041;" * 20


def asked(cast: Cast, values: dict[str, str] = VALUES) -> Iterator[tuple[str, str]]:
    """Every hostile value as everything an address may ask for."""
    for label, value in values.items():
        short = value[:150]
        yield label, encoded([(name, short) for name in ASKED]).decode()
