"""A run is carried on: batch after batch, each a transaction of its own, files after each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from flask import current_app

from app.documents import destruction as documents
from app.photos import destruction as photos
from app.retention import runs
from app.retention.disposal import Disposal
from app.retention.ends import ALL
from app.retention.models import RetentionRun
from app.retention.service import Waiting, end_batch, still_due, take_lock, waiting
from app.retention.survey import survey
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.work import work

log = logging.getLogger(__name__)
GoOn = Callable[[], bool]
FILES_AT_ONCE = 200


def carry_on(
    run_id: UUID, today: date, *, go_on: GoOn, disposals: Sequence[Disposal] = ALL
) -> bool:
    """End what is due until nothing is, or `go_on` says stop; returns whether the run is ended.

    Harmless twice: what has ended is due no more.  Killed between two batches nothing is lost;
    killed between a commit and its files, those are found again by the next run.
    """
    with work() as w:
        run = w.session.get_one(RetentionRun, run_id)
        fresh = not run.counts
        if fresh:
            found = survey(w.session, today, disposals)
            counted = {each.disposal.key: (each.due, each.held) for each in found}
            runs.note_due(w.session, run_id, counted)
    if fresh:
        _remove_left_behind(run)
    for disposal in disposals:
        asked: set[object] = set()
        while batches := _waiting(run_id, disposal, today, asked):
            for batch in batches:
                asked.update(batch.ids)
                _end(run_id, disposal, today, batch)
                if not go_on():
                    return False
    with work() as w:
        ended = runs.end(w.session, run_id, now())
    told = (runs.total(ended, what) for what in ("destroyed", "held", "failed"))
    log.info("retention: %d ended, %d held back, %d failed", *told)
    return True


def _waiting(run_id: UUID, disposal: Disposal, today: date, asked: set[object]) -> list[Waiting]:
    session = db.session()
    run = session.get_one(RetentionRun, run_id, populate_existing=True)
    found = waiting(session, disposal, today, skip=runs.skipped(run, disposal))
    session.rollback()  # nothing is held open: `work` begins anew
    fresh = [batch for batch in found if not asked.issuperset(batch.ids)]
    if found and not fresh:  # an end that ends nothing must not go round for ever
        log.error("%s: %d batches are still due after their end", disposal.key, len(found))
    return fresh


def _end(run_id: UUID, disposal: Disposal, today: date, batch: Waiting) -> None:
    if not _try(run_id, disposal, today, batch):
        for each in batch.ids:  # one of them will not: the others shall not wait for it
            alone = Waiting(batch.area_code, (each,))
            if not _try(run_id, disposal, today, alone):
                log.error("%s %s could not be ended", disposal.kind, each)
                with work() as w:
                    runs.note(w.session, run_id, disposal, failed=[str(each)])


def _try(run_id: UUID, disposal: Disposal, today: date, batch: Waiting) -> bool:
    """One transaction; what is due is asked again in it: another run may have ended it, or a hold
    been placed meanwhile."""
    begun = now()
    try:
        with work() as w:
            take_lock(w.session)
            ids = still_due(w.session, disposal, today, batch.ids)
            if not ids:
                return True
            done = end_batch(w.session, disposal, ids, batch.area_code, now=begun, run_id=run_id)
            runs.note(w.session, run_id, disposal, destroyed=len(ids))
    except Exception as error:  # noqa: BLE001 - whatever it is, it costs one row, not the night
        log.warning("a batch of %s failed: %s", disposal.key, type(error).__name__)
        return False
    _remove(run_id, disposal, done.keys, begun)
    return True


def _remove(run_id: UUID, disposal: Disposal, keys: Sequence[str], begun: datetime) -> None:
    if not keys:
        return
    try:
        left = photos.remove_files(_files(), keys, untouched_since=begun)
    except OSError as error:  # the next night looks again
        log.error("files of %s are still there: %s", disposal.key, error)
        left = len(keys)
    if left:
        with work() as w:
            runs.note(w.session, run_id, disposal, left=left)


def _remove_left_behind(run: RetentionRun) -> None:
    """Files of what was destroyed just before a process died, by whomever."""
    session, begun = db.session(), now()
    since = runs.look_again_since(session, run)
    keys: list[str] = []
    pictures = photos.destroyed_since(session, since)
    for at in range(0, len(pictures), FILES_AT_ONCE):
        keys += photos.files_of(session, pictures[at : at + FILES_AT_ONCE])
    papers = documents.destroyed_since(session, since)
    for at in range(0, len(papers), FILES_AT_ONCE):
        keys += documents.files_of(session, papers[at : at + FILES_AT_ONCE])
    session.rollback()
    with suppress(OSError):
        photos.remove_files(_files(), keys, untouched_since=begun)


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files
