"""Reading results for people, where the form of the result is not to be trusted."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.results import DNS, RESULTS
from tocsin.probes.contract import Tool
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
