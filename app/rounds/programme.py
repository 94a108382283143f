"""The programme file: one YAML per programme and fiscal year, checked when it is loaded.

Another mission of the department is a new file in `app/programme/`, not new code.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import click
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from app.shared.clock import Quarter

FOLDER = Path(__file__).resolve().parent.parent / "programme"


class ProgrammeRefused(click.ClickException):
    """The file is not a programme; `str()` lists every reason with its line."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Words(_Part):
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
QuarterName = Annotated[
    Quarter, BeforeValidator(lambda v: Quarter.parse(v) if isinstance(v, str) else v)
]


class Round(_Part):
    """Something due: the quarter it counts for is stated, not worked out."""

    key: str = Field(pattern=r"^[a-z0-9_]{1,30}$")
    title: Words
    quarter: QuarterName
    level: Literal["centre", "district"]
    opens_on: date
    due_on: date
    note: Words | None = None

    @model_validator(mode="after")
    def _opens_before_due(self) -> Round:
        if self.opens_on > self.due_on:
            raise ValueError("opens_on is after due_on")
        return self


class PhotoThresholds(_Part):
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


class Programme(_Part):
    """Everything the forms ask and everything that is due, for one fiscal year."""

    key: str
    fiscal_year: int = Field(ge=2500, le=2699)
    version: int = Field(ge=1)
    title: Words
    office: Words
    contact: Words
    five_p: Choices
    strategies: Choices
    grades: Choices
    sectors: Choices
    plot_classes: Choices
    visit_kinds: Choices
    visitor_sectors: Choices
    topics: Choices
    followup_months: Annotated[tuple[int, ...], Field(min_length=1)]
    followup_methods: Choices
    followup_uses: Choices
    outcomes: Choices
    photos: PhotoThresholds
    rounds: tuple[Round, ...]

    @property
    def name(self) -> str:
        """What a record stores to say which form it was filled under: `khok_nong_na_2567.1`."""
        return f"{self.key}_{self.fiscal_year}.{self.version}"

    @model_validator(mode="after")
    def _keys_differ(self) -> Programme:
        lists = {n: v for n, v in self if isinstance(v, tuple) and v and hasattr(v[0], "key")}
        for name, items in lists.items():
            keys = [item.key for item in items]
            if len(set(keys)) != len(keys):
                raise ValueError(f"{name}: two entries share a key")
        if list(self.followup_months) != sorted(set(self.followup_months)):
            raise ValueError("followup_months must rise")
        return self


def choice_label(choices: tuple[Choice, ...], key: str | None, locale: str) -> str:
    """The words of `key`, or the key itself where the list no longer knows it."""
    for choice in choices:
        if choice.key == key:
            return choice.in_(locale)
    return key or ""


_in_force = "khok_nong_na_2567"


def put_in_force(name: str) -> None:
    """Make `name` the programme of this process.  Raises ProgrammeRefused, changing nothing."""
    global _in_force  # noqa: PLW0603 - a process serves one programme
    _loaded(name)
    _in_force = name


def load_programme() -> Programme:
    """The programme in force, loaded once.  Raises ProgrammeRefused."""
    return _loaded(_in_force)


@cache
def _loaded(name: str) -> Programme:
    return read_programme(FOLDER / f"{name}.yaml")


def read_programme(path: Path) -> Programme:
    """Read and check one programme file.  Raises ProgrammeRefused with line numbers."""
    try:
        text = path.read_text("utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (OSError, yaml.YAMLError) as error:
        raise ProgrammeRefused(f"{path.name}: {error}") from error
    try:
        return Programme.model_validate(data)
    except ValidationError as error:
        lines = [
            f"{path.name}:{_line(node, problem['loc'])}: "
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise ProgrammeRefused("\n".join(lines)) from error


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line (from 1) of the deepest part of `location` that the file has."""
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step] if step < len(node.value) else None
        else:
            found = None
        if found is None:
            break
        node = found
    return node.start_mark.line + 1 if node is not None else 1
