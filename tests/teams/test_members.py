"""Who belongs to a team, and as what."""

from typing import Any

import pytest

from tests.teams.conftest import Acting, Audited
from tocsin.access.principal import SYSTEM
from tocsin.kit.errors import Conflict, InvalidInput, LimitReached, NotFound
from tocsin.teams import actions
from tocsin.teams.limits import current_limits
from tocsin.teams.models import Membership, Team


def _role(team: Team, user: Any) -> str | None:
    return Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()


class TestAdd:
    def test_it_adds(self, team: Team, mallory: Any, audited: Audited) -> None:
        actions.add_member(SYSTEM, team.pk, mallory.pk, "viewer")
        assert _role(team, mallory) == "viewer"
        assert audited() == ["member.added"]

    def test_it_changes_the_role_of_a_member(self, team: Team, bob: Any) -> None:
        actions.add_member(SYSTEM, team.pk, bob.pk, "admin")
        assert _role(team, bob) == "admin"
        assert Membership.objects.filter(team=team).count() == 2

    def test_it_obeys_the_plan_unless_forced(
        self, team: Team, adam: Any, bob: Any, mallory: Any
    ) -> None:
        Team.objects.filter(pk=team.pk).update(plan="starter")
        with pytest.raises(LimitReached, match="seats"):
            actions.add_member(SYSTEM, team.pk, mallory.pk, "member")
        assert _role(team, mallory) is None
        actions.add_member(SYSTEM, team.pk, mallory.pk, "member", force=True)
        assert current_limits(team.pk).seats.used == 4

    def test_it_takes_the_seat_that_an_invitation_held(
        self, team: Team, adam: Any, mallory: Any
    ) -> None:
        Team.objects.filter(pk=team.pk).update(plan="starter")
        actions.invite(SYSTEM, team.pk, email=mallory.email, role="viewer")
        actions.add_member(SYSTEM, team.pk, mallory.pk, "member")
        seats = current_limits(team.pk).seats
        assert (seats.members, seats.pending_invitations) == (3, 0)

    @pytest.mark.parametrize("role", ["owner", "boss"])
    def test_it_refuses_roles(self, team: Team, mallory: Any, role: str) -> None:
        with pytest.raises(InvalidInput):
            actions.add_member(SYSTEM, team.pk, mallory.pk, role)

    def test_it_needs_team_and_user(self, team: Team, mallory: Any) -> None:
        for team_id, user_id in ((404, mallory.pk), (team.pk, 404), (2**70, mallory.pk)):
            with pytest.raises(NotFound):
                actions.add_member(SYSTEM, team_id, user_id, "member")


class TestChangeRole:
    @pytest.mark.parametrize("role", ["admin", "member", "viewer"])
    def test_it_changes(self, team: Team, bob: Any, role: str, audited: Audited) -> None:
        actions.change_role(SYSTEM, team.pk, bob.pk, role)
        assert _role(team, bob) == role
        assert audited() == ["member.role_changed"]

    def test_it_keeps_the_owner(self, team: Team, alice: Any) -> None:
        with pytest.raises(Conflict):
            actions.change_role(SYSTEM, team.pk, alice.pk, "viewer")
        assert _role(team, alice) == "owner"

    def test_it_makes_no_owner(self, team: Team, bob: Any) -> None:
        with pytest.raises(InvalidInput):
            actions.change_role(SYSTEM, team.pk, bob.pk, "owner")

    def test_it_needs_a_member(self, team: Team, mallory: Any) -> None:
        with pytest.raises(NotFound):
            actions.change_role(SYSTEM, team.pk, mallory.pk, "admin")


class TestRemoveAndLeave:
    def test_it_removes(self, team: Team, bob: Any, audited: Audited) -> None:
        actions.remove_member(SYSTEM, team.pk, bob.pk)
        assert _role(team, bob) is None
        assert audited() == ["member.removed"]

    def test_it_leaves(self, team: Team, bob: Any, acting: Acting, audited: Audited) -> None:
        actions.leave_team(acting(bob), team.pk)
        assert _role(team, bob) is None
        assert audited() == ["member.left"]

    def test_it_keeps_the_owner(self, team: Team, alice: Any, acting: Acting) -> None:
        with pytest.raises(Conflict, match="cannot be removed"):
            actions.remove_member(SYSTEM, team.pk, alice.pk)
        with pytest.raises(Conflict, match="cannot leave"):
            actions.leave_team(acting(alice), team.pk)
        assert _role(team, alice) == "owner"

    def test_it_needs_a_member(self, team: Team, mallory: Any, acting: Acting) -> None:
        with pytest.raises(NotFound):
            actions.remove_member(SYSTEM, team.pk, mallory.pk)
        with pytest.raises(NotFound):
            actions.leave_team(acting(mallory), team.pk)
        with pytest.raises(Conflict):
            actions.leave_team(SYSTEM, team.pk)
