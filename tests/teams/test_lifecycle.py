"""Teams made, named, handed over, deleted, put on a plan, made stricter."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.teams.conftest import Acting, Audited
from tocsin.access.principal import SYSTEM
from tocsin.access.roles import Role
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, InvalidInput, NotFound
from tocsin.teams import actions
from tocsin.teams.models import Membership, Team

BAD_NAMES = ["", "   ", "x" * 256, "line\nbreak", "nul\x00", "evil\u202etxt.exe", "\u200b\u200b"]


def _roles(team: Team) -> dict[str, str]:
    return dict(Membership.objects.filter(team=team).values_list("user__name", "role"))


class TestCreate:
    def test_it_makes_the_creator_the_owner(
        self, mallory: Any, acting: Acting, audited: Audited
    ) -> None:
        team = actions.create_team(acting(mallory), owner_id=mallory.pk, name="  Ops  ")
        assert (team.name, team.personal_team, team.plan) == ("Ops", False, "self-hosted")
        assert _roles(team) == {"Mallory": "owner"}
        assert audited() == ["team.created"]

    @pytest.mark.parametrize("name", BAD_NAMES)
    def test_it_refuses_names_that_cannot_be_shown(self, mallory: Any, name: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            actions.create_team(SYSTEM, owner_id=mallory.pk, name=name)
        assert list(refusal.value.errors) == ["name"]
        assert not Team.objects.exists()

    @pytest.mark.parametrize("name", ["x" * 255, "Ærøskøbing 港", "עברית", "👩‍👩‍👧 Team"])
    def test_it_takes_any_visible_name(self, mallory: Any, name: str) -> None:
        assert actions.create_team(SYSTEM, owner_id=mallory.pk, name=name).name == name

    def test_it_refuses_an_unknown_plan(self, mallory: Any) -> None:
        with pytest.raises(InvalidInput, match="no plan 'gold'"):
            actions.create_team(SYSTEM, owner_id=mallory.pk, name="Ops", plan="gold")

    def test_it_leaves_nothing_where_the_owner_is_unknown(self, db: None) -> None:
        with pytest.raises(NotFound):
            actions.create_team(SYSTEM, owner_id=404, name="Ops")
        assert not Team.objects.exists()


class TestRename:
    def test_it_renames(self, team: Team, audited: Audited) -> None:
        assert actions.rename_team(SYSTEM, team.pk, "Other").name == "Other"
        assert audited() == ["team.renamed"]

    @pytest.mark.parametrize("name", BAD_NAMES)
    def test_it_refuses_bad_names(self, team: Team, name: str) -> None:
        with pytest.raises(InvalidInput):
            actions.rename_team(SYSTEM, team.pk, name)
        team.refresh_from_db()
        assert team.name == "Acme"


class TestTransfer:
    def test_it_swaps_the_owner_for_an_admin(self, team: Team, bob: Any, audited: Audited) -> None:
        actions.transfer_team(SYSTEM, team.pk, bob.pk)
        assert _roles(team) == {"Alice": "admin", "Bob": "owner"}
        assert audited() == ["team.transferred"]

    def test_it_needs_a_member(self, team: Team, mallory: Any) -> None:
        with pytest.raises(NotFound):
            actions.transfer_team(SYSTEM, team.pk, mallory.pk)

    def test_it_refuses_the_owner_and_the_switched_off(
        self, team: Team, alice: Any, bob: Any
    ) -> None:
        with pytest.raises(Conflict, match="already"):
            actions.transfer_team(SYSTEM, team.pk, alice.pk)
        type(bob).objects.filter(pk=bob.pk).update(is_active=False)
        with pytest.raises(Conflict, match="switched off"):
            actions.transfer_team(SYSTEM, team.pk, bob.pk)
        assert _roles(team) == {"Alice": "owner", "Bob": "member"}

    def test_it_keeps_a_personal_team(self, team: Team, bob: Any) -> None:
        Team.objects.filter(pk=team.pk).update(personal_team=True)
        with pytest.raises(Conflict, match="personal"):
            actions.transfer_team(SYSTEM, team.pk, bob.pk)


class TestDelete:
    def test_it_deletes_with_all_it_owns(self, team: Team, site: Any, audited: Audited) -> None:
        actions.delete_team(SYSTEM, team.pk)
        assert not Team.objects.exists()
        assert not type(site).objects.exists()
        assert audited() == ["team.deleted"]

    def test_it_keeps_a_personal_team(self, team: Team) -> None:
        Team.objects.filter(pk=team.pk).update(personal_team=True)
        with pytest.raises(Conflict):
            actions.delete_team(SYSTEM, team.pk)
        assert Team.objects.exists()

    def test_it_says_that_there_is_none(self, db: None) -> None:
        with pytest.raises(NotFound):
            actions.delete_team(SYSTEM, 404)


class TestSetPlan:
    def test_it_dates_a_new_state(self, team: Team, audited: Audited) -> None:
        Team.objects.filter(pk=team.pk).update(plan_state_since=clock.now() - timedelta(days=90))
        changed = actions.set_plan(SYSTEM, team.pk, plan="growth", state="past_due")
        assert (changed.plan, changed.plan_state) == ("growth", "past_due")
        assert clock.now() - changed.plan_state_since < timedelta(minutes=1)
        assert audited() == ["team.plan_changed"]

    def test_it_keeps_the_date_of_the_same_state(self, team: Team) -> None:
        since = clock.now() - timedelta(days=90)
        Team.objects.filter(pk=team.pk).update(plan_state="past_due", plan_state_since=since)
        changed = actions.set_plan(SYSTEM, team.pk, plan="growth", state="past_due")
        assert changed.plan_state_since == since

    @pytest.mark.parametrize(
        ("plan", "state", "field"), [("gold", None, "plan"), ("growth", "paid", "state")]
    )
    def test_it_refuses_what_it_does_not_know(
        self, team: Team, plan: str, state: str | None, field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refusal:
            actions.set_plan(SYSTEM, team.pk, plan=plan, state=state)
        assert list(refusal.value.errors) == [field]
        team.refresh_from_db()
        assert team.plan == "self-hosted"


class TestTwoFactorRequirement:
    def test_it_needs_a_person_who_has_it(
        self, team: Team, alice: Any, acting: Acting, audited: Audited
    ) -> None:
        principal = acting(alice)
        with pytest.raises(Conflict, match="yourself"):
            actions.set_two_factor_requirement(principal, team.pk, required=True)
        secured = replace(principal, has_two_factor=True)
        team = actions.set_two_factor_requirement(secured, team.pk, required=True)
        assert team.require_two_factor
        assert audited() == ["team.two_factor_requirement_changed"]

    def test_it_can_be_lifted_without(self, team: Team, alice: Any, acting: Acting) -> None:
        Team.objects.filter(pk=team.pk).update(require_two_factor=True)
        team = actions.set_two_factor_requirement(acting(alice), team.pk, required=False)
        assert not team.require_two_factor


def test_the_database_allows_one_owner_only(team: Team, bob: Any) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        Membership.objects.filter(team=team, user=bob).update(role=Role.OWNER)
