"""Whether manual runs may be queued."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.manual_rules import (
    LOOKBACK,
    Facts,
    RefusalReason,
    patience_of,
    refusals,
    spacing_of,
)
from tocsin.checks.tools import EFFORTS
from tocsin.probes.contract import Tool

NOW = datetime(2030, 1, 31, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "now": NOW,
        "enabled": tuple(Tool),
        "runnable": tuple(Tool),
        "pending": (),
        "last_asked": {},
        "remaining": None,
    }
    return Facts(**{**values, **changes})


def reasons(*tools: Tool, **changes: Any) -> list[tuple[Tool | None, RefusalReason]]:
    return [(each.tool, each.reason) for each in refusals(tools, facts(**changes))]


def test_it_lets_through_what_nothing_speaks_against() -> None:
    assert reasons(*Tool) == []
    assert reasons(*Tool, remaining=5) == []


def test_it_refuses_tools_that_are_off_or_that_nothing_runs() -> None:
    assert reasons(Tool.SSL, enabled=[Tool.DNS]) == [(Tool.SSL, RefusalReason.NOT_ENABLED)]
    assert reasons(Tool.SSL, runnable=[]) == [(Tool.SSL, RefusalReason.NOT_RUNNABLE)]


def test_it_refuses_a_tool_that_is_pending_and_names_each_tool() -> None:
    assert reasons(Tool.STATUS, Tool.SSL, Tool.DNS, pending=[Tool.SSL, Tool.DNS]) == [
        (Tool.SSL, RefusalReason.PENDING),
        (Tool.DNS, RefusalReason.PENDING),
    ]


@pytest.mark.parametrize(
    ("tool", "minutes"),
    [
        (Tool.STATUS, 1),
        (Tool.SSL, 1),
        (Tool.DNS, 1),
        (Tool.BROKEN_LINKS, 15),
        (Tool.PERFORMANCE, 15),
    ],
)
def test_it_keeps_the_least_spacing_to_the_second(tool: Tool, minutes: int) -> None:
    spacing = timedelta(minutes=minutes)
    assert reasons(tool, last_asked={tool: NOW - spacing}) == []
    assert reasons(tool, last_asked={tool: NOW - spacing + SECOND}) == [
        (tool, RefusalReason.TOO_SOON)
    ]


def test_it_says_how_long_to_wait() -> None:
    (refusal,) = refusals(
        [Tool.STATUS], facts(last_asked={Tool.STATUS: NOW - timedelta(seconds=17.5)})
    )
    assert refusal.message == "status ran too recently; try again in 43 s."


@pytest.mark.parametrize(("remaining", "refused"), [(0, True), (1, True), (2, False), (3, False)])
def test_it_needs_quota_for_all_tools_together(remaining: int, refused: bool) -> None:
    found = reasons(Tool.STATUS, Tool.SSL, remaining=remaining)
    assert found == ([(None, RefusalReason.QUOTA)] if refused else [])


@given(
    tools=st.lists(st.sampled_from(Tool), unique=True, min_size=1),
    enabled=st.sets(st.sampled_from(Tool)),
    pending=st.sets(st.sampled_from(Tool)),
    last=st.dictionaries(
        st.sampled_from(Tool), st.integers(0, 2000).map(lambda s: NOW - timedelta(seconds=s))
    ),
    remaining=st.none() | st.integers(0, 6),
)
def test_it_queues_exactly_what_may_run(
    tools: list[Tool],
    enabled: set[Tool],
    pending: set[Tool],
    last: dict[Tool, datetime],
    remaining: int | None,
) -> None:
    found = refusals(
        tools, facts(enabled=enabled, pending=pending, last_asked=last, remaining=remaining)
    )
    may_all_run = all(
        tool in enabled
        and tool not in pending
        and (tool not in last or NOW - last[tool] >= spacing_of(tool))
        for tool in tools
    )
    assert (found == ()) == (may_all_run and (remaining is None or len(tools) <= remaining))


def test_it_looks_back_as_far_as_anything_decides() -> None:
    assert all(spacing_of(tool) <= LOOKBACK for tool in Tool)
    assert all(patience_of(tool) <= LOOKBACK for tool in Tool)
    assert all(patience_of(tool).total_seconds() > EFFORTS[tool].seconds for tool in Tool)
