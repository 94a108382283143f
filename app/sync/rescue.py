"""What may come out of a rescue file: whose it is, who may bring it, and its photos' bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.accounts.service import actor_of
from app.devices.enrolment import LockerUnreadable
from app.devices.locker import open_locker
from app.devices.models import Device
from app.devices.rules import Phone
from app.shared.errors import DomainError
from app.sync.inbox import Answer
from app.sync.rescue_file import ChunkFrame, Opener, Opening, RescueDamaged
from app.uploads.landing import Landing
from app.uploads.models import Upload
from app.uploads.protocol import UploadDraft
from app.uploads.service import begin


class RescueUnknownDevice(DomainError):
    """The phone does not exist, or its account lies outside the bringer's area."""

    code = "rescue_unknown_device"


@dataclass(frozen=True, slots=True)
class Source:
    """The phone a file comes from, and what opens it."""

    phone: Phone
    opener: Opener


@dataclass
class Blob:
    """One attachment out of the file, as far as it has come."""

    upload: Upload | None = None
    held: bool = False
    broken: bool = False


@dataclass
class Rescued:
    """What came of a rescue file."""

    source: Source
    now: datetime
    answers: list[Answer] = field(default_factory=list)
    blobs: dict[UUID, Blob] = field(default_factory=dict)
    damaged: int = 0  # frames whose seal did not open, or that are missing

    def counts(self) -> Mapping[str, int]:
        """How many items came to which end."""
        return Counter(answer.verdict.status for answer in self.answers)

    @property
    def held(self) -> int:
        """Files whose bytes are all here."""
        return sum(blob.held for blob in self.blobs.values())

    @property
    def refused(self) -> int:
        """Files that are not."""
        return len(self.blobs) - self.held


def source_of(session: Session, opening: Opening, *, actor: Actor, seed: str) -> Source:
    """Whose data these are, if `actor` may bring them: their own, or of somebody in their area.

    A phone out of use and an account that is closed do not matter: the record was made before.

    Raises:
        RescueUnknownDevice: no such phone of that account, or not for this actor.
        LockerUnreadable: the server lost the key to this phone's locker.
    """
    device = session.get(Device, opening.device_id)
    if device is None or device.account_id != opening.account_id:
        raise RescueUnknownDevice
    account = session.get_one(Account, device.account_id)
    if not _may_bring(actor, account):
        raise RescueUnknownDevice
    locker = open_locker(seed, device.id, device.sealed_locker)
    if locker is None:
        raise LockerUnreadable
    return Source(Phone(device.id, actor_of(account)), Opener(locker, account.id))


def upload_of(session: Session, frame: ChunkFrame, phone: Phone, now: datetime) -> Upload:
    """The upload that the chunk's attachment is: the one its phone began, or a new one.

    Raises:
        TooManyUploads: the phone has too many of them unfinished.
    """
    draft = UploadDraft(frame.attachment_id, frame.role, frame.sha256, frame.size_bytes)
    return begin(
        session, draft, device_id=phone.device_id, account_id=phone.actor.account_id, now=now
    )


def add_chunk(landing: Landing, upload: Upload, frame: ChunkFrame, plain: bytes) -> bool:
    """Add what is new of a chunk to its upload on disk; True once the whole is there.

    What the phone had sent itself, or an earlier import, is not written twice.

    Raises:
        RescueDamaged: bytes before it are missing.
        WrongOffset: somebody else sends the same at this moment.
        OSError: the disk refused.
    """
    if not frame.index:
        landing.begin(upload)
    reached = landing.reached(upload)
    end = frame.starts_at + len(plain)
    if reached < frame.starts_at:
        raise RescueDamaged
    if reached < end:
        reached = landing.append(upload, reached, plain[reached - frame.starts_at :])
    if reached < frame.size_bytes:
        return False
    landing.flush(upload)
    return True


def _may_bring(actor: Actor, account: Account) -> bool:
    if actor.account_id == account.id:
        return True
    return actor.role != "volunteer" and actor.sees_area(account.area_code)
