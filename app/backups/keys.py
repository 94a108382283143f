"""The backup's keys and those in force: what was sealed opens with the same ones only."""

from __future__ import annotations

import hmac
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from app.backups.sealing import KEYS
from app.backups.shelf import PRIVATE_FILE, KeysFileExists
from config import Settings

_VARIABLES = {
    "secret_key": "SECRET_KEY",
    "signing_key": "LAKTHAN_SIGNING_KEY",
    "vapid_key": "LAKTHAN_VAPID_KEY",
}


def keys_differ(settings: Settings, keys: Mapping[str, str]) -> bool:
    """Whether a key that the backup was made with is not the one in force."""
    return any(
        keys.get(name)
        and not hmac.compare_digest(keys[name].encode(), str(getattr(settings, name)).encode())
        for name in KEYS
    )


def give_keys(path: Path, keys: Mapping[str, str]) -> None:
    """Write the keys as settings into a new file that only its owner reads.

    As a shell and systemd's `EnvironmentFile=` read them.

    Raises:
        KeysFileExists: nothing was written.
        OSError: the disk refused; nothing is left.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError as error:
        raise KeysFileExists(name=path.name) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            for name in KEYS:
                if keys.get(name):
                    file.write(f"{_VARIABLES[name]}={shlex.quote(keys[name])}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
