"""A merge patch on what one site overrides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sites.monitoring.documents import OPEN, ROOT, patch_site, problems_on_site
from tocsin.kit.errors import InvalidInput
from tocsin.sites.monitoring.overrides import SiteSettings, patched, without_foreign_page
from tocsin.sites.monitoring.resolving import resolve
from tocsin.teams.plans import PLANS

NOW = datetime(2030, 1, 1, tzinfo=UTC)
PAGE = {"tools": {"performance": {"settings": {"url": "https://example.com/shop"}}}}


def snoozed(value: Any, before: datetime | None = None) -> datetime | None:
    stored = SiteSettings({}, before)
    patch = {"snoozed_until": value}
    return patched(stored, patch, plan=OPEN, domain="example.com", now=NOW).snoozed_until


def valid_patches() -> st.SearchStrategy[dict[str, Any]]:
    """Patches of a few settings, each a value, null, or absent."""
    status = st.fixed_dictionaries(
        {},
        optional={
            "failures_to_open": st.none() | st.integers(1, 20),
            "incident_status_codes": st.none() | st.lists(st.sampled_from([404, 500]), max_size=2),
        },
    )
    part = st.fixed_dictionaries(
        {},
        optional={
            "enabled": st.none() | st.booleans(),
            "cadence_minutes": st.none() | st.sampled_from([1, 60]),
            "settings": st.none() | status,
        },
    )
    header = st.fixed_dictionaries(
        {"name": st.sampled_from(["A", "B"]), "value": st.sampled_from(["x", "y"])}
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "tools": st.none() | st.fixed_dictionaries({}, optional={"status": st.none() | part}),
            "request_header": st.none() | header,
        },
    )


def test_it_overrides_keeps_and_inherits_again() -> None:
    stored = patch_site(
        {"tools": {"ssl": {"settings": {"expiry_days": 30, "failures_to_open": 3}}}}
    )
    again = patch_site({"tools": {"ssl": {"settings": {"expiry_days": None}}}}, stored)
    assert again == {"tools": {"ssl": {"settings": {"failures_to_open": 3}}}}
    assert patch_site({"tools": {"ssl": {"settings": {"failures_to_open": None}}}}, again) == {}


@pytest.mark.parametrize("patch", [None, {"tools": None, "request_header": None}])
def test_it_inherits_everything_again(patch: Any) -> None:
    stored = {
        "tools": {"ssl": {"enabled": False}},
        "request_header": {"name": "X-A", "value": "b"},
    }
    assert patch_site(patch, stored) == {}


def test_it_asks_less_of_a_site_than_of_a_team() -> None:
    assert patch_site({"tools": {"dns": {"enabled": False}}}) == {
        "tools": {"dns": {"enabled": False}}
    }


@pytest.mark.parametrize("key", ["quiet_time", "escalation"])
@pytest.mark.parametrize("value", [{"enabled": True}, None])
def test_it_leaves_quiet_time_and_escalation_to_the_team(key: str, value: Any) -> None:
    assert problems_on_site({key: value}) == {f"{ROOT}.{key}": ["Only a team can set it."]}


@pytest.mark.parametrize("patch", [[], "x", 5, True])
def test_it_refuses_a_patch_that_is_no_object(patch: Any) -> None:
    assert set(problems_on_site(patch)) == {ROOT}


def test_it_changes_half_of_its_own_header_and_leaves_no_half() -> None:
    stored = {"request_header": {"name": "X-A", "value": "b"}}
    changed = patch_site({"request_header": {"value": "c"}}, stored)
    assert changed == {"request_header": {"name": "X-A", "value": "c"}}
    assert set(problems_on_site({"request_header": {"name": None}}, stored)) == {
        f"{ROOT}.request_header.name"
    }
    assert patch_site({"request_header": {"name": None, "value": None}}, stored) == {}


def test_it_lets_a_stored_value_that_is_wrong_be_undone() -> None:
    stored = {"tools": {"ssl": {"settings": {"expiry_days": 9999}}}}
    assert patch_site({"tools": {"ssl": {"settings": {"expiry_days": None}}}}, stored) == {}


def test_it_judges_the_cadence_by_the_plan_only_where_it_is_set() -> None:
    stored = {"tools": {"status": {"cadence_minutes": 1}}}
    starter = PLANS["starter"]
    patch = {"tools": {"status": {"enabled": False}}}
    assert patch_site(patch, stored, starter)["tools"]["status"]["cadence_minutes"] == 1
    faster = {"tools": {"status": {"cadence_minutes": 5}}}
    assert set(problems_on_site(faster, stored, starter)) == {
        f"{ROOT}.tools.status.cadence_minutes"
    }


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com/shop", "https://example.com/shop"),
        ("HTTP://EXAMPLE.COM:80/a#top", "http://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
    ],
)
def test_it_takes_a_page_on_the_site_s_own_host(url: str, kept: str) -> None:
    changed = patch_site({"tools": {"performance": {"settings": {"url": url}}}})
    assert changed["tools"]["performance"]["settings"]["url"] == kept


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.com/",
        "https://example.org/",
        "https://example.com.evil.test/",
        "https://example.com@evil.test/",
        "https://user@example.com/",
        "//example.com/",
        "/shop",
        "",
    ],
)
def test_it_refuses_a_page_elsewhere(url: str) -> None:
    patch = {"tools": {"performance": {"settings": {"url": url}}}}
    assert set(problems_on_site(patch)) == {f"{ROOT}.tools.performance.settings.url"}


def test_it_drops_a_page_on_the_host_that_the_site_left() -> None:
    assert without_foreign_page(PAGE, "example.com") == PAGE
    assert without_foreign_page(PAGE, "example.org") == {}
    both = {"tools": {**PAGE["tools"], "ssl": {"enabled": False}}}
    assert without_foreign_page(both, "example.org") == {"tools": {"ssl": {"enabled": False}}}


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2030-01-01T00:00:01Z", NOW + timedelta(seconds=1)),
        ("2030-01-01T02:00:00+01:00", NOW + timedelta(hours=1)),
        ("2030-01-01T00:00:01.9+00:00", NOW + timedelta(seconds=1)),
        (NOW + timedelta(days=1), NOW + timedelta(days=1)),
        (None, None),
    ],
)
def test_it_snoozes_until_a_moment_ahead(value: Any, moment: datetime | None) -> None:
    assert snoozed(value, before=NOW + timedelta(days=9)) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2030-01-01T00:00:00Z",
        "2029-12-31T23:59:59+00:00",
        "2030-01-01T00:00:00.5Z",
        "2031-01-01T00:00:00",
        "2031-01-01",
        "9999-12-31T23:59:59-12:00",
        "tomorrow",
        "",
        1_900_000_000,
        True,
        {},
    ],
)
def test_it_refuses_another_snooze(value: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        snoozed(value)
    assert set(refused.value.errors) == {f"{ROOT}.snoozed_until"}


def test_it_keeps_the_snooze_that_a_patch_does_not_name() -> None:
    stored = SiteSettings({}, NOW + timedelta(days=1))
    for patch in ({}, None, {"tools": {"ssl": {"enabled": False}}}):
        after = patched(stored, patch, plan=OPEN, domain="example.com", now=NOW)
        assert after.snoozed_until == stored.snoozed_until


@given(valid_patches(), valid_patches())
def test_it_stores_what_resolves_and_no_null(first: Any, second: Any) -> None:
    stored = patch_site(second, patch_site(first))
    assert "None" not in repr(stored)
    assert "{}" not in repr(stored) or not stored
    resolve({}, stored)


@given(valid_patches(), valid_patches())
def test_it_changes_nothing_by_the_same_patch_again(first: Any, second: Any) -> None:
    stored = patch_site(second, patch_site(first))
    assert patch_site(second, stored) == stored


@given(valid_patches())
def test_it_inherits_again_whatever_was_set(patch: Any) -> None:
    undo = {"tools": None, "request_header": None}
    assert patch_site(undo, patch_site(patch)) == {}


def test_it_does_not_fall_over_deep_nonsense() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = {"tools": deep}
    assert set(problems_on_site(deep)) == {f"{ROOT}.tools.tools"}
