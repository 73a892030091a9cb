"""What several resolvers' observations amount to: the rules, without a network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.contract import DnsSettings
from tocsin.probes.dns.judge import (
    agreed_values,
    changes,
    dissenters,
    hard_failure,
    is_majority,
    lookup_failure,
    no_answer,
    normalise,
)
from tocsin.probes.dns.observation import SILENCES, Observation

FOUND = Observation(values=("192.0.2.1",))
ERRORS = ["nxdomain", "servfail", "timeout", "refused", "unreachable", "bad_answer"]

values = st.lists(st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"]), unique=True)
observations = st.builds(
    Observation, values=values.map(tuple), error=st.none() | st.sampled_from(ERRORS)
).map(lambda seen: seen if seen.error is None else Observation(error=seen.error))
surveys = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.fixed_dictionaries({"A": observations, "TXT": observations}),
    min_size=1,
    max_size=5,
)


@given(st.integers(0, 50), st.integers(1, 50))
def test_it_calls_more_than_half_a_majority(part: int, whole: int) -> None:
    assert is_majority(part, whole) == (part > whole / 2)
    assert not (is_majority(part, whole) and is_majority(whole - part, whole))


@given(surveys)
def test_it_fails_hard_for_a_majority_only(survey: dict[str, dict[str, Observation]]) -> None:
    failing = sum(lookup_failure(by_type) is not None for by_type in survey.values())
    failure = hard_failure(survey)
    assert (failure is not None) == (failing * 2 > len(survey))
    if failure is not None:
        assert failure.failing == failing
        assert failure.code in ERRORS


@given(surveys)
def test_it_never_changes_its_mind_for_another_healthy_resolver(
    survey: dict[str, dict[str, Observation]],
) -> None:
    more = survey | {"healthy": {"A": FOUND, "TXT": FOUND}}
    if hard_failure(survey) is None:
        assert hard_failure(more) is None


@given(surveys)
def test_it_fails_hard_where_there_is_no_answer(
    survey: dict[str, dict[str, Observation]],
) -> None:
    if no_answer(survey):
        failure = hard_failure(survey)
        assert failure is not None
        assert failure.code in SILENCES


@given(surveys)
def test_it_agrees_on_something_that_was_seen(
    survey: dict[str, dict[str, Observation]],
) -> None:
    answers = [seen["A"].values for seen in survey.values() if seen["A"].error is None]
    agreed = agreed_values(survey, "A")
    assert agreed in answers or (agreed == () and not answers)
    if len(answers) == len(survey):
        assert len(dissenters(survey, "A")) < len(survey)


@given(surveys, values)
def test_it_tells_a_change_only_where_a_majority_sees_it(
    survey: dict[str, dict[str, Observation]], expected: list[str]
) -> None:
    settings = DnsSettings(expected_records={"A": tuple(expected)})
    wanted = set(expected)
    differing = [
        seen for seen in survey.values()
        if seen["A"].error is None and set(seen["A"].values) != wanted
    ]  # fmt: skip
    assert bool(changes(survey, settings)) == (len(differing) * 2 > len(survey))


@given(surveys)
def test_it_sees_no_change_from_what_all_see(survey: dict[str, dict[str, Observation]]) -> None:
    same = {resolver: {"A": FOUND} for resolver in survey}
    assert changes(same, DnsSettings(expected_records={"A": FOUND.values})) == ()


@pytest.mark.parametrize(
    ("kind", "one", "other", "equal"),
    [
        ("A", ["192.0.2.1", "192.0.2.2"], ["192.0.2.2", "192.0.2.1"], True),
        ("NS", ["NS1.Example.com."], ["ns1.example.com"], True),
        ("MX", ["10  mail.example.com."], ["10 MAIL.example.com"], True),
        ("MX", ["10 mail.example.com"], ["20 mail.example.com"], False),
        ("AAAA", ["2001:DB8:0:0::1"], ["2001:db8::1"], True),
        ("AAAA", ["2001:db8::1"], ["2001:db8::2"], False),
        ("TXT", ["V=spf1 -all"], ["v=spf1 -all"], True),
        ("TXT", ["a"], [], False),
        ("A", ["not an address"], ["NOT an address"], True),
    ],
)
def test_it_compares_values_as_the_contract_says(
    kind: str, one: list[str], other: list[str], equal: bool
) -> None:
    assert (normalise(kind, one) == normalise(kind, other)) is equal


@given(st.sampled_from(["A", "AAAA", "MX", "NS", "TXT"]), st.lists(st.text(max_size=20)))
def test_it_normalises_once_and_for_all(kind: str, texts: list[str]) -> None:
    once = normalise(kind, texts)
    assert normalise(kind, once) == once


@pytest.mark.parametrize(
    ("by_type", "failure"),
    [
        ({"A": FOUND, "AAAA": Observation(error="servfail")}, None),
        ({"A": Observation(error="servfail"), "AAAA": Observation()}, "servfail"),
        ({"A": Observation(), "AAAA": Observation()}, None),
        ({"A": Observation(error="nxdomain"), "CNAME": FOUND}, "nxdomain"),
        ({"A": FOUND, "TXT": Observation(error="timeout")}, None),
        ({"TXT": Observation(error="timeout")}, "timeout"),
        ({"MX": Observation(error="timeout"), "TXT": FOUND}, None),
    ],
)
def test_it_judges_a_lookup_by_its_addresses(
    by_type: dict[str, Observation], failure: str | None
) -> None:
    assert lookup_failure(by_type) == failure
