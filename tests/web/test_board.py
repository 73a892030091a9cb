"""How states become words."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.queries import ToolState
from tocsin.probes.contract import CheckStatus, Outcome, Tool
from tocsin.web.board import look_of

STATUSES = st.sampled_from([None, *CheckStatus])
OUTCOMES = st.sampled_from([None, *Outcome])
SHAPES = {"ok": {"circle-check"}, "failing": {"octagon-x", "triangle-alert"}}


@given(st.sampled_from(Tool), STATUSES, OUTCOMES)
def test_it_never_shows_one_shape_for_two_tones(
    tool: Tool, status: CheckStatus | None, outcome: Outcome | None
) -> None:
    look = look_of(tool, ToolState(status, outcome, None, ""))
    assert look.label
    for tone, shapes in SHAPES.items():
        assert (look.tone == tone) == (look.icon in shapes)


@given(st.sampled_from(Tool), st.sampled_from(CheckStatus))
def test_it_calls_nothing_good_that_was_not_found_good(tool: Tool, status: CheckStatus) -> None:
    for outcome in (None, Outcome.FAILING, Outcome.UNKNOWN):
        assert look_of(tool, ToolState(status, outcome, None, "")).tone != "ok"


def test_it_says_that_a_tool_is_off() -> None:
    assert look_of(Tool.SSL, None).label == "Off"
