"""The words of tus 1.0: what its headers say, and what ours answer.

The protocol: https://tus.io/protocols/resumable-upload, version 1.0.0, with the extensions
creation, creation-with-upload, checksum, expiration and termination.
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from app.shared.errors import DomainError, Malformed
from app.shared.files import FileEmpty, FileTooLarge
from app.uploads.attachment import SHA256_HEX
from app.uploads.models import ROLES, Upload, UploadRole

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
OFFSET_STREAM = "application/offset+octet-stream"
ALGORITHMS: dict[str, Any] = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
_MOST_DIGITS = 15  # of a number in a header; far above any size


class WrongVersion(DomainError):
    """The client speaks no version of tus that we speak."""

    code = "tus_version"


class WrongContent(DomainError):
    """A body that is no piece of a file (`expected`)."""

    code = "unsupported_media_type"


class ChecksumMismatch(DomainError):
    """The piece was damaged on its way; the file is as it was."""

    code = "checksum_mismatch"


@dataclass(frozen=True, slots=True)
class UploadDraft:
    """An upload as asked for."""

    attachment_id: UUID
    role: UploadRole
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must hash to."""

    algorithm: str
    digest: bytes

    def check(self, hashed: Any) -> None:
        """Compare with what was counted while reading.  Raises ChecksumMismatch."""
        if hashed.digest() != self.digest:
            raise ChecksumMismatch


def check_version(headers: Headers) -> None:
    """Raise WrongVersion unless the request is tus 1.0.0."""
    if headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion


def draft_from(headers: Headers, *, max_bytes: int) -> UploadDraft:
    """Read what a creation asks for.

    Raises:
        Malformed: a header is missing or cannot be read; it is named.
        FileEmpty, FileTooLarge: there is nothing to send, or more than is taken.
    """
    size_bytes = whole_number(headers, "Upload-Length")
    if not size_bytes:
        raise FileEmpty
    if size_bytes > max_bytes:
        raise FileTooLarge(max_bytes=max_bytes)
    told = _metadata(headers.get("Upload-Metadata", ""))
    role, sha256 = told.get("role", "original"), told.get("sha256", "")
    if role not in ROLES:
        raise Malformed("Upload-Metadata.role", " or ".join(ROLES))
    if not SHA256_HEX.fullmatch(sha256):
        raise Malformed("Upload-Metadata.sha256", "64 hex digits")
    return UploadDraft(_attachment_id(told), role, sha256, size_bytes)


def whole_number(headers: Headers, name: str) -> int:
    """A header that must be a number.  Raises Malformed."""
    text = headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise Malformed(name, "whole number")
    return int(text)


def checksum_from(headers: Headers) -> Checksum | None:
    """The checksum of the body, if one is given.  Raises Malformed."""
    given = headers.get("Upload-Checksum")
    if given is None:
        return None
    algorithm, _, encoded = given.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise Malformed("Upload-Checksum", " or ".join(ALGORITHMS))
    digest = _unpacked(encoded)
    if digest is None or len(digest) != ALGORITHMS[algorithm]().digest_size:
        raise Malformed("Upload-Checksum", f"{algorithm} in base64")
    return Checksum(algorithm, digest)


def answers(upload: Upload, offset: int) -> dict[str, str]:
    """How far an upload is, as headers."""
    told = {"Upload-Offset": str(offset), "Upload-Length": str(upload.size_bytes)}
    if upload.state == "open" and offset < upload.size_bytes:
        told["Upload-Expires"] = http_date(upload.expires_at)
    return told


def abilities(max_bytes: int) -> dict[str, str]:
    """What this server can do, as headers."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(max_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64,key`; keys we do not know are somebody else's business."""
    told: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = pair.partition(" ")
        value = _unpacked(encoded)
        if value is None or key in told:
            raise Malformed("Upload-Metadata", "key and base64 value, comma, ...")
        told[key] = value.decode("utf-8", "replace")
    return told


def _attachment_id(told: Mapping[str, str]) -> UUID:
    text = told.get("attachment_id", "")
    try:
        if len(text) == 36:
            return UUID(text)
    except ValueError:
        pass  # answered below
    raise Malformed("Upload-Metadata.attachment_id", "UUID")


def _unpacked(encoded: str) -> bytes | None:
    try:
        return b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):  # ValueError: letters outside ASCII
        return None
