"""A result of any shape: it may say nothing, but it never stops the batch that it came with."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.issues.builders import SETTINGS, SIGHTS, T, observe
from tocsin.issues.rules import QUIET, evaluate
from tocsin.probes.contract import CheckStatus, Outcome, Tool

plain = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
anything = st.recursive(
    plain | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn, tool: Tool) -> dict[str, Any]:
    """A good result of which some part was replaced by anything."""
    word = draw(st.sampled_from(sorted(SIGHTS[tool])))
    result: dict[str, Any] = dict(SIGHTS[tool][word][1] or {})
    for key in list(result):
        if draw(st.booleans()):
            result[key] = draw(anything)
    return result | draw(st.dictionaries(st.text(max_size=5), anything, max_size=2))


@pytest.mark.parametrize("tool", list(Tool))
@given(data=st.data(), outcome=st.sampled_from(Outcome), status=st.sampled_from(CheckStatus))
def test_it_takes_any_shape(
    tool: Tool, data: st.DataObject, outcome: Outcome, status: CheckStatus
) -> None:
    result = data.draw(spoiled(tool))
    seen = observe(tool, T, outcome, result, status=status)
    verdict = evaluate(QUIET, seen, SETTINGS[tool], T)
    assert verdict.counted
    assert not verdict.resolutions
