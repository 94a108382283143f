"""Which landing a store has."""

from __future__ import annotations

from app.shared.files import FileStore
from app.shared.folder_store import FolderStore
from app.uploads.folder_landing import FolderLanding
from app.uploads.landing import Landing


def landing_of(files: FileStore) -> Landing:
    """The unfinished uploads of `files`, for one request."""
    if isinstance(files, FolderStore):
        return FolderLanding(files)
    # Here: an installation with a folder does without the bucket's client.
    from app.shared.bucket_store import BucketStore
    from app.uploads.bucket_landing import BucketLanding

    if not isinstance(files, BucketStore):
        raise TypeError(f"no landing for {type(files).__name__}")
    return BucketLanding(files)
