"""The client's structs against those that the API renders."""

import types
import typing
from typing import Any

import msgspec
import pytest

from tocsin.resources import issue_schemas, monitoring_schemas, reports, schemas, site_schemas
from tocsin_client import resources

PAIRS = [
    (resources.Me, schemas.Me),
    (resources.Token, schemas.Token),
    (resources.TeamMonitoring, monitoring_schemas.TeamMonitoring),
    (resources.Site, site_schemas.Site),
    (resources.BulkCreation, site_schemas.BulkCreation),
    (resources.Check, site_schemas.Check),
    (resources.Slots, site_schemas.Slots),
    (resources.UptimeReport, reports.Uptime),
    (resources.PerformanceReport, reports.Performance),
    (resources.Issue, issue_schemas.Issue),
    (resources.Delivery, issue_schemas.Delivery),
]


def fields(kind: Any) -> dict[str, Any]:
    """Return the fields of a struct, or of limits, which are a dataclass, by their JSON name."""
    if issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return {each.encode_name: hints[each.name] for each in msgspec.structs.fields(kind)}
    return typing.get_type_hints(kind)


def is_record(kind: Any) -> bool:
    return isinstance(kind, type) and bool(getattr(kind, "__annotations__", None))


def apart(ours: Any, theirs: Any, path: str) -> list[str]:
    """Return where two types do not have the same fields or nullability."""
    our_args, their_args = typing.get_args(ours), typing.get_args(theirs)
    if (type(None) in our_args) != (type(None) in their_args):
        return [f"{path}: null"]
    if is_record(ours) and is_record(theirs) and issubclass(ours, msgspec.Struct):
        our_fields, their_fields = fields(ours), fields(theirs)
        found = [f"{path}.{name}" for name in our_fields.keys() ^ their_fields.keys()]
        for name in our_fields.keys() & their_fields.keys():
            found += apart(our_fields[name], their_fields[name], f"{path}.{name}")
        return found
    inner = (list, types.UnionType)
    if typing.get_origin(ours) in inner and typing.get_origin(ours) is typing.get_origin(theirs):
        return apart(our_args[0], their_args[0], path)
    return []


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda kind: kind.__name__)
def test_it_has_the_fields_that_the_api_has(ours: Any, theirs: Any) -> None:
    """All of them, by name and nullability, however deep."""
    assert apart(ours, theirs, ours.__name__) == []


def test_it_would_tell() -> None:
    """A field too few, a null too many, also inside lists."""

    class One(msgspec.Struct):
        day: resources.UptimeDay | None

    class Other(msgspec.Struct):
        day: reports.UptimeDay

    class Short(msgspec.Struct):
        date: str

    assert apart(One, Other, "x") == ["x.day: null"]
    assert apart(list[resources.UptimeDay], list[Short], "x")


def test_it_passes_over_what_it_does_not_know() -> None:
    """Fields and words that a newer Tocsin adds."""
    text = (
        b'{"id": 1, "name": "A", "role": null, "email": "a@b", "email_verified_at": null, "x": 1}'
    )
    assert msgspec.json.decode(text, type=resources.User).name == "A"
