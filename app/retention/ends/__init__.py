"""How each class of data ends; `ALL` in the order in which a night takes them.

Packets before visitors: whom a packet names is then forgotten without making it again, person by
person.  Accounts last: the others name them.
"""

from __future__ import annotations

from app.retention.disposal import Disposal
from app.retention.ends import carried, devices, papers, people, pictures, ways_in

ALL: tuple[Disposal, ...] = (
    *papers.PACKETS, *people.VISITORS, *pictures.DISPOSALS, *papers.DISPOSALS, *people.REQUESTS,
    *ways_in.DISPOSALS, *carried.DISPOSALS, *devices.DISPOSALS, *people.ACCOUNTS,
)  # fmt: skip
