"""The server as one page of Python: what every item must be answered, whatever came before.

It knows no database, no HTTP and no clock.  tests/sync/test_model.py plays phones against this and
against the real server, and wants the same answers and the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.sync.phone_client import Item, item_sha256

RANKS = {"visit": 0, "followup": 1, "photo": 2, "contact_seen": 3}
CIRCUMSTANCES = ("captured_at", "device_id", "clock_skew_s", "position", "programme_version")
FORGOTTEN: dict[str, dict[str, Any]] = {
    "visit": {"leader_name": None, "phone": None, "suggestion": None, "consent_followup": False},
    "followup": {"reason": None, "next_step": None},
}
LATE = FORGOTTEN | {"photo": {"caption": None, "file_name": None}}  # once nobody knows the name
Told = tuple[str, int | None]  # status and version


@dataclass(frozen=True)
class Who:
    """An account, and the centres it sees."""

    account_id: str
    centres: frozenset[str]


@dataclass
class Record:
    """A visit, follow-up or photo: its versions' contents, oldest first."""

    kind: str
    id: str
    centre: str
    by: Who
    contents: list[dict[str, Any]]
    parent: Record | None = None
    deleted: bool = False
    contact: bool = False  # a person's name or number is kept
    forgotten: bool = False  # its person; of a follow-up: its remarks since the newest version
    forgotten_at: datetime | None = None  # its person, the last time
    attachment: dict[str, Any] | None = None
    arrived: bool = False  # its bytes

    @property
    def version(self) -> int:
        return len(self.contents)

    @property
    def has_remarks(self) -> bool:
        """Whether it is a follow-up in which something was said of the person."""
        said = (self.contents[-1].get(name) for name in FORGOTTEN["followup"])
        return self.kind == "followup" and not self.forgotten and any(said)

    @property
    def visit(self) -> Record:
        """The visit that it is about, or itself."""
        return self.parent.visit if self.parent else self

    @property
    def parent_gone(self) -> bool:
        return self.parent is not None and self.parent.deleted


@dataclass
class Held:
    """An item that could not be applied as it came."""

    item: Item
    who: Who
    state: str
    waits_for: str | None
    came: int


@dataclass
class Server:
    """All that the real one must remember."""

    given_out: Callable[[str], datetime | None]  # when a nonce was
    records: dict[str, Record] = field(default_factory=dict)
    done: dict[tuple[str, str], int] = field(default_factory=dict)
    held: dict[tuple[str, str], Held] = field(default_factory=dict)
    bytes_of: set[tuple[str, str, str]] = field(default_factory=set)  # account, id, sha256
    looks: int = 0  # at contact details
    batches: int = 0

    def post(self, who: Who, items: Sequence[Item]) -> list[Told]:
        """What each item of a batch is answered."""
        self.batches += 1
        told: dict[int, Told] = {}
        for place in sorted(range(len(items)), key=lambda place: _turn(items[place])):
            told[place] = self._take(who, items[place])
        for place, item in enumerate(items):
            self._settle(item, told[place][0])
        self._release(
            {items[place]["id"] for place, (status, _) in told.items() if status == "created"}
        )
        return [told[place] for place in range(len(items))]

    def forget(self, visit_id: str, at: datetime) -> None:
        """A person is erased from a visit, its follow-ups, and what is held of both.

        The contents stay what a phone's old entry is recognised by.
        """
        visit = self.records[visit_id]
        if visit.contact or not visit.forgotten:
            visit.contents.append(visit.contents[-1])
            visit.contact, visit.forgotten, visit.forgotten_at = False, True, at
        for record in self.records.values():
            if record.parent is visit and record.has_remarks:
                record.contents.append(record.contents[-1])
                record.forgotten = True
        for held in self.held.values():
            data = held.item["data"]
            about = (held.item["id"], held.waits_for, data.get("visit_id"), data.get("subject_id"))
            if visit_id in about or self._visit_of(held.item) is visit:
                held.item = _without_person(held.item)

    def arrive(self, who: Who, attachment: dict[str, Any]) -> None:
        """The last byte of a photo has come, and they are the ones announced."""
        self.bytes_of.add((who.account_id, attachment["id"], attachment["sha256"]))
        photo = self.records.get(attachment["id"])
        if photo is not None:
            self._look_for_bytes(photo)

    def seen_by(self, who: Who, kind: str) -> list[Record]:
        """The records in someone's area, struck out or not."""
        return [
            record
            for record in self.records.values()
            if record.kind == kind and record.centre in who.centres
        ]

    # --- one item ---------------------------------------------------------------------------

    def _take(self, who: Who, item: Item) -> Told:
        status, version = self._judge(who, item)
        if status not in ("pending", "conflict"):
            return status, version
        visit = self._visit_of(item)
        kept = _without_person(item, LATE) if visit and visit.forgotten else item
        waits_for = self._parent_of(item) if status == "pending" else None
        old = self.held.get(_key(item))
        came = old.came if old else self.batches
        by = old.who if old else who  # whoever brought it first, even if another phone does again
        self.held[_key(item)] = Held(kept, by, status, waits_for, came)
        return status, version

    def _settle(self, item: Item, status: str) -> None:
        held = self.held.get(_key(item))
        if held and held.state in ("pending", "conflict") and status not in ("pending", "conflict"):
            held.state = "applied" if status in ("created", "known") else "dismissed"

    def _release(self, come: set[str]) -> None:
        while come:
            waiting = [
                h for h in self.held.values() if h.state == "pending" and h.waits_for in come
            ]
            come = set()
            for held in sorted(waiting, key=_held_turn):
                item = held.item
                if (visit := self._visit_of(item)) and visit.forgotten:
                    item = item | {"captured": None}  # its signature went with the person's words
                status, _ = self._judge(held.who, item, sha=_key_of(self.held, held))
                if status == "pending":
                    held.waits_for = self._parent_of(held.item)
                else:
                    held.state = "applied" if status in ("created", "known") else "conflict"
                if status == "created":
                    come.add(held.item["id"])

    def _judge(self, who: Who, item: Item, sha: str | None = None) -> Told:
        key = (item["id"], sha or item_sha256(item))
        if key in self.done:
            return "known", self.done[key]
        status, version = getattr(self, f"_{item['op']}")(who, item)
        if status == "created":
            self.done[key] = version
        return status, version

    def _create(self, who: Who, item: Item) -> Told:
        if item["kind"] == "contact_seen":
            return self._look(who, item)
        stored, content = self.records.get(item["id"]), content_of(item)
        if stored is not None:
            if content in stored.contents:
                return "known", stored.contents.index(content) + 1
            return "conflict", self._present(who, stored)
        data = item["data"]
        parent_id = data.get("visit_id") or data.get("subject_id")
        parent = self._visible(who, parent_id) if parent_id != data.get("centre_id") else None
        if parent_id is not None and data.get("subject_kind") != "centre":
            if parent is None:
                return "pending", None
            if parent.deleted:
                return "refused", None
        centre = parent.centre if parent else data.get("centre_id") or data["subject_id"]
        if parent and self._is_late(item, parent.visit):
            content = content_of(_without_person(item, LATE))
        record = Record(item["kind"], item["id"], centre, who, [content], parent)
        record.contact = bool(data.get("leader_name") or data.get("phone"))
        if item["attachments"]:
            record.attachment = item["attachments"][0]
        self.records[item["id"]] = record
        self._look_for_bytes(record)
        return "created", 1

    def _edit(self, who: Who, item: Item) -> Told:
        record, content, base = (
            self._visible(who, item["id"]),
            content_of(item),
            item["base_version"],
        )
        if record is None or base > record.version:
            return "pending", None
        if content in record.contents[base:]:
            return "known", base + record.contents[base:].index(content) + 1
        if record.parent_gone and not record.deleted:
            return "refused", None
        if self._is_late(item, record.visit):
            item = _without_person(item)
            content = record.contents[-1] if record.kind == "photo" else content_of(item)
        if content == record.contents[-1] and not record.deleted:
            return "known", record.version
        if record.deleted or base != record.version:
            return "conflict", record.version
        record.contents.append(content)
        record.forgotten = record.forgotten and record.kind == "visit"
        record.contact = bool(item["data"].get("leader_name") or item["data"].get("phone"))
        return "created", record.version

    def _delete(self, who: Who, item: Item) -> Told:
        record, base = self._visible(who, item["id"]), item["base_version"]
        if record is None or (base or 0) > record.version:
            return "pending", None
        if record.deleted:
            return "known", record.version
        if record.kind == "photo" and record.parent_gone:
            return "refused", None
        if base not in (None, record.version):
            return "conflict", record.version
        if record.parent_gone:
            return "refused", None
        record.contents.append(record.contents[-1])
        record.deleted = True
        return "created", record.version

    def _look(self, who: Who, item: Item) -> Told:
        if any(record_id == item["id"] for record_id, _ in self.done):
            return "known", 1
        if self._visible(who, item["data"]["visit_id"]) is None:
            return "pending", None
        self.looks += 1
        return "created", 1

    def _visit_of(self, item: Item) -> Record | None:
        """The visit that an item is about, as far as it says or its record is known."""
        data = item["data"]
        about = (item["id"], data.get("visit_id"), data.get("subject_id"))
        known = next((self.records[one] for one in about if one in self.records), None)
        return known.visit if known and known.visit.kind == "visit" else None

    def _is_late(self, item: Item, visit: Record) -> bool:
        """Whether it was written before its phone could know that the person was forgotten."""
        if visit.forgotten_at is None:
            return False
        captured = item["captured"]
        given_out = self.given_out(captured["nonce"]) if captured else None
        return given_out is None or given_out < visit.forgotten_at

    def _visible(self, who: Who, record_id: str | None) -> Record | None:
        record = self.records.get(record_id or "")
        return record if record is not None and record.centre in who.centres else None

    def _present(self, who: Who, record: Record) -> int | None:
        return record.version if record.centre in who.centres else None

    def _parent_of(self, item: Item) -> str:
        if item["op"] != "create":
            return str(item["id"])
        return str(item["data"].get("visit_id") or item["data"]["subject_id"])

    def _look_for_bytes(self, record: Record) -> None:
        if record.attachment:
            told = (record.by.account_id, record.attachment["id"], record.attachment["sha256"])
            record.arrived = record.arrived or told in self.bytes_of


def content_of(item: Item) -> dict[str, Any]:
    """What makes two versions the same: what was said, not when and where."""
    if item["op"] == "delete":
        return {}
    if item["kind"] == "photo":
        return {"caption": item["data"]["caption"]}
    return {name: v for name, v in item["data"].items() if name not in CIRCUMSTANCES}


def _without_person(item: Item, blanks: dict[str, dict[str, Any]] = FORGOTTEN) -> Item:
    stripped = deepcopy(item)
    blank = blanks.get(item["kind"], {})
    stripped["data"].update({n: v for n, v in blank.items() if n in item["data"]})
    return stripped


def _turn(item: Item) -> tuple[bool, int, str]:
    if item["op"] != "create":
        return (True, 0, "")
    return (False, RANKS[item["kind"]], item["id"])


def _held_turn(held: Held) -> tuple[bool, int, int]:
    return held.item["op"] != "create", held.item["base_version"] or 0, held.came


def _key(item: Item) -> tuple[str, str]:
    return item["id"], item_sha256(item)


def _key_of(held: dict[tuple[str, str], Held], wanted: Held) -> str:
    return next(sha for (_, sha), each in held.items() if each is wanted)


def versions_of(records: Iterable[Record]) -> dict[str, tuple[int, bool]]:
    """Version and whether struck out, by id."""
    return {record.id: (record.version, record.deleted) for record in records}
