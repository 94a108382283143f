"""The form in which boxes over faces are sent: four numbers each, in percent of the picture.

The page's script draws the boxes and writes the numbers; without it people write them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField
from wtforms.form import Form

from app.sharing.rules import MOST_BOXES, Box, check_boxes
from app.web.forms import DecimalBox, PageForm

BLANK_ROWS = 4  # offered to those who write the numbers


class BoxRow(Form):
    """One box; a row without any number is no box."""

    x = DecimalBox(_l("From the left (%)"))
    y = DecimalBox(_l("From the top (%)"))
    width = DecimalBox(_l("Width (%)"))
    height = DecimalBox(_l("Height (%)"))

    def numbers(self) -> list[Decimal | None]:
        """The four numbers, None where none was written."""
        return [self.x.data, self.y.data, self.width.data, self.height.data]

    def is_empty(self) -> bool:
        """Whether nothing at all was written."""
        return not any(box.raw_data and box.raw_data[0].strip() for box in self)


class CopyForm(PageForm):
    """Where the faces are, and the word that nobody else can be recognised."""

    agreed = True  # whether the group lets its faces be published
    boxes = FieldList(FormField(BoxRow), max_entries=MOST_BOXES + BLANK_ROWS)
    nobody = BooleanField(_l("In the copy nobody can be recognised"))

    @classmethod
    def blank(cls) -> CopyForm:
        """The form as its page shows it first."""
        form = cls(formdata=None)
        for _row in range(BLANK_ROWS):
            form.boxes.append_entry()
        return form

    def drawn(self) -> list[Box]:
        """The boxes that have numbers, as fractions; a number left out makes one without size."""
        found = []
        for entry in self.boxes:
            if not entry.form.is_empty():
                x, y, width, height = (float(n or 0) / 100 for n in entry.form.numbers())
                found.append(Box(x, y, width, height))
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the rules."""
        return super().validate(extra_validators) and self.refuse(
            check_boxes(self.drawn(), nobody=bool(self.nobody.data), agreed=self.agreed)
        )
