"""Waiting for queued checks."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.client.conftest import ClientOf, Recorder
from tocsin.access.models import Token
from tocsin.api import limits
from tocsin.checks.models import Check
from tocsin.kit import clock
from tocsin_client import NotFoundError, Progress, WaitTimeoutError
from tocsin_client.transport import Allowance
from tocsin_client.waiting import _polite

Sleep = Callable[[float], None]


class Sleeper:
    """A clock that only sleeping moves, and what happens meanwhile."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []
        self.events: list[Callable[[], object]] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)
        if self.events:
            self.events.pop(0)()


@pytest.fixture
def sleeper(monkeypatch: pytest.MonkeyPatch) -> Sleeper:
    """Time for the client alone."""
    sleeper = Sleeper()
    for module in ("waiting", "transport"):
        monkeypatch.setattr(f"tocsin_client.{module}.time", sleeper)
    return sleeper


def end(tool: str) -> int:
    now = clock.now()
    return Check.objects.filter(type=tool).update(
        status="completed", outcome="ok", result={}, completed_at=now, updated_at=now
    )


def test_it_waits_until_all_have_ended(
    client_of: ClientOf, bob: Any, site: Any, sleeper: Sleeper, recorder: Recorder
) -> None:
    """In the order asked for, telling how far it is, asking only for what is pending."""
    queued = client_of(bob).run_checks(site.pk, ["status", "dns"])
    sleeper.events = [lambda: end("dns"), lambda: end("status")]
    told: list[Progress] = []
    ended = queued.wait(60, told.append)
    assert [(check.type, check.outcome) for check in ended] == [("status", "ok"), ("dns", "ok")]
    assert [(len(each.ended), len(each.pending)) for each in told] == [(0, 2), (1, 1), (2, 0)]
    assert [each.seconds for each in told] == [0, 1, 2.5]
    assert len(recorder.requests) == 1 + 2 + 2 + 1


def test_it_gives_up_in_time(client_of: ClientOf, bob: Any, site: Any, sleeper: Sleeper) -> None:
    """Naming what is pending, never later than asked, more and more seldom."""
    queued = client_of(bob).run_checks(site.pk, ["ssl"])
    with pytest.raises(WaitTimeoutError) as raised:
        queued.wait(120)
    assert raised.value.pending == (str(queued.checks[0].uuid),)
    assert sleeper.now <= 1120
    assert sleeper.pauses == sorted(sleeper.pauses)
    assert sleeper.pauses[-1] == 15
    with pytest.raises(WaitTimeoutError):
        queued.wait(0)


def test_it_waits_out_the_throttle(
    client_of: ClientOf, bob: Any, site: Any, sleeper: Sleeper
) -> None:
    """A 429 is a longer pause, and with no time for it the end."""
    queued = client_of(bob).run_checks(site.pk, ["ssl"])
    for _ in range(120):
        limits.requests_a_token.hit(str(Token.objects.get().pk))
    with pytest.raises(WaitTimeoutError):
        queued.wait(5)

    def calm() -> None:
        limits.requests_a_token.clear()
        end("ssl")

    sleeper.events = [calm]
    assert queued.wait(100)[0].outcome == "ok"
    assert 50 < sleeper.pauses[-1] <= 60


def test_it_says_that_a_check_is_gone(
    client_of: ClientOf, bob: Any, site: Any, sleeper: Sleeper
) -> None:
    """Deleted with its site, for instance."""
    queued = client_of(bob).run_checks(site.pk, ["ssl"])
    sleeper.events = [site.delete]
    with pytest.raises(NotFoundError):
        queued.wait()


@pytest.mark.parametrize(
    ("requests", "remaining", "pause"), [(5, 100, 1), (5, 60, 5), (1, 0, 1), (20, 59, 20)]
)
def test_it_leaves_half_of_the_throttle_to_others(
    requests: int, remaining: int, pause: float
) -> None:
    """Once that half is used; before, it looks as often as it likes."""
    assert _polite(1.0, requests, Allowance(120, remaining)) == pause
    assert _polite(1.0, requests, None) == 1
