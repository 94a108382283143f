"""Drawing many pictures: in this process, or in a few others beside it.

Drawing is the slow part of the demo and needs nothing but its order, so other processes can do
it; they are spawned, not forked, because this one holds a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from app.demo.pictures import Picture, photograph, resaved
from app.demo.pictures.exif import Shot

WORTH_A_POOL = 8  # starting two processes takes as long as drawing about four pictures


@dataclass(frozen=True)
class Order:
    """One picture to draw, and how it was kept.  `font`: a Thai TrueType file, if there is one."""

    picture: Picture
    shot: Shot
    resaved: bool = False
    font: Path | None = None


def developed(orders: Sequence[Order], processes: int) -> Iterator[bytes]:
    """The orders' JPEGs, in order.  The same order gives the same bytes in any process."""
    if processes < 2 or len(orders) < WORTH_A_POOL:
        yield from map(develop, orders)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(develop, orders)
        finally:
            pool.shutdown(cancel_futures=True)


def develop(order: Order) -> bytes:
    """Draw one order."""
    jpeg = photograph(order.picture, order.shot, order.font)
    return resaved(jpeg) if order.resaved else jpeg
