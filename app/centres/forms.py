"""The centre's form: shape here, rules in rules.py."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.centres.models import Centre
from app.centres.rules import CentreDraft
from app.shared.geo import DEFAULT_RADIUS_M
from app.web.forms import ChoiceChips, DecimalBox, IntegerBox, Needed, PageForm, TextBox, offered

SHOWN = (
    "name", "code", "plot_class", "status", "subdistrict_code", "moo", "village", "lat", "lon",
    "radius_m", "steward_name", "phone", "size_rai", "budget_source", "budget_year",
)  # fmt: skip


class CentreForm(PageForm):
    """One learning centre."""

    name = TextBox(_l("Name of the centre"), validators=[Needed()])
    code = TextBox(_l("Code"), validators=[Needed()])
    plot_class = SelectField(_l("Class of plot"))
    status = ChoiceChips(
        _l("Status"),
        choices=offered(
            [("active", _l("Open")), ("paused", _l("Paused")), ("closed", _l("Closed"))]
        ),
        default="active",
    )
    subdistrict_code = SelectField(_l("Subdistrict"))
    moo = IntegerBox(_l("Village number (moo)"))
    village = TextBox(_l("Village"))
    lat = DecimalBox(_l("Latitude"))
    lon = DecimalBox(_l("Longitude"))
    radius_m = IntegerBox(_l("Radius in metres"), default=int(DEFAULT_RADIUS_M))
    steward_name = TextBox(_l("Steward"))
    phone = TextBox(_l("Phone"))
    size_rai = DecimalBox(_l("Size in rai"))
    budget_source = TextBox(_l("Budget source"))
    budget_year = IntegerBox(_l("Budget year (Buddhist era)"))

    def to_draft(self) -> CentreDraft:
        """The centre as typed."""
        return CentreDraft(
            code=self.code.data or "",
            name=self.name.data or "",
            plot_class=self.plot_class.data or "",
            subdistrict_code=self.subdistrict_code.data or "",
            lat=None if self.lat.data is None else float(self.lat.data),
            lon=None if self.lon.data is None else float(self.lon.data),
            status=self.status.data or "",
            radius_m=float(self.radius_m.data or 0),
            steward_name=self.steward_name.data,
            phone=self.phone.data,
            moo=self.moo.data,
            village=self.village.data,
            size_rai=self.size_rai.data,
            budget_source=self.budget_source.data,
            budget_year=self.budget_year.data,
        )

    @staticmethod
    def values_of(centre: Centre) -> dict[str, object]:
        """What the form shows for an existing centre."""
        values = {name: getattr(centre, name) for name in SHOWN}
        return values | {"radius_m": round(centre.radius_m)}
