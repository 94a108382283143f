"""What posts and their fields are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.records.words import register_words

LABELS = {
    "url": _l("Link to the post"),
    "channel": _l("Channel"),
    "posted_on": _l("Day it was posted"),
    "title": _l("What it is about"),
    "side": _l("Side of the 5P"),
    "read_on": _l("Day the numbers were read"),
    "views": _l("Views"),
    "likes": _l("Likes"),
    "shares": _l("Shares"),
    "screenshot_id": _l("Screenshot"),
}
WORDS = register_words(
    "post", title=_l("Post"), many=_l("Publicity"), new=_l("New post"), labels=LABELS
)
