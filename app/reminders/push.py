"""Push: one encrypted message to one browser, through its maker's push service (RFC 8030, 8291)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import requests
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from app.reminders.keys import vapid_key
from app.reminders.models import PushSubscription
from app.reminders.rules import endpoint_allowed
from config import Settings

TIMEOUT_S = 10.0
KEPT_FOR_S = int(timedelta(days=1).total_seconds())  # by the service, for a phone that is off
GONE = (404, 410)

Outcome = Literal["sent", "gone", "failed"]


def send(subscription: PushSubscription, message: Mapping[str, str], settings: Settings) -> Outcome:
    """Send a message of some hundred letters, which nobody on the way can read.

    `gone`: the browser takes none any more, or its address is on no list.  `failed`: try later.
    """
    if not endpoint_allowed(subscription.endpoint, settings.push_services):
        return "gone"
    told = {
        "endpoint": subscription.endpoint,
        "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
    }
    try:
        with _Session() as session:
            webpush(
                told,
                json.dumps(message, ensure_ascii=False),
                vapid_private_key=Vapid02(vapid_key(settings)),
                vapid_claims={"sub": _contact(settings)},
                ttl=KEPT_FOR_S,
                timeout=TIMEOUT_S,
                headers={"Urgency": "normal"},
                requests_session=session,
            )
    except WebPushException as error:
        return "gone" if error.status_code in GONE else "failed"
    except (requests.RequestException, OSError):
        return "failed"
    return "sent"


class _Session(requests.Session):
    """Goes where it was sent and nowhere else: a redirect could name an address of this network."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = 0


def _contact(settings: Settings) -> str:
    """Where a push service may complain; Apple's takes only a mail or a TLS address."""
    if settings.mail_from:
        return f"mailto:{settings.mail_from}"
    return f"https://{settings.site.partition('://')[2]}"
