"""How `tocsin check` writes text, numbers and bars."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cli.render.performance import DIAL_CELLS, dial
from tocsin.cli.render.progress import describe as describe_progress
from tocsin.cli.render.report import describe
from tocsin.cli.render.text import LONGEST, clean, counted, duration
from tocsin.cli.render.timings import BAR_CELLS, bar, cells, legend, phases
from tocsin.probes.answer import Answer, skipped
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, Progress, Stage, Tool


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


def measured(score: int, value: float | None = 2500.0) -> Answer:
    """Answer as the performance probe does."""
    metric = {"value": value, "display_value": "2.5 s", "score": 0.4}
    none = {"value": None, "display_value": None, "score": None}
    speed = {
        "performance_score": score,
        "core_web_vitals": {"lcp": metric, "inp": none, "cls": none, "tbt": none},
        "metrics": {"fcp": none, "speed_index": metric, "tti": none, "ttfb": none},
        "opportunities": [{"id": "x", "title": "Reduce \x1b[2Junused code", "savings_ms": 1200}],
        "real_user_metrics": None,
        "origin_metrics": None,
        "runs": [{"performance_score": each} for each in (score, score - 3, score + 1)],
        "environment": {
            "lighthouse": "13.5.0",
            "chromium": "156.0.1",
            "preset": "mobile",
            "cpu_benchmark": 1999.6,
        },
    }
    result = {"url": "https://a.example", "response_time": 80.0, "speed_metrics": speed}
    return Answer(CheckStatus.COMPLETED, Outcome.OK, result)


def test_it_tells_a_measured_page_by_its_median_run() -> None:
    section = describe(Tool.PERFORMANCE, measured(57))
    assert section.headline.plain == f"Score 57 {dial(57).plain}"
    lines = {label: value.plain for label, value in section.lines}
    assert list(lines) == ["page", "lcp", "si", "saves", "runs", "with"]
    assert lines["lcp"].split() == ["2.5", "s", "largest", "paint"]
    assert lines["saves"] == "1.20 s  Reduce �[2Junused code"
    assert lines["runs"] == "57, 54, 58 (spread 4 points)"
    assert lines["with"] == "Lighthouse 13.5.0 · Chromium 156.0.1 · mobile · CPU 2000"


@pytest.mark.parametrize("score", [0, 1, 50, 99, 100])
def test_it_draws_a_dial_of_one_length(score: int) -> None:
    assert len(dial(score).plain) == DIAL_CELLS
    assert dial(score).plain.count("▰") == round(score / 100 * DIAL_CELLS)


def test_it_says_how_far_a_tool_has_come() -> None:
    crawling = Progress(Stage.CRAWLING, 1, links=240, found=3)
    assert describe_progress(crawling) == "1 page, 240 links, 3 dead"
    assert describe_progress(Progress(Stage.MEASURING, 1, 3)) == "run 2 of 3"
    assert describe_progress(None) == ""
