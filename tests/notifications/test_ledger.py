"""Whatever happens, each event × destination ends once: delivered, failed, or not sent and why."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.notifications.conftest import Making
from tests.notifications.ledger_world import TEMPERS, World
from tocsin.notifications.models import Delivery, DeliveryAttempt
from tocsin.sites.monitoring.models import TeamMonitoring

pytestmark = pytest.mark.django_db
NIGHT = {"enabled": True, "starts_at": "22:00", "ends_at": "07:00", "timezone": "UTC"}
AGAIN = {"enabled": True, "intervals": [15, 60]}

wishes = st.fixed_dictionaries(
    {
        "events": st.sampled_from([["open", "resolve"], ["open"], ["resolve"]]),
        "tools": st.sampled_from([None, ["status"], ["ssl"]]),
        "enabled": st.sampled_from([True, True, True, False]),
    }
)
steps = st.one_of(
    st.tuples(st.just("happen"), st.integers(0, 3)),
    st.tuples(st.just("happen"), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 7, 40, 600])),
    st.tuples(st.sampled_from(["snooze", "switch", "delete"]), st.integers(0, 3)),
)
tempers = st.lists(st.sampled_from(sorted(TEMPERS)), max_size=8)
lasting = st.sampled_from(["takes it", "takes it", "is slow", "is busy", "refuses"])


@settings(
    deadline=None,
    max_examples=20,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    settings_of_team=st.fixed_dictionaries(
        {}, optional={"quiet_time": st.just(NIGHT), "escalation": st.just(AGAIN)}
    ),
    wanted=st.lists(wishes, min_size=1, max_size=3),
    story=st.lists(steps, min_size=3, max_size=14),
    tempers=tempers,
    lasting=lasting,
)
def test_every_event_of_every_destination_ends_once_and_never_silently(
    team: Any,
    webhook: Making,
    settings_of_team: dict[str, Any],
    wanted: list[dict[str, Any]],
    story: list[tuple[str, int]],
    tempers: list[str],
    lasting: str,
) -> None:
    with transaction.atomic():
        TeamMonitoring.objects.create(team=team, settings=settings_of_team)
        for each in wanted:
            webhook(**each)
        world = World(team, 4, tempers, lasting)
        for step, argument in story:
            getattr(world, step)(argument)
        world.end()
        check_ledger(world)
        transaction.set_rollback(True)


def check_ledger(world: World) -> None:
    rows = list(Delivery.objects.all())
    assert {(row.occurrence_id, row.destination_id) for row in rows} == world.owed
    assert len(rows) == len(world.owed)
    for row in rows:
        assert row.status in {"delivered", "failed", "suppressed"}
        assert bool(row.reason) == (row.status != "delivered")
        assert (row.delivered_at is not None) == (row.status == "delivered")
        assert row.next_attempt_at is None
        tried = DeliveryAttempt.objects.filter(delivery=row.folded_into_id or row.pk).exists()
        assert tried or row.status == "suppressed"
    delivered = {row.pk for row in rows if row.status == "delivered"}
    assert delivered <= world.taken
    assert not {row.pk for row in rows if row.status == "failed"} & world.taken


@settings(
    deadline=None,
    max_examples=6,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    bursts=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    minutes=st.sampled_from([0, 1, 2]),
    tempers=tempers,
)
def test_late_arrivals_join_a_fold_that_waits_and_none_is_dropped(
    team: Any, webhook: Making, bursts: list[int], minutes: int, tempers: list[str]
) -> None:
    with transaction.atomic():
        webhook()
        world = World(team, sum(bursts), tempers, "takes it")
        broken = 0
        for burst in bursts:
            for _ in range(burst):
                world.happen(broken)
                broken += 1
            world.wait(minutes)
        world.end()
        check_ledger(world)
        folds = Delivery.objects.filter(folded_into__isnull=False)
        assert not folds.filter(folded_into__folded_into__isnull=False).exists()
        if broken > 3 and not minutes and not tempers:
            assert folds.exists()
        transaction.set_rollback(True)
