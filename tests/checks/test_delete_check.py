"""Deleting manual checks."""

from typing import Any
from uuid import uuid4

import pytest

from tests.checks.runs import ask, run
from tocsin.accounts.queries import session_principal
from tocsin.audit.models import Entry
from tocsin.checks.manual import AutomaticCheck, delete_check
from tocsin.checks.models import Check
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db


def test_it_deletes_a_manual_check_and_records_it(site: Any, adam: Any) -> None:
    check = run(site, "status")
    delete_check(session_principal(adam), check.uuid)
    assert not Check.objects.exists()
    entry = Entry.objects.get(action="check.deleted")
    assert (entry.target, entry.user_id) == (f"check:{check.uuid}", adam.pk)
    assert entry.team_id == site.team_id


def test_it_keeps_automatic_checks(site: Any, adam: Any) -> None:
    check = Check.objects.create(
        site=site, type="status", status="completed", automatic=True, updated_at=clock.now()
    )
    with pytest.raises(AutomaticCheck) as refusal:
        delete_check(session_principal(adam), check.pk)
    assert refusal.value.code == "automatic_check"
    assert Check.objects.exists()


def test_it_keeps_pending_checks(site: Any, adam: Any) -> None:
    (check,) = ask(site, "status")
    with pytest.raises(Conflict):
        delete_check(session_principal(adam), check.uuid)
    assert Check.objects.exists()


def test_it_finds_nothing_of_others_and_nothing_twice(site: Any, adam: Any, mallory: Any) -> None:
    check = run(site, "status")
    with pytest.raises(NotFound):
        delete_check(session_principal(mallory), check.uuid)
    with pytest.raises(NotFound):
        delete_check(session_principal(adam), uuid4())
    delete_check(session_principal(adam), check.uuid)
    with pytest.raises(NotFound):
        delete_check(session_principal(adam), check.uuid)
