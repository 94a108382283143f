"""The editor's form and the one that publishes; what a programme may say is in `reading`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app.web.forms import LongTextBox, Needed, PageForm, TextBox, VersionBox

NOTE_MAX = 300


class ProgrammeTextBox(TextAreaField):
    """A whole file as typed.  A browser sends CR LF; files here have LF."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, changing nothing else."""
        if valuelist:
            self.data = valuelist[0].replace("\r\n", "\n").replace("\r", "\n")


class ProgrammeForm(PageForm):
    """A programme in the editor.  `seen` is the newest version there was when it was opened."""

    text = ProgrammeTextBox(_l("Programme file"))
    note = TextBox(
        _l("What changes"), validators=[Length(max=NOTE_MAX, message=_l("This is too long."))]
    )
    seen = VersionBox()


class PublishForm(PageForm):
    """Putting a version in force, with the reason that the history keeps."""

    reason = LongTextBox(
        _l("Why it is put in force"),
        validators=[Needed(), Length(max=NOTE_MAX, message=_l("This is too long."))],
    )
