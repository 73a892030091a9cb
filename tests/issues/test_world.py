"""Thousands of sites that break by script: by the pure rules, and through the real storage."""

import os
from dataclasses import replace
from typing import Any

import pytest

from tests.issues import monitor, stored_monitor, world
from tocsin.checks.models import Check
from tocsin.issues.rules import Limits, Observation, evaluation
from tocsin.issues.rules.reading import Reading
from tocsin.probes.contract import Outcome

# 2,000 sites by default; a soak asks for more.
SITES = int(os.environ.get("TOCSIN_WORLD_SITES", "2000"))
HOURS = int(os.environ.get("TOCSIN_WORLD_HOURS", "4"))
STORED_SITES = int(os.environ.get("TOCSIN_WORLD_STORED_SITES", "80"))
STORED_HOURS = int(os.environ.get("TOCSIN_WORLD_STORED_HOURS", "2"))
START = 1_800_057_600


def test_it_finds_every_outage_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    report = monitor.run(world.make(7, SITES, HOURS, start=START))
    with capsys.disabled():
        print(f"\nworld, pure rules: {report}")  # noqa: T201 - the figures are the point
    assert report.outages > SITES / 10
    assert report.is_perfect, str(report)


def test_it_notices_a_monitor_that_never_confirms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "next_run", lambda *_: None)
    report = monitor.run(world.make(7, 200, HOURS, start=START))
    assert report.latest > 1.0


def test_it_notices_a_monitor_that_blames_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes its own network's faults for theirs."""
    read = evaluation.read

    def blame(seen: Observation, limits: Limits) -> Reading:
        is_unknown = seen.outcome is Outcome.UNKNOWN
        return read(replace(seen, outcome=Outcome.FAILING) if is_unknown else seen, limits)

    monkeypatch.setattr(evaluation, "read", blame)
    report = monitor.run(world.make(7, 200, HOURS, start=START))
    assert report.false_alarms > 0


@pytest.mark.django_db
def test_it_does_so_through_the_real_storage(team: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Every result is delivered twice, and not one slot is left without an end."""
    report = stored_monitor.run(world.make(11, STORED_SITES, STORED_HOURS, start=START), team)
    with capsys.disabled():
        print(f"\nworld, stored: {report}")  # noqa: T201 - the figures are the point
    assert report.outages > STORED_SITES / 10
    assert report.is_perfect, str(report)
    assert Check.objects.count() >= report.checks - STORED_SITES
