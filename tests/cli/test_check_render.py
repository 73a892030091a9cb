"""How `tocsin check` writes text, numbers and bars."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cli.render.report import describe
from tocsin.cli.render.text import LONGEST, clean, counted, duration
from tocsin.cli.render.timings import BAR_CELLS, bar, cells, legend, phases
from tocsin.probes.answer import Answer, skipped
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, Tool


@given(st.text(max_size=LONGEST * 2))
def test_it_lets_nothing_through_that_moves_a_cursor(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= LONGEST
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_it_replaces_what_reverses_writing() -> None:
    assert clean("moc.live\u202eelpmaxe\x1b[2J") == "moc.live�elpmaxe�[2J"


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6), st.integers(10, 80))
def test_it_deals_out_every_cell_of_a_bar(shares: list[float], width: int) -> None:
    dealt = cells(shares, width)
    assert sum(dealt) == (width if any(shares) else 0)
    assert all(count >= (share > 0) for share, count in zip(shares, dealt, strict=True))


def test_it_splits_the_total_into_what_follows_each_other() -> None:
    timings = {"dns": 10.0, "connect": 20.0, "tls": 30.0, "ttfb": 100.0, "total": 150.0}
    assert phases(timings) == {"dns": 10, "connect": 20, "tls": 30, "wait": 40, "read": 50}
    assert len(bar(timings).plain) == BAR_CELLS
    assert "wait 40" in legend(timings).plain
    assert phases({}) == dict.fromkeys(("dns", "connect", "tls", "wait", "read"), 0)


@pytest.mark.parametrize(
    ("ms", "words"), [(0.42, "0.4 ms"), (87.4, "87 ms"), (999.4, "999 ms"), (2312, "2.31 s")]
)
def test_it_writes_durations_as_people_read_them(ms: float, words: str) -> None:
    assert duration(ms) == words


def test_it_counts_in_singular_and_plural() -> None:
    assert [counted(number, "day") for number in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_it_describes_a_check_that_did_not_finish() -> None:
    error = ProbeError("deadline_exceeded", "Not finished before its deadline.")
    answer = Answer(CheckStatus.FAILED, Outcome.UNKNOWN, None, error)
    section = describe(Tool.SSL, answer)
    assert section.headline.plain == error.message
    assert [label for label, _ in section.lines] == ["code", "but"]


def test_it_gives_the_reason_for_skipping() -> None:
    section = describe(Tool.DNS, skipped("ip_address", "Nothing to look up."))
    assert section.headline.plain == "Skipped: Nothing to look up."
