"""What a programme file may say: its parts, each checked by itself when the file is read.

Whether the parts fit one another is asked in `cross`, which fault has which line in `reading`.
Nothing here is of one mission of the department: names, lists, criteria, dates and milestones are
data.  What a list may be *used* for is fixed by the field that names it (`app/records`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, model_validator
from pydantic_core import PydanticCustomError

from app.shared.clock import Quarter

Gathered = Literal[
    "visits", "followups", "photos", "activities", "documents", "networks", "assessments",
    "plan_items", "plan_results", "posts",
]  # fmt: skip
# What a milestone can ask about one district and one quarter.  `app/board/facts.py` counts them.
Fact = Literal[
    "network_orders",  # orders in force in the fiscal year
    "sectors_missing",  # of the partner sectors, in the newest order
    "centres_assessed",  # open centres with an assessment in the fiscal year
    "centres_assessed_percent",
    "centres_graded_percent",  # whose grade the reviewer has confirmed
    "centres_raised_percent",  # of those below the best grade: raised since the year before
    "plan_items",
    "reports_accepted_percent",  # of the rounds named in `rounds` (all, if none) due by now
    "active_centres_percent",  # of the centres graded `grades`: with an activity that has photos
    "visits",
    "followups",
    "months_publicised_percent",  # months of the quarter begun by now that have a post
]


class Part(BaseModel):
    """A piece of the file: nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Words(Part):
    """One sentence in Thai and English."""

    th: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, locale: str) -> str:
        """The sentence in `locale` (`th` or `en`)."""
        return self.th if locale == "th" else self.en


class Choice(Words):
    """One answer a form offers.  `key` is stored; the words may change."""

    key: str = Field(pattern=r"^[A-Za-z0-9_]{1,20}$")


Choices = Annotated[tuple[Choice, ...], Field(min_length=1)]
Months = Annotated[int, Field(ge=1, le=120)]
DaysBefore = Annotated[int, Field(ge=0, le=90)]


def _quarter(value: object) -> Quarter:
    try:
        return Quarter.parse(str(value))
    except ValueError:
        raise PydanticCustomError("not_quarter", "not a quarter", {"given": value}) from None


QuarterName = Annotated[Quarter, BeforeValidator(_quarter)]


class Side(Choice):
    """One of the sides that are developed and assessed (the P of 5P), with what to write of it."""

    prompt: Words | None = None


class Grade(Choice):
    """One grade, best first, from how much of the points on, and what is then usually done."""

    from_percent: float = Field(ge=0, le=100)
    each_side_percent: float = Field(default=0, ge=0, le=100)
    evidence_needed: bool = False  # nothing that a criterion asks for may be missing
    strategy: str


class Channel(Choice):
    """Where something is published, and at which addresses (host names) it is found there."""

    hosts: tuple[str, ...] = ()


class Anchor(Words):
    """What a number of points means, in a sentence."""

    points: int = Field(ge=0, le=100)


class Wanted(Part):
    """Evidence that a criterion asks for."""

    what: Literal[
        "photos", "documents", "link", "note", "visits", "followups", "activities", "posts"
    ]
    least: int = Field(default=1, ge=1, le=100)


class Criterion(Choice):
    """One indicator: the side it belongs to, the guideline beside it, and the evidence wanted."""

    side: str
    guide: Words | None = None
    anchors: tuple[Anchor, ...] = ()  # its own, where the common ones do not fit
    evidence: Words | None = None
    wants: tuple[Wanted, ...] = ()


class AssessmentForm(Part):
    """The form by which a centre is assessed."""

    anchors: Annotated[tuple[Anchor, ...], Field(min_length=2)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    guideline: Words | None = None

    def anchors_of(self, criterion: Criterion) -> tuple[Anchor, ...]:
        """The sentences among which the assessor chooses."""
        return criterion.anchors or self.anchors

    def most_points(self, criterion: Criterion) -> int:
        """The most that the criterion can give."""
        return max(anchor.points for anchor in self.anchors_of(criterion))


class Need(Part):
    """One thing a level of the scale asks for: a counted fact, and how much of it."""

    fact: Fact
    least: float | None = Field(default=None, ge=0)
    most: float | None = Field(default=None, ge=0)
    rounds: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_a_bound(self) -> Need:
        if (self.least is None) == (self.most is None):
            raise PydanticCustomError("one_bound", "either least or most")
        return self


class Level(Words):
    """One level of the department's scale; it is reached when all levels below are, too."""

    level: int = Field(ge=1, le=20)
    needs: Annotated[tuple[Need, ...], Field(min_length=1)]


class Monthly(Part):
    """Due again every month, on `day` (or the month's last), from `first` to `last` (`2024-02`)."""

    day: int = Field(ge=1, le=31)
    first: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    last: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    opens_days_before: int = Field(default=14, ge=0, le=366)

    @model_validator(mode="after")
    def _first_before_last(self) -> Monthly:
        if self.first > self.last:
            raise PydanticCustomError("first_late", "first is after last")
        return self


class Round(Part):
    """Something due: the quarter it counts for is stated, not worked out.

    Due once (`opens_on`, `due_on`, `quarter`) or every month (`monthly`; without a `quarter` each
    month counts for its own).  `when_closed` says what becomes of a due day without offices.
    """

    key: str = Field(pattern=r"^[a-z0-9_]{1,30}$")
    title: Words
    level: Literal["centre", "district"]
    quarter: QuarterName | None = None
    opens_on: date | None = None
    due_on: date | None = None
    monthly: Monthly | None = None
    when_closed: Literal["keep", "next_working_day", "previous_working_day"] = "next_working_day"
    gathers: tuple[Gathered, ...] = ()
    covers: Literal["year", "quarter", "until_due", "month"] = "quarter"
    note: Words | None = None

    @property
    def once(self) -> tuple[Quarter, date, date]:
        """Quarter, first and due day of a round that is due once.  Raises ValueError otherwise."""
        if self.quarter is None or self.opens_on is None or self.due_on is None:
            raise ValueError(f"{self.key} is due every month")
        return self.quarter, self.opens_on, self.due_on

    @model_validator(mode="after")
    def _once_or_monthly(self) -> Round:
        once = self.opens_on and self.due_on and self.quarter
        if bool(once) == bool(self.monthly) or (self.monthly and (self.opens_on or self.due_on)):
            raise PydanticCustomError("once_or_monthly", "once or monthly")
        if self.opens_on and self.due_on and self.opens_on > self.due_on:
            raise PydanticCustomError("opens_late", "opens_on is after due_on")
        return self


class Holidays(Part):
    """Which days have no offices, beside Saturdays and Sundays."""

    country: Literal["TH", ""] = "TH"
    also: tuple[date, ...] = ()  # declared by the cabinet or the province later
    but_not: tuple[date, ...] = ()


class PhotoThresholds(Part):
    """From where on something about a photo is worth a question.  Units are in the names.

    How far "near" reaches stands in `app.shared.geo`, with the centre's own radius.
    """

    ask_when_near: bool
    witnesses_agree_m: float = Field(gt=0, le=100_000)
    rough_position_m: float = Field(gt=0, le=100_000)
    old_position_s: float = Field(gt=0, le=86_400)
    days_apart: int = Field(ge=0, le=366)
    clocks_agree_min: float = Field(gt=0, le=1_440)
    clock_skew_min: float = Field(gt=0, le=1_440)
    bracket_wide_h: float = Field(gt=0, le=8_760)
    ask_screenshots: bool
    screen_flat_least: float = Field(ge=0, le=1)
    smallest_px: int = Field(ge=1, le=10_000)
    sharpness_least: float = Field(ge=0, le=10)
    dark_most: float = Field(gt=0, le=1)
    blown_most: float = Field(gt=0, le=1)
    contrast_least: float = Field(ge=0, le=128)
    likeness_least: float = Field(ge=0, le=1)


class Programme(Part):
    """Everything the forms ask and everything that is due, for one fiscal year."""

    key: str = Field(pattern=r"^[a-z0-9_]{1,30}$")
    fiscal_year: int = Field(ge=2500, le=2699)
    version: int = Field(ge=1, le=9_999)
    title: Words
    office: Words
    contact: Words
    letter: HttpUrl | None = None
    five_p: Annotated[tuple[Side, ...], Field(min_length=1)]
    strategies: Choices
    grades: Annotated[tuple[Grade, ...], Field(min_length=1)]
    sectors: Choices
    plot_classes: Choices
    visit_kinds: Choices
    visitor_sectors: Choices
    topics: Choices
    followup_months: Annotated[tuple[Months, ...], Field(min_length=1)]
    followup_methods: Choices
    followup_uses: Choices
    outcomes: Choices
    activity_kinds: Choices
    document_kinds: Choices
    order_acts: Choices
    budget_sources: Choices
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    return_reasons: Choices
    waive_reasons: Choices
    assessment: AssessmentForm
    scale: Annotated[tuple[Level, ...], Field(min_length=1)]
    photos: PhotoThresholds
    holidays: Holidays = Holidays()
    remind_days_before: tuple[DaysBefore, ...] = (7, 3, 1, 0)
    rounds: tuple[Round, ...]

    @property
    def name(self) -> str:
        """What a record stores to say which form it was filled under: `khok_nong_na_2567.1`."""
        return f"{self.key}_{self.fiscal_year}.{self.version}"

    def __hash__(self) -> int:
        """Quick: what is worked out of a programme is kept under it."""
        return hash(self.name)
