"""WebAuthn's messages, made and read by py_webauthn: no database, no account.

Apart from `passkeys`, which loads it when somebody first uses one: 13 MB of a web process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.passkey_site import Site

Answer = Mapping[str, Any]  # a credential as a browser's script writes it (WebAuthn level 3)
_VERIFIED = UserVerificationRequirement.REQUIRED
# What py_webauthn and cbor2 raise on answers that no browser of good will would send.
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)


class NotProven(Exception):
    """The answer cannot be read, or proves nothing for this site and challenge."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential: its id, its public key (COSE), its counter."""

    credential_id: bytes
    public_key: bytes
    count: int


def making_options(
    account_id: UUID, username: str, name: str, site: Site, challenge: bytes,
    known: Collection[bytes],
) -> str:  # fmt: skip
    """What a browser needs to make a credential that is none of `known`; JSON text."""
    return options_to_json(
        generate_registration_options(
            rp_id=site.domain,
            rp_name="Lakthan",
            user_id=account_id.bytes,
            user_name=username,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        )
    )


def read_made(answer: Answer, site: Site, challenge: bytes) -> Made:
    """The credential a browser made.  Raises NotProven."""
    try:
        made = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise NotProven from error
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def asking_options(site: Site, challenge: bytes) -> str:
    """What a browser needs to offer whatever credentials it has here; JSON text."""
    return options_to_json(
        generate_authentication_options(
            rp_id=site.domain, challenge=challenge, user_verification=_VERIFIED
        )
    )


def proven_count(answer: Answer, public_key: bytes, site: Site, challenge: bytes) -> int:
    """The credential's own counter, once its signature is verified.  Raises NotProven."""
    try:
        proof = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,  # ours is compared where it is written
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise NotProven from error
    return int(proof.new_sign_count)
