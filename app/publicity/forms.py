"""The form of a post: the link first, which tells the channel by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from app.publicity.kinds import POST
from app.publicity.rules import channel_of, clean_link
from app.publicity.words import LABELS
from app.records.forms import form_for
from app.rounds.programme import load_programme

if TYPE_CHECKING:
    from app.records.forms import RecordForm as _Built
else:
    _Built = form_for(POST, LABELS, without=("screenshot_id",))


class PostForm(_Built):
    """A post as typed.  The channel may be left out where the link tells it."""

    screenshot = FileField(_l("Own screenshot"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Cut off what follows people about, tell the channel, then judge."""
        link, channel = self["url"], self["channel"]
        link.data = clean_link(link.data)
        if not channel.data:
            channel.data = channel_of(link.data, load_programme().channels)
        return super().validate(extra_validators)
