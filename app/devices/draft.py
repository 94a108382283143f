"""What a phone says of itself, when it enrols and with every heartbeat, read from strict JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.rules import PASSWORD_MAX
from app.devices.signing import KEY_DER_MAX, capture_key
from app.shared.decode import JsonRecord
from app.shared.errors import Malformed

LABEL_MAX = 80  # this and the next: the columns' limits
VERSION_MAX = 40
_LOGIN_MAX = 80
_CODE_MAX = 40  # eight characters, and whatever people type between them
_BEAT_MAX = 40
_MOST_UNSENT = 1_000_000  # far above any phone, below what the column holds
_PHONE_FIELDS = frozenset({"install_id", "label", "app_version", "public_key", "web_session"})
_PROOF_FIELDS = frozenset({"login", "password", "one_time", "code"})
_HEARTBEAT_FIELDS = frozenset(
    {
        "unsent_records", "unsent_photos", "unsent_bytes", "oldest_unsent_at",
        "storage_left_bytes", "storage_persisted", "app_version", "device_time", "beat",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhoneDraft:
    """One browser's storage that asks to be enrolled."""

    install_id: UUID
    label: str
    app_version: str
    public_key: bytes | None  # DER; None where the browser cannot keep a key


@dataclass(frozen=True, slots=True)
class Password:
    """Proof of who asks: what they sign in with, and a second factor's code if they need one."""

    login: str
    password: str
    one_time: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Proof of who asks: a code somebody made for them."""

    text: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A phone, and on whose behalf it asks (None: whoever is signed in)."""

    phone: PhoneDraft
    proof: Password | Code | None
    web_session: bool


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a phone holds and has not sent, and how it fares."""

    unsent_records: int
    unsent_photos: int
    unsent_bytes: int
    oldest_unsent_at: datetime | None  # by the phone's clock, like `device_time`
    storage_left_bytes: int | None
    storage_persisted: bool | None
    app_version: str
    device_time: datetime
    beat: str | None


def enrolment_from_json(item: object, *, signed_in: bool) -> Enrolment:
    """Read an enrolment; one who is signed in needs no proof and may send none.

    Raises:
        Malformed: the first field that is not what it should be.
    """
    record = JsonRecord(item, _PHONE_FIELDS if signed_in else _PHONE_FIELDS | _PROOF_FIELDS)
    phone = PhoneDraft(
        install_id=record.id("install_id"),
        label=_short(record, "label", LABEL_MAX),
        app_version=_short(record, "app_version", VERSION_MAX),
        public_key=_key(record),
    )
    proof = None if signed_in else _proof(record)
    return Enrolment(phone, proof, bool(record.flag_or_none("web_session")))


def heartbeat_from_json(item: object) -> Heartbeat:
    """Read a heartbeat.  A clock may be decades off: that is what it is here to tell.

    Raises:
        Malformed: the first field that is not what it should be.
    """
    record = JsonRecord(item, _HEARTBEAT_FIELDS)
    device_time = record.clock("device_time")
    if device_time is None:
        raise Malformed("device_time", "instant with offset")
    return Heartbeat(
        unsent_records=_amount(record, "unsent_records"),
        unsent_photos=_amount(record, "unsent_photos"),
        unsent_bytes=_not_negative("unsent_bytes", record.count("unsent_bytes")),
        oldest_unsent_at=record.clock("oldest_unsent_at"),
        storage_left_bytes=_not_negative_or_none(record, "storage_left_bytes"),
        storage_persisted=record.flag_or_none("storage_persisted"),
        app_version=_short(record, "app_version", VERSION_MAX),
        device_time=device_time,
        beat=record.typed("beat", longest=_BEAT_MAX),
    )


def lost_from_json(item: object) -> UUID:
    """Read which earlier phone is gone.  Raises Malformed."""
    return JsonRecord(item, {"device_id"}).id("device_id")


def _proof(record: JsonRecord) -> Password | Code:
    login = record.typed("login", longest=_LOGIN_MAX)
    password = record.typed("password", longest=PASSWORD_MAX)
    one_time = record.typed("one_time", longest=_CODE_MAX)
    code = record.typed("code", longest=_CODE_MAX)
    if code is not None and login is None and password is None and one_time is None:
        return Code(code)
    if code is None and login is not None and password is not None:
        return Password(login, password, one_time)
    raise Malformed("code", "either a code, or login and password")


def _key(record: JsonRecord) -> bytes | None:
    given = record.octets("public_key", longest=KEY_DER_MAX)
    if given is None:
        return None
    key = capture_key(given)
    if key is None:
        raise Malformed("public_key", "P-256 public key, SubjectPublicKeyInfo")
    return key


def _short(record: JsonRecord, name: str, longest: int) -> str:
    text = record.word(name)
    if len(text) > longest:
        raise Malformed(name, f"text, at most {longest} characters")
    return text


def _amount(record: JsonRecord, name: str) -> int:
    number = _not_negative(name, record.count(name))
    if number > _MOST_UNSENT:
        raise Malformed(name, f"integer up to {_MOST_UNSENT}")
    return number


def _not_negative_or_none(record: JsonRecord, name: str) -> int | None:
    number = record.whole(name)
    return None if number is None else _not_negative(name, number)


def _not_negative(name: str, number: int) -> int:
    if number < 0:
        raise Malformed(name, "integer from 0")
    return number
