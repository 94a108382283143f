"""The page that shows an invitation's link: once, as a square, an address and a message."""

from __future__ import annotations

from flask import current_app, render_template

from app.accounts.invitations import link_to
from app.accounts.models import Account, Invitation
from app.shared.qr import qr_picture
from config import Settings


def link_page(account: Account, code: str, entry: Invitation) -> str:
    """The page for whoever made the link; the code is kept nowhere else."""
    settings: Settings = current_app.config["SETTINGS"]
    link = link_to(settings.site, code)
    return render_template(
        "administration/link.html",
        account=account,
        link=link,
        picture=qr_picture(link),
        expires_at=entry.expires_at,
        resets=entry.resets,
    )
