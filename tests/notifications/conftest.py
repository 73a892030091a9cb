"""Destinations of a team, issues that open and resolve, and a clock that the tests set."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.issues.conftest import MIDNIGHT, check, watch
from tests.notifications.receiver import Receiver, receiving_aside
from tocsin.kit import clock
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.channels.email import EmailTarget
from tocsin.notifications.channels.webhook import WebhookTarget
from tocsin.notifications.models import Delivery, Destination
from tocsin.notifications.sealing import seal_secret, seal_target
from tocsin.notifications.signing import new_secret
from tocsin.sites.models import Site

Making = Callable[..., Destination]


@pytest.fixture
def midnight() -> Iterator[float]:
    """A clock that stands at a UTC midnight."""
    with clock.frozen(MIDNIGHT):
        yield MIDNIGHT


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver that the egress policy lets through."""
    settings.EGRESS_ALLOW = ("127.0.0.0/8",)
    with receiving_aside() as running:
        yield running


@pytest.fixture
def webhook(team: Any) -> Making:
    """Make webhooks of `team`."""

    def make(url: str = "https://hooks.example.com/a", **fields: Any) -> Destination:
        wanted = {"events": ["open", "resolve"], "team": team, **fields}
        return Destination.objects.create(
            channel=ChannelKind.WEBHOOK,
            configuration=seal_target(WebhookTarget(url)),
            masked="https://hooks.example.com/…/a",
            secret=seal_secret(new_secret()),
            **wanted,
        )

    return make


@pytest.fixture
def mails(team: Any) -> Making:
    """Make mail destinations of `team`."""

    def make(*addresses: str, **fields: Any) -> Destination:
        return Destination.objects.create(
            team=team,
            channel=ChannelKind.EMAIL,
            configuration=seal_target(EmailTarget(addresses)),
            masked="al…@example.com",
            events=["open", "resolve"],
            secret=seal_secret(new_secret()),
            **fields,
        )

    return make


class Story:
    """One site that goes down and comes up again, through the real claim, intake and rules."""

    def __init__(self, site: Any) -> None:
        self.now = float(MIDNIGHT)
        watch(site)

    def see(self, word: str, *, at: float | None = None) -> None:
        """Run what is due at a moment (seconds after midnight); the next slot by default."""
        self.now = self.now + 600 if at is None else MIDNIGHT + at
        check(self.now, word)

    def goes_down(self, at: float = 0) -> None:
        """Fail twice, which opens."""
        self.see("down", at=at)
        self.see("down", at=at + 120)

    def comes_up(self, at: float) -> None:
        """Succeed once, which resolves."""
        self.see("good", at=at)


@pytest.fixture
def story(site: Any) -> Story:
    """Tell what happens to `site`."""
    return Story(site)


def ledger() -> list[tuple[str, str, str]]:
    """Return transition, status and reason of every delivery, oldest first."""
    rows = Delivery.objects.order_by("occurrence_id", "destination_id")
    return list(rows.values_list("occurrence__transition", "status", "reason"))


@pytest.fixture
def many(team: Any) -> Callable[[int], None]:
    """Watch some sites of `team`."""

    def make(count: int) -> None:
        for number in range(count):
            name = f"s{number}.example.com"
            watch(Site.objects.create(team=team, name=name, url=f"https://{name}", domain=name))

    return make
