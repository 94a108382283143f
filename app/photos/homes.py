"""Where a photo was taken is hidden from peers when it was probably not taken at the centre.

A volunteer who photographs at home tells where they live.  Desks must see it, to ask; the other
people of the centre need not (reliability.md, case 128).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, true

from app.accounts.rules import Actor
from app.photos.models import Photo

HOME_M = 2_000.0  # farther than this from the centre it may be somebody's home


def hides_place(actor: Actor, photo: Photo) -> bool:
    """Whether the actor may not see where the photo was taken, nor take it away with that in it."""
    if actor.role != "volunteer" or photo.recorder_id == actor.account_id:
        return False
    if photo.distance_m is None:
        return photo.lat is not None or photo.exif_lat is not None  # not measured yet
    return photo.distance_m > HOME_M


def place_shown(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on `Photo`, for a map."""
    if actor.role != "volunteer":
        return true()
    return or_(Photo.recorder_id == actor.account_id, Photo.distance_m <= HOME_M)
