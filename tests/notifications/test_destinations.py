"""Destinations are encrypted at rest, shown masked, and leave their history behind."""

from typing import Any

import pytest

from tests.issues.conftest import acting
from tests.notifications.conftest import Story, ledger
from tocsin.access.principal import SYSTEM
from tocsin.audit.models import Entry
from tocsin.kit.errors import InvalidInput, NotFound
from tocsin.notifications.actions import destinations
from tocsin.notifications.models import Destination
from tocsin.notifications.sealing import target_of

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/secret-path-9876"


def add(team: Any, **fields: Any) -> destinations.Added:
    wanted = {"channel": "webhook", "config": {"url": URL}, **fields}
    return destinations.add(SYSTEM, team.pk, **wanted)


def test_it_keeps_the_address_encrypted_and_shows_it_masked(team: Any) -> None:
    made = add(team).destination
    assert "secret-path" not in made.configuration + made.masked
    assert made.masked.endswith("9876")
    assert target_of(made).url == URL
    assert "secret-path" not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "pigeon"},
        {"config": {"url": "http://127.0.0.1/hook"}},
        {"config": {"url": "https://example.com/" + "x" * 2048}},
        {"channel": "email", "config": {"addresses": [f"a{n}@example.com" for n in range(21)]}},
        {"events": ["escalate"]},
        {"tools": []},
    ],
)
def test_it_refuses_what_cannot_be_used(team: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        add(team, **fields)
    assert not Destination.objects.exists()


def test_it_keeps_the_history_of_a_deleted_destination(story: Story, team: Any, alice: Any) -> None:
    made = add(team).destination
    story.goes_down()
    destinations.delete(acting(alice), team.pk, made.pk)
    assert ledger() == [("open", "suppressed", "destination_deleted")]


def test_it_hides_destinations_of_other_teams(team: Any, mallory: Any) -> None:
    made = add(team).destination
    with pytest.raises(NotFound):
        destinations.delete(acting(mallory), team.pk, made.pk)
