"""Panels: how a higher slice adds its part to a lower slice's page.

A visit's page shows photos and follow-ups, yet visits may import neither.  So the page asks
here for whatever was registered for its kind of subject; the higher slice registers when the
application is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup

Render = Callable[[Any], str | None]


class _Panel(NamedTuple):
    order: int
    name: str
    render: Render


_PANELS: dict[str, dict[str, _Panel]] = {}


def register_panel(subject_kind: str, render: Render, *, order: int = 50) -> None:
    """Show `render(subject)` on the page of every subject of this kind; lower `order` is higher up.

    Known by the function's dotted name, so making the application twice registers it once.
    `render` returns safe HTML (what `render_template` gives), or None to show nothing.
    """
    name = f"{render.__module__}.{render.__qualname__}"
    _PANELS.setdefault(subject_kind, {})[name] = _Panel(order, name, render)


def panels_for(subject_kind: str, subject: object) -> list[Markup]:
    """The rendered panels of `subject`, in order, those with nothing to show left out."""
    panels = sorted(_PANELS.get(subject_kind, {}).values())
    rendered = (panel.render(subject) for panel in panels)
    return [Markup(html) for html in rendered if html]  # noqa: S704 - made by render_template
