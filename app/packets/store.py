"""Where packets and their photos lie in the file store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.photos.service import ORIGINALS, RENDITIONS
from app.shared.files import FileStore, content_key


@dataclass(frozen=True, slots=True)
class StoredPhotos:
    """`survey.Sources` over the file store."""

    files: FileStore

    def view(self, sha256: str) -> Path:
        """Place of a rendition; the file may be absent."""
        return self.files.path(content_key(RENDITIONS, sha256))

    def original(self, sha256: str) -> Path:
        """Place of an original; the file may be absent."""
        return self.files.path(content_key(ORIGINALS, sha256))


def packet_key(packet_id: UUID, attempt: int) -> str:
    """The key of what one attempt writes; another attempt can never replace it."""
    return f"packets/{packet_id}/{attempt}.zip"


def clear_leftovers(files: FileStore, packet_id: UUID) -> None:
    """Remove what earlier attempts at an unfinished packet left: halves, and files nobody issued.

    Call only while holding the packet's claim: then nothing of it is issued.
    """
    folder = files.path(f"packets/{packet_id}")
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
