"""What failed, by name, as the last thing said: the end of a long log tells enough."""

from __future__ import annotations

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, None, None]:
    """After everything else that pytest tells of failures."""
    yield
    for outcome in ("failed", "error"):
        for report in terminalreporter.getreports(outcome):
            when = getattr(report, "when", "collect")
            terminalreporter.write_line(f"{outcome} in {when}: {report.nodeid}")
