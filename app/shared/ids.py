"""Identities: UUIDv7, so that ids made offline never clash and still sort by time."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Make a new identity.  Phones make their own the same way (RFC 9562, version 7)."""
    return uuid_utils.compat.uuid7()
