"""What a full or broken disk is to a phone: come again, nothing is lost and nothing half there."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from app.shared.errors import DomainError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFull(DomainError):
    """There is no room for the bytes; what was told before is still there."""

    code = "disk_full"


class DiskAway(DomainError):
    """The disk cannot be read or written at the moment."""

    code = "unavailable"


@contextmanager
def storing() -> Iterator[None]:
    """Say what the disk's refusal means.

    Raises:
        DiskFull, DiskAway: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise (DiskFull if error.errno in _FULL else DiskAway) from error
