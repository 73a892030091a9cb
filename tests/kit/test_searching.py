"""Searching text whatever its case."""

from typing import Any

import pytest

from tocsin.kit.searching import contains
from tocsin.teams.models import Team

NAMES = ["Ärztehaus", "ÉCOLE", "Straße 50%", "under_score", "Заря", "plain"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ä", ["Ärztehaus"]),
        ("ÄRZTE", ["Ärztehaus"]),
        ("école", ["ÉCOLE"]),
        ("зАрЯ", ["Заря"]),
        ("STRA", ["Straße 50%"]),
        ("%", ["Straße 50%"]),
        ("_", ["under_score"]),
        ("\\", []),
        ("A", ["Straße 50%", "plain", "Ärztehaus"]),
        ("zz", []),
    ],
)
def test_it_finds_a_part_in_any_case(text: str, found: list[str], db: None) -> None:
    """Also letters beyond ASCII; the signs that a pattern knows mean themselves."""
    Team.objects.bulk_create(Team(name=name) for name in NAMES)
    rows = Team.objects.filter(contains(text, "name")).order_by("name")
    assert sorted(row.name for row in rows) == sorted(found)


def test_it_looks_into_every_field_also_of_what_is_joined(db: None, site: Any) -> None:
    """One of them is enough, and absent text has no part."""
    assert type(site).objects.filter(contains("acme", "name", "team__name")).count() == 1
    assert type(site).objects.filter(contains("acme", "name", "url")).count() == 0
