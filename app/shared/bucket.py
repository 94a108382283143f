"""A bucket: the few things that are asked of an S3-compatible server, and what its refusals mean.

Relied on: an object appears whole or not at all, and is listed and read as soon as a PUT has been
answered (Amazon since 2020; MinIO, Ceph, Garage, rclone).  Not relied on: versions,
`If-None-Match`, checksums in answers.  A SHA-256 is sent with every PUT for those who check it.
"""

from __future__ import annotations

import errno
import hashlib
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from app.shared.files import CHUNK_BYTES, Entry, plain_parts

PART_BYTES = 8 * 1024 * 1024  # S3 takes 10,000 parts: 78 GiB; one at a time is in memory
DEFAULT_REGION = "us-east-1"  # what servers that know no regions answer to
CONNECT_S, READ_S, TRIES = 5, 30, 3  # of one request: two minutes at most, then it is an error
PROBE_S = 2  # of the question whether it is there at all
RESUMES = 5  # of a stream that is cut
_GONE = frozenset({"404", "NoSuchKey", "NotFound"})
_FULL = frozenset({
    "507", "InsufficientStorage", "InsufficientCapacity", "QuotaExceeded", "StorageFull",
    "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "EntityTooLarge",
})  # fmt: skip


class BucketBroken(OSError):
    """The bucket did not answer, refused, or is full (`errno.ENOSPC`)."""


@dataclass(frozen=True, slots=True)
class Address:
    """`s3://bucket/prefix?endpoint=…&region=…&public=…`, taken apart.

    `public`: under which address browsers reach it; "" where they do not.
    """

    bucket: str
    prefix: str
    endpoint: str | None
    region: str
    public: str | None

    @classmethod
    def of(cls, url: str) -> Address:
        """Raises ValueError: it is none."""
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.hostname:
            raise ValueError("not an address of a bucket: s3://bucket/prefix?endpoint=…&region=…")
        said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = said.get("endpoint")
        # Within a house of containers http is usual, and no browser comes there.
        public = said.get("public", "no" if (endpoint or "").startswith("http:") else endpoint)
        region = said.get("region", DEFAULT_REGION)
        prefix = unquote(parts.path).strip("/")
        return cls(parts.netloc, prefix, endpoint, region, "" if public == "no" else public)


class Bucket:
    """One prefix of a bucket.  Keys are plain; safe for threads, and after a fork."""

    def __init__(self, address: Address, *, key: str, secret: str) -> None:
        self.address = address
        self._key, self._secret = key, secret
        self._made = self._client_at(address.endpoint)  # here: forks take it over unused
        self._owner: int | None = None

    def head(self, key: str) -> Entry | None:
        """What lies under `key`.  Raises BucketBroken."""
        try:
            with told():
                found = self._client.head_object(**self._at(key))
        except FileNotFoundError:
            return None
        return Entry(key, int(found["ContentLength"]), found["LastModified"])

    def stream(self, key: str, start: int, stop: int | None) -> Iterator[bytes]:
        """Bytes in pieces; what is cut goes on where it stopped.

        Raises:
            FileNotFoundError, BucketBroken: as they say.
        """
        left = RESUMES
        while stop is None or start < stop:
            try:
                with told():
                    body, stop = self._get(key, start, stop)
                    with closing(body):
                        for piece in body.iter_chunks(CHUNK_BYTES):
                            start += len(piece)
                            yield piece
                if start < stop:
                    raise BucketBroken(f"{key} ended at {start}, not at {stop}")
            except BucketBroken:
                left -= 1
                if not left:
                    raise

    def put(self, key: str, file: IO[bytes], size_bytes: int) -> None:
        """Store a seekable file, in parts where it is large.  Raises BucketBroken."""
        file.seek(0)
        with told():
            if size_bytes <= PART_BYTES:
                data = file.read(PART_BYTES)
                self._client.put_object(**self._at(key), Body=data, ChecksumSHA256=_sum(data))
            else:
                self._put_parts(key, file)

    def delete(self, key: str) -> None:
        """Remove the object if it is there.  Raises BucketBroken."""
        with suppress(FileNotFoundError), told():
            self._client.delete_object(**self._at(key))

    def listed(self, prefix: str) -> Iterator[Entry]:
        """Every object below the folder `prefix`, in order.  Raises BucketBroken."""
        top = self.address.prefix + "/" if self.address.prefix else ""
        asked = {"Bucket": self.address.bucket, "Prefix": f"{top}{prefix.rstrip('/')}/"}
        if not prefix:
            asked["Prefix"] = top
        with told():
            for page in self._client.get_paginator("list_objects_v2").paginate(**asked):
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(top)
                    yield Entry(key, int(each["Size"]), each["LastModified"])

    def abort_unfinished(self, prefix: str, before: datetime | None = None) -> int:
        """Give up uploads in parts that were begun below `prefix`; returns how many.

        A process that is killed leaves one, and its parts are bytes of somebody's file.
        """
        top = self.address.prefix + "/" if self.address.prefix else ""
        asked = {"Bucket": self.address.bucket, "Prefix": top + prefix}
        count = 0
        with suppress(FileNotFoundError), told():
            for page in self._client.get_paginator("list_multipart_uploads").paginate(**asked):
                for each in page.get("Uploads", ()):
                    if before is None or each["Initiated"] < before:
                        self._abort(each["Key"].removeprefix(top), each["UploadId"])
                        count += 1
        return count

    def link(self, key: str, expires_s: int, media_type: str, disposition: str) -> str | None:
        """A signed address of the object under which a browser may fetch it; None: none may."""
        if self.address.public == "":
            return None
        asked = self._at(key) | {
            "ResponseContentType": media_type,
            "ResponseContentDisposition": disposition,
            "ResponseCacheControl": "private, no-store",
        }
        client = self._client_at(self.address.public)
        return str(client.generate_presigned_url("get_object", asked, ExpiresIn=expires_s))

    def answers(self) -> bool:
        """Whether it answers within seconds, and to our key."""
        try:
            with told():
                probe = self._client_at(self.address.endpoint, patience_s=PROBE_S)
                probe.list_objects_v2(Bucket=self.address.bucket, MaxKeys=1)
        except OSError:
            return False
        return True

    def _get(self, key: str, start: int, stop: int | None) -> tuple[Any, int]:
        """The body from `start` on, and where it ends.  An empty object has no range to ask for."""
        asked = self._at(key)
        if start or stop is not None:
            asked["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        found = self._client.get_object(**asked)
        return found["Body"], start + int(found["ContentLength"]) if stop is None else stop

    def _put_parts(self, key: str, file: IO[bytes]) -> None:
        at = self._at(key)
        parts: list[dict[str, Any]] = []
        begun = self._client.create_multipart_upload(**at, ChecksumAlgorithm="SHA256")
        upload = str(begun["UploadId"])
        try:
            while data := file.read(PART_BYTES):
                number, checksum = len(parts) + 1, _sum(data)
                done = self._client.upload_part(
                    **at, UploadId=upload, PartNumber=number, Body=data, ChecksumSHA256=checksum
                )
                parts.append({"PartNumber": number, "ETag": done["ETag"]})
                if "ChecksumSHA256" in done:  # else it does not know of checksums
                    parts[-1]["ChecksumSHA256"] = checksum
            self._client.complete_multipart_upload(
                **at, UploadId=upload, MultipartUpload={"Parts": parts}
            )
        except BaseException:
            with suppress(OSError):
                self._abort(key, upload)
            raise

    def _abort(self, key: str, upload: str) -> None:
        with suppress(FileNotFoundError), told():
            self._client.abort_multipart_upload(**self._at(key), UploadId=upload)

    def _at(self, key: str) -> dict[str, Any]:
        parts = [self.address.prefix] if self.address.prefix else []
        return {"Bucket": self.address.bucket, "Key": "/".join([*parts, *plain_parts(key)])}

    @property
    def _client(self) -> Any:
        """This process's own: a fork must not speak over its parent's connections."""
        if self._owner not in (None, os.getpid()):
            self._made = self._client_at(self.address.endpoint)
        self._owner = os.getpid()
        return self._made

    def _client_at(self, endpoint: str | None, *, patience_s: int | None = None) -> Any:
        patience_s = patience_s or READ_S
        config = Config(
            signature_version="s3v4",
            connect_timeout=min(CONNECT_S, patience_s),
            read_timeout=patience_s,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            max_pool_connections=16,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"} if endpoint else {},
        )
        with _making:  # a session makes one at a time
            return _session().create_client(
                "s3", region_name=self.address.region, endpoint_url=endpoint,
                aws_access_key_id=self._key, aws_secret_access_key=self._secret, config=config,
            )  # fmt: skip


_making = Lock()


@cache
def _session() -> Any:
    """Knows what S3 is: half a second to read, once."""
    return get_session()


def _sum(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


@contextmanager
def told() -> Iterator[None]:
    """Whatever the client says of the bucket, as an OSError: jobs and pages know that.

    Raises:
        FileNotFoundError: no object lies there.
        BucketBroken: its words hold the address and the request, never a key or secret.
    """
    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
        names = {str(said.get("Code", "")), status}
        if _GONE & names and said.get("Code") != "NoSuchBucket":
            raise FileNotFoundError(str(error)[:300]) from error
        number = errno.ENOSPC if _FULL & names else errno.EIO
        raise BucketBroken(number, str(error)[:300]) from error
    except BotoCoreError as error:
        raise BucketBroken(errno.EIO, str(error)[:300]) from error
