"""Reading results for people, where the form of the result is not to be trusted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.results import DNS, LINKS, PERFORMANCE, RESULTS
from tocsin.checks.findings import Finding
from tocsin.probes.contract import Tool
from tocsin.sites.monitoring.schema import PerformanceMonitoring
from tocsin.web.charts.dial import dial, tone_of
from tocsin.web.charts.lifetime import lifetime
from tocsin.web.panels import dns, links, performance, ssl, status

NOW = datetime(2030, 1, 31, tzinfo=UTC)
READERS = {
    Tool.STATUS: status.body,
    Tool.SSL: lambda found: ssl.body(found, expiry_days=14, now=NOW),
    Tool.DNS: lambda found: dns.body(found, expected={"A": ["203.0.113.7"]}),
    Tool.BROKEN_LINKS: links.body,
    Tool.PERFORMANCE: performance.body,
}
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9999) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below),
    max_leaves=8,
)


@pytest.mark.parametrize("tool", list(Tool))
@given(data=st.data())
def test_it_reads_whatever_stands_in_place_of_any_part(tool: Tool, data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(RESULTS[tool]))))
    READERS[tool](RESULTS[tool] | {name: data.draw(junk) for name in names})


def test_it_compares_records_as_sets_whatever_their_spelling() -> None:
    expected = {"A": ["203.0.113.8", "203.0.113.7"]}
    assert not dns.body(DNS, expected=expected).differs
    seen = {"records": {"MX": ["10 Mail.Example.COM."]}}
    assert not dns.body(seen, expected={"MX": ["10 mail.example.com"]}).differs
    changed = dns.body(DNS, expected={"A": ["203.0.113.7", "203.0.113.9"]})
    assert [(each.text, each.mark) for each in changed.rows[0].values] == [
        ("203.0.113.7", ""), ("203.0.113.8", "added"), ("203.0.113.9", "missing"),
    ]  # fmt: skip


def test_it_names_the_chain_up_to_its_root() -> None:
    body = READERS[Tool.SSL](RESULTS[Tool.SSL])
    assert [link.name for link in body.chain] == ["shop.example", "R11"]  # type: ignore[attr-defined]
    assert ssl.short_name("O=Let\\, us,C=US") == "Let, us"
    assert ssl.short_name("odd") == "odd"


def finding(name: str, cause: str, age: int, *, is_current: bool = True) -> Finding:
    return Finding(
        id=name, url=f"https://shop.example/{name}", source="https://shop.example/", text="",
        cause=cause, status=404, confirmed=True, first_seen=NOW - timedelta(days=age),
        last_seen=NOW, is_current=is_current,
    )  # fmt: skip


def test_it_shows_links_by_cause_and_the_longest_dead_first() -> None:
    findings = [
        finding("e", "not_found", 9),  # a crawl before listed it, this one did not come that far
        finding("a", "not_found", 3),
        finding("b", "timeout", 2),  # another cause than now: not since then
        finding("f", "gone", 5, is_current=False),
    ]
    body = links.body(LINKS, findings=findings)
    shown = [
        (str(group.label), [(link.url[-1], _days(link.first_seen)) for link in group.links])
        for group in body.groups
    ]
    assert shown == [
        ("Not found", [("e", 9), ("a", 3)]), ("Host does not exist", [("b", None)]),
        ("Closed to robots", [("c", None)]), ("newer", [("d", None)]),
    ]  # fmt: skip
    assert body.well is not None
    assert [link.url[-1] for link in body.well.links] == ["f"]


def test_it_shows_of_a_check_of_the_past_what_that_check_found() -> None:
    findings = [finding("a", "not_found", 3), finding("e", "not_found", 9)]
    findings.append(finding("f", "gone", 5, is_current=False))
    body = links.body(LINKS, findings=findings, is_latest=False)
    assert [(link.url[-1], _days(link.first_seen)) for link in body.groups[0].links] == [("a", 3)]
    assert body.well is None


def _days(moment: datetime | None) -> int | None:
    return None if moment is None else (NOW - moment).days


def test_it_holds_a_measurement_to_the_limits_that_are_set() -> None:
    limits = PerformanceMonitoring(min_score=80, max_ttfb_ms=4000, max_load_time_seconds=5)
    body = performance.body(PERFORMANCE, limits=limits)
    assert [(limit.words, limit.is_kept) for limit in body.limits] == [
        ("Score at least 80", False), ("First byte within 4,000 ms", True),
    ]  # fmt: skip
    many = [{"title": f"{n}", "savings_ms": n} for n in range(9)]
    found = PERFORMANCE | {"speed_metrics": {"performance_score": 1, "opportunities": many}}
    body = performance.body(found)
    assert ([each.title for each in body.opportunities], body.more) == (list("876543"), 2)
    assert performance.body(found, shown=None).more == 0


def test_it_places_now_within_a_life() -> None:
    begins, ends = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 4, 11, tzinfo=UTC)
    life = lifetime(begins, ends, NOW, warning_days=10)
    assert life is not None
    assert (life.now, life.warning) == (300.0, 900.0)
    assert lifetime(ends, begins, NOW, warning_days=10) is None


def test_it_rates_scores_as_lighthouse_does() -> None:
    assert [tone_of(score) for score in (100, 90, 89, 50, 49, 0)] == [
        "ok", "ok", "unknown", "unknown", "failing", "failing",
    ]  # fmt: skip
    assert dial(50).dash == "131.9 263.9"
