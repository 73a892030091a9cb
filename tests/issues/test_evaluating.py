"""From filed results to issues, through the real claim, intake and storage."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from msgspec.structs import replace

from tests.issues.conftest import MIDNIGHT, acting, answer, check, claim, next_due, watch
from tocsin.access.principal import SYSTEM
from tocsin.checks import intake
from tocsin.checks.models import Check, Schedule
from tocsin.issues import hooks
from tocsin.issues.actions import acknowledge, evaluate
from tocsin.issues.models import Issue, IssueState, Transition
from tocsin.kit import clock
from tocsin.probes.contract import ProbeError, RunReason, Ticket
from tocsin.sites.actions import create_site

pytestmark = pytest.mark.django_db


def test_it_opens_after_a_retry_confirms(watched: Any) -> None:
    (first,) = check(MIDNIGHT, "down")
    assert not Issue.objects.exists()
    assert next_due() == MIDNIGHT + 120
    (retry,) = check(MIDNIGHT + 120, "down")
    assert retry.ticket is not None
    assert retry.ticket.run_reason is RunReason.CONFIRMATION_RETRY
    issue = Issue.objects.get()
    assert (issue.type, issue.fingerprint, issue.status) == ("status", "status:down", "open")
    assert issue.severity == "critical"
    assert issue.team_id == watched.team_id
    assert issue.opened_at == issue.first_opened_at == clock.from_timestamp(MIDNIGHT + 120)
    assert issue.latest_check == UUID(retry.check_id)
    assert issue.context["opening"]["checks"] == [first.check_id, retry.check_id]
    assert issue.context["opening"]["settings_revision"] == watched.settings_revision
    (row,) = Transition.objects.all()
    assert (row.key, row.alerts, row.check_uuid) == ("opened", True, UUID(retry.check_id))


def test_it_follows_up_and_resolves(down: Any) -> None:
    assert next_due() == MIDNIGHT + 120 + 300
    (follow_up,) = check(MIDNIGHT + 420, "good")
    assert follow_up.ticket is not None
    assert follow_up.ticket.run_reason is RunReason.INCIDENT_FOLLOW_UP
    issue = Issue.objects.get()
    assert (issue.status, issue.resolve_reason) == ("resolved", "recovered")
    assert issue.resolved_by_id is None
    assert issue.context["resolution"]["checks"] == [follow_up.check_id]
    assert [row.key for row in Transition.objects.order_by("pk")] == ["opened", "resolved"]
    assert Schedule.objects.get().retry_at is None


def test_it_reopens_the_same_record(down: Any) -> None:
    before = Issue.objects.get()
    check(MIDNIGHT + 420, "good")
    check(MIDNIGHT + 600, "down")
    check(MIDNIGHT + 720, "down")
    issue = Issue.objects.get()
    assert issue.pk == before.pk
    assert (issue.status, issue.reopen_count) == ("open", 1)
    assert issue.first_opened_at == before.first_opened_at
    assert issue.opened_at == clock.from_timestamp(MIDNIGHT + 720)
    assert issue.resolved_at is None
    assert issue.resolve_reason == ""
    assert "resolution" not in issue.context
    assert list(Transition.objects.order_by("pk").values_list("key", flat=True)) == [
        "opened",
        "resolved",
        "reopened",
    ]


def test_it_keeps_the_latest_two_checks(down: Any) -> None:
    before = Issue.objects.get()
    (request,) = check(MIDNIGHT + 420, "down")
    issue = Issue.objects.get()
    assert issue.latest_check == UUID(request.check_id)
    assert issue.previous_check == before.latest_check
    assert issue.last_evaluated_at == clock.from_timestamp(MIDNIGHT + 420)
    assert issue.context["latest"]["breaches_in_a_row"] == 3


def test_it_changes_nothing_for_what_is_unknown(down: Any) -> None:
    before = Issue.objects.values().get()
    check(MIDNIGHT + 420, "unknown")
    assert Issue.objects.values().get() == before
    assert next_due() == MIDNIGHT + 600  # the follow-up would come with the slot


def test_it_counts_a_result_once(down: Any) -> None:
    requests = check(MIDNIGHT + 420, "down")
    before = IssueState.objects.values().get()
    with clock.frozen(MIDNIGHT + 500):
        again = [answer(request, "down") for request in requests]
        assert intake.store(again).stored == 0
        evaluate(again)
    assert IssueState.objects.values().get() == before


def test_it_leaves_manual_checks_alone(watched: Any) -> None:
    (request,) = claim(MIDNIGHT)
    result = answer(request, "down")
    manual = Ticket(site_id=str(watched.pk), schedule_id=None, slot=None)
    for _ in range(3):
        evaluate([replace(result, ticket=manual)])
    assert not Issue.objects.exists()
    assert not IssueState.objects.exists()


def test_it_remembers_nothing_of_sites_that_are_fine(watched: Any) -> None:
    for number in range(3):
        check(MIDNIGHT + 600 * number, "good")
    assert not IssueState.objects.exists()


def test_it_adopts_the_first_look_up(site: Any) -> None:
    watch(site, "dns")
    revision = site.settings_revision
    check(MIDNIGHT, "good")
    site.refresh_from_db()
    assert site.dns_expected_records == {
        "A": ["192.0.2.1"],
        "MX": ["10 mail.example.com"],
        "AAAA": [],
    }
    assert site.settings_revision == revision + 1
    check(MIDNIGHT + 600, "changed")
    check(next_due(), "changed")
    issue = Issue.objects.get()
    assert (issue.fingerprint, issue.severity) == ("dns:records_changed", "warning")
    site.refresh_from_db()
    assert site.settings_revision == revision + 1


def test_it_keeps_records_that_somebody_set(site: Any) -> None:
    site.dns_expected_records = {"A": ["192.0.2.99"]}
    site.save()
    watch(site, "dns")
    check(MIDNIGHT, "good")
    site.refresh_from_db()
    assert site.dns_expected_records == {"A": ["192.0.2.99"]}


def test_it_undoes_all_where_a_hook_fails(watched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Transition and what is owed for it commit together, or neither."""

    def refuse(_rows: Any) -> None:
        raise DatabaseError("no")

    monkeypatch.setattr(hooks, "TRANSITIONED", [refuse])
    check(MIDNIGHT, "down")
    with pytest.raises(DatabaseError):
        check(MIDNIGHT + 120, "down")
    assert not Issue.objects.exists()
    assert Check.objects.count() == 1


def test_it_stores_what_a_site_sends_whatever_it_is(watched: Any) -> None:
    result = {"up": False, "code": 500, "effective_url": "https://example.com/\x00"}
    for moment in (MIDNIGHT, MIDNIGHT + 120):
        with clock.frozen(moment):
            (request,) = claim(moment)
            error = ProbeError("bad_response", "It said \x00.")
            stored = intake.store([replace(answer(request, "down"), result=result, error=error)])
        assert stored.stored == 1
    issue = Issue.objects.get()
    assert issue.summary == "It said \ufffd."
    assert issue.context["facts"]["effective_url"] == "https://example.com/\ufffd"


def test_it_tells_every_transition_to_those_above(
    watched: Any, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(hooks, "TRANSITIONED", [lambda rows: heard.extend(row.key for row in rows)])
    for moment, word in ((0, "down"), (120, "down"), (420, "down")):
        check(MIDNIGHT + moment, word)
    acknowledge(acting(bob), Issue.objects.get().pk)
    check(MIDNIGHT + 600, "good")
    assert heard == ["opened", "acknowledged", "resolved"]


@pytest.mark.parametrize("count", [2, 30])
def test_it_needs_the_same_number_of_queries_for_any_number_of_sites(
    team: Any, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        create_site(SYSTEM, team, url=f"https://{number}.example.com")
    Schedule.objects.exclude(tool="status").delete()
    Schedule.objects.update(cadence=600, phase=0, next_slot=MIDNIGHT)
    check(MIDNIGHT, "down")
    with clock.frozen(MIDNIGHT + 120):
        results = [answer(request, "down") for request in claim(MIDNIGHT + 120)]
        assert len(results) == count
        with django_assert_max_num_queries(19):
            intake.store(results)
    assert Issue.objects.count() == count
