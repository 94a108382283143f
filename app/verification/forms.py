"""The two forms of the page: a code to type, a file to choose."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from app.web.forms import PageForm, TextBox


class CodeForm(PageForm):
    """The code from a stamp.  It changes nothing, so it needs no token and may be linked to."""

    class Meta:
        """A form that is sent by its address."""

        csrf = False

    code = TextBox(_l("Code on the stamp"))


class FileForm(PageForm):
    """The file whose worth somebody wants to know."""

    photo = FileField(_l("Picture"))
