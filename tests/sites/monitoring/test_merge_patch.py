"""JSON merge patch as RFC 7396 has it."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.sites.monitoring.merge_patch import merge_patch, without_empty

# RFC 7396, appendix A: original, patch, result.
EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)


def holds_null(value: Any) -> bool:
    """Tell whether there is a null in an object, at any depth of objects."""
    if not isinstance(value, dict):
        return value is None
    return any(holds_null(item) for item in value.values())


@pytest.mark.parametrize(("target", "patch", "result"), EXAMPLES)
def test_it_does_what_the_rfc_shows(target: Any, patch: Any, result: Any) -> None:
    assert merge_patch(target, patch) == result


@given(values, objects)
def test_it_changes_nothing_the_second_time(target: Any, patch: Any) -> None:
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


@given(objects, objects)
def test_it_touches_neither_side(target: Any, patch: Any) -> None:
    kept = copy.deepcopy((target, patch))
    merge_patch(target, patch)
    assert (target, patch) == kept


@given(objects, objects)
def test_it_leaves_no_null_that_the_patch_brought(target: Any, patch: Any) -> None:
    result = merge_patch({}, patch)
    assert not holds_null(result)
    assert set(merge_patch(target, patch)) <= set(target) | set(patch)


@given(objects, st.sampled_from("abcd"), values)
def test_it_forgets_a_value_by_null(target: Any, key: str, value: Any) -> None:
    without = {name: item for name, item in target.items() if name != key}
    assert merge_patch(merge_patch(target, {key: value}), {key: None}) == without


def test_it_leaves_out_objects_with_nothing_in_them() -> None:
    assert without_empty({"a": {"b": {}}, "c": {"d": [], "e": {}}, "f": 0}) == {
        "c": {"d": []},
        "f": 0,
    }
