"""Reading back: an issued file is read once more, as whoever takes it away will get it.

The digests under which files went in were found when the parts were made; only now is it known
that these bytes lie where they are issued from.
"""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

from app.packets import claims, store
from app.packets.bag.verify import Unreadable, verify
from app.packets.vault import Vault
from app.shared.clock import now
from app.shared.files import FileStore
from app.shared.work import work

log = logging.getLogger(__name__)


def read_back(packet_id: UUID, files: FileStore, vault: Vault) -> None:
    """Check an issued packet's file and note its digest; a broken one fails and is kept aside.

    Harmless twice: what was read back is left alone.

    Raises:
        OSError: the vault does not answer; the sweeper rings again.
    """
    with work() as w:
        issued = claims.claim_reading(w.session, packet_id, now())
    if issued is None:
        return
    key, fingerprint = issued
    try:
        with vault.local(key) as path:
            fault, sha256 = _fault(path, fingerprint)
            if fault:
                files.put_file(path, store.aside_key(key))
    except OSError:
        with work() as w:
            claims.let_go_of_reading(w.session, packet_id)
        raise
    with work() as w:
        if fault:
            claims.found_broken(w.session, packet_id, now=now())
        else:
            claims.found_whole(w.session, packet_id, sha256)
    if fault:
        vault.delete(key)
        log.critical("packet %s is not what was issued: %s", packet_id, fault)


def _fault(path: Path, fingerprint: str) -> tuple[str, str]:
    """What is wrong with the file, "" for nothing; and the SHA-256 of the whole."""
    try:
        report = verify(path)
    except Unreadable as error:
        return str(error) or "unreadable", ""
    if report.whole and report.fingerprint == fingerprint:
        return "", report.sha256
    wrong = [*report.altered, *report.missing, *report.added, *report.damaged]
    return ", ".join(wrong[:10]) or "another fingerprint", report.sha256
