"""How far a sign-in has come, and by what it was proved.  Pure."""

from __future__ import annotations

from typing import Literal, get_args

Stage = Literal["open", "factor", "enrol"]
STAGES: tuple[Stage, ...] = get_args(Stage)
Proof = Literal["password", "one_time", "recovery", "passkey", "invitation", "code"]
