"""Reading lists of addresses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tocsin.access.principal import SYSTEM
from tocsin.kit.errors import InvalidInput
from tocsin.sites.importing import LineState, preview, wanted_of

pytestmark = pytest.mark.django_db


def _read(team: Any, text: str) -> list[tuple[int, str, str]]:
    return [(line.number, line.url, line.name) for line in preview(SYSTEM, team.pk, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example", [(1, "https://a.example", "")]),
        ("\n\n  https://a.example  \r\n", [(3, "https://a.example", "")]),
        ("https://a.example,A\nhttps://b.example", [(1, "https://a.example", "A"),
                                                    (2, "https://b.example", "")]),
        ('https://a.example, "A, too"', [(1, "https://a.example", "A, too")]),
        ('"https://a.example/x,y"', [(1, "https://a.example/x,y", "")]),
        ("https://a.example;A, B", [(1, "https://a.example", "A, B")]),
        ("https://a.example\tA", [(1, "https://a.example", "A")]),
        ("Title,URL\nA,https://a.example", [(2, "https://a.example", "A")]),
        ("\ufeffurl\nhttps://a.example", [(2, "https://a.example", "")]),
        ('https://a.example,"A\r\nand B"\nhttps://b.example', [(1, "https://a.example", "A and B"),
                                                              (3, "https://b.example", "")]),
        ('url;notes;name\nhttps://a.example;"1; ""x""\n\n2";A', [(2, "https://a.example", "A")]),
    ],
)  # fmt: skip
def test_it_reads_lines_and_csv(team: Any, text: str, expected: list[tuple[int, str, str]]) -> None:
    assert _read(team, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Never closed; closed by a quote that opens another cell; closed far too late.
        ('https://a.example,"A\nhttps://b.example,B', ["A", "B"]),
        ('https://a.example,"A\nhttps://b.example,"B"', ["A", "B"]),
        ('https://a.example,"A\n' + "https://b.example\n" * 100 + '"', ["A", *[""] * 100]),
        ('https://a.example,5" screens\nhttps://b.example,B', ['5" screens', "B"]),
    ],
)
def test_a_stray_quote_swallows_no_lines(team: Any, text: str, expected: list[str]) -> None:
    assert [name for _, _, name in _read(team, text)] == expected


@pytest.mark.parametrize(
    "text", ["", "\n \n", "url,name", "x" * 500_001, "a\n" * 501, "url\n" + "a\n" * 501]
)
def test_it_refuses_lists_that_are_empty_or_too_long(team: Any, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        preview(SYSTEM, team.pk, text)
    assert set(refused.value.errors) == {"text"}


def test_it_finds_duplicates_whatever_their_spelling(team: Any, site: Any) -> None:
    text = "HTTPS://EXAMPLE.com:443/\nhttps://b.example\nhttps://B.example/#top"
    lines = preview(SYSTEM, team.pk, text)
    assert [line.state for line in lines] == [
        LineState.DUPLICATE, LineState.READY, LineState.DUPLICATE,
    ]  # fmt: skip
    assert [each.url for each in wanted_of(lines)] == ["https://b.example"]


class Anything(TestCase):
    """Whatever is pasted is judged or refused, never a failure of ours."""

    @given(st.text(max_size=300))
    def test_it_judges_every_line(self, text: str) -> None:
        from tocsin.teams.models import Team

        team = Team.objects.create(name="Acme")
        try:
            lines = preview(SYSTEM, team.pk, text)
        except InvalidInput:
            return
        assert all(line.problem or line.state is LineState.READY for line in lines)
