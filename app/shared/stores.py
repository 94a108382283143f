"""Which store an installation has: its data folder, or the bucket that an address names."""

from __future__ import annotations

from pathlib import Path

from app.shared.files import FileStore
from app.shared.folder_store import FolderStore


def store_at(
    url: str, folder: Path, scratch: Path, *, key: str = "", secret: str = ""
) -> FileStore:
    """The store of `LAKTHAN_STORE`: empty is `folder`, else s3://bucket/prefix?….

    The query may say `endpoint` (of a server that is not Amazon's), `region`, and `public` (the
    address under which browsers reach it, or "no").  Connects when first used.

    Raises:
        ValueError: the address is none.
    """
    if not url:
        return FolderStore(folder)
    # Here: an installation with a folder does without the client's 38 MB.
    from app.shared.bucket import Address, Bucket
    from app.shared.bucket_store import BucketStore

    return BucketStore(Bucket(Address.of(url), key=key, secret=secret), scratch)
