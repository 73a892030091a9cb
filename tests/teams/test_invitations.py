"""Asking somebody into a team by mail, and the answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.teams.conftest import Acting, Audited, MailedToken
from tocsin.access.principal import SYSTEM
from tocsin.accounts.models import User
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, InvalidInput, LimitReached, NotFound
from tocsin.teams import actions, queries
from tocsin.teams.limits import current_limits
from tocsin.teams.models import Invitation, Membership, Team


def _expire() -> None:
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))


def _members(team: Team) -> set[str]:
    return set(Membership.objects.filter(team=team).values_list("user__email", flat=True))


class TestInvite:
    def test_it_mails_a_link_for_seven_days(
        self,
        team: Team,
        alice: Any,
        acting: Acting,
        mailed_token: MailedToken,
        audited: Audited,
    ) -> None:
        invitation = actions.invite(
            acting(alice), team.pk, email="Carol+ops@Example.com", role="member"
        )
        assert invitation.email == "carol+ops@example.com"
        assert timedelta(days=6, hours=23) < invitation.expires_at - clock.now()
        assert invitation.expires_at - clock.now() <= timedelta(days=7)
        assert mail.outbox[-1].to == ["carol+ops@example.com"]
        assert "Alice asks you to join the team Acme as member" in str(mail.outbox[-1].body)
        assert audited() == ["invitation.created"]

    def test_it_keeps_a_hash_of_the_token_only(self, team: Team, mailed_token: MailedToken) -> None:
        actions.invite(SYSTEM, team.pk, email="carol@example.com", role="member")
        stored = Invitation.objects.values().get()
        assert len(mailed_token()) == 43
        assert mailed_token() not in str(stored)

    def test_it_mails_names_as_they_are(self, team: Team, mailed_token: MailedToken) -> None:
        Team.objects.filter(pk=team.pk).update(name="A&B <b>{{ secret }}</b>")
        actions.invite(SYSTEM, team.pk, email="carol@example.com", role="member")
        assert "the team A&B <b>{{ secret }}</b> as" in str(mail.outbox[-1].body)

    def test_it_holds_a_seat_until_it_expires(self, team: Team) -> None:
        actions.invite(SYSTEM, team.pk, email="carol@example.com", role="member")
        assert current_limits(team.pk).seats.pending_invitations == 1
        _expire()
        assert current_limits(team.pk).seats.pending_invitations == 0

    def test_it_refuses_the_seat_too_many(self, team: Team, adam: Any) -> None:
        Team.objects.filter(pk=team.pk).update(plan="starter")
        actions.invite(SYSTEM, team.pk, email="carol@example.com", role="member")
        with pytest.raises(LimitReached):
            actions.invite(SYSTEM, team.pk, email="dave@example.com", role="member")
        actions.invite(SYSTEM, team.pk, email="dave@example.com", role="member", force=True)

    @pytest.mark.parametrize(
        ("email", "role", "field"),
        [
            ("carol@example.com", "owner", "role"),
            ("carol", "member", "email"),
            ("cärol@example.com", "member", "email"),
            ("carol@example.com\nbcc: all@example.com", "member", "email"),
            ("x" * 250 + "@example.com", "member", "email"),
            ("bob@example.com", "member", "email"),
            ("BOB@example.com", "member", "email"),
        ],
    )
    def test_it_refuses(self, team: Team, bob: Any, email: str, role: str, field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            actions.invite(SYSTEM, team.pk, email=email, role=role)
        assert list(refusal.value.errors) == [field]
        assert not Invitation.objects.exists()

    def test_it_asks_an_address_once_at_a_time(self, team: Team) -> None:
        actions.invite(SYSTEM, team.pk, email="carol@example.com", role="member")
        with pytest.raises(Conflict, match="already"):
            actions.invite(SYSTEM, team.pk, email="Carol@example.com", role="admin")
        _expire()
        again = actions.invite(SYSTEM, team.pk, email="carol@example.com", role="admin")
        assert [each.id for each in queries.invitations_of(SYSTEM, team.pk)] == [again.pk]


class TestAccept:
    @pytest.fixture
    def token(self, team: Team, mallory: Any, mailed_token: MailedToken) -> str:
        """An invitation to mallory, as mailed."""
        actions.invite(SYSTEM, team.pk, email=mallory.email, role="viewer")
        return mailed_token()

    def test_it_joins_by_link(
        self, team: Team, mallory: Any, token: str, acting: Acting, audited: Audited
    ) -> None:
        membership = actions.accept_by_link(acting(mallory), token)
        assert (membership.team_id, membership.role) == (team.pk, "viewer")
        assert audited() == ["invitation.created", "invitation.accepted", "member.added"]

    def test_it_proves_the_address_by_the_link(
        self, mallory: Any, token: str, acting: Acting
    ) -> None:
        User.objects.filter(pk=mallory.pk).update(email_verified_at=None)
        actions.accept_by_link(acting(mallory), token)
        mallory.refresh_from_db()
        assert mallory.email_verified_at is not None

    def test_it_needs_a_verified_address_without_the_link(
        self, team: Team, mallory: Any, token: str, acting: Acting
    ) -> None:
        waiting = queries.invitations_for(mallory.email)
        assert [each.team_name for each in waiting] == ["Acme"]
        User.objects.filter(pk=mallory.pk).update(email_verified_at=None)
        with pytest.raises(Conflict, match="Verify"):
            actions.accept_invitation(acting(mallory), waiting[0].id)
        User.objects.filter(pk=mallory.pk).update(email_verified_at=clock.now())
        actions.accept_invitation(acting(mallory), waiting[0].id)
        assert mallory.email in _members(team)
        assert queries.invitations_for(mallory.email) == []

    def test_it_is_for_the_address_only(
        self, team: Team, bob: Any, token: str, acting: Acting
    ) -> None:
        invitation = Invitation.objects.get()
        with pytest.raises(NotFound):
            actions.accept_by_link(acting(bob), token)
        with pytest.raises(NotFound):
            actions.accept_invitation(acting(bob), invitation.pk)
        with pytest.raises(NotFound):
            actions.accept_by_link(SYSTEM, token)
        invitation.refresh_from_db()
        assert invitation.state == "pending"

    @pytest.mark.parametrize("forged", ["", "x", "A" * 43, "\u202e", "a" * 100_000])
    def test_it_refuses_a_forged_link(
        self, mallory: Any, token: str, acting: Acting, forged: str
    ) -> None:
        with pytest.raises(NotFound):
            actions.accept_by_link(acting(mallory), forged)

    def test_it_works_once(self, mallory: Any, token: str, acting: Acting) -> None:
        actions.accept_by_link(acting(mallory), token)
        with pytest.raises(Conflict, match="accepted already"):
            actions.accept_by_link(acting(mallory), token)

    def test_it_expires(self, team: Team, mallory: Any, token: str, acting: Acting) -> None:
        _expire()
        with pytest.raises(Conflict, match="expired"):
            actions.accept_by_link(acting(mallory), token)
        assert mallory.email not in _members(team)

    @pytest.mark.usefixtures("adam", "bob")
    def test_it_needs_the_seat_still(
        self, team: Team, mallory: Any, token: str, acting: Acting
    ) -> None:
        Team.objects.filter(pk=team.pk).update(plan="starter")
        with pytest.raises(LimitReached):
            actions.accept_by_link(acting(mallory), token)
        assert Invitation.objects.get().state == "pending"

    def test_it_survives_a_new_secret_key(
        self, mallory: Any, token: str, acting: Acting, settings: Any
    ) -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key " * 5
        actions.accept_by_link(acting(mallory), token)


class TestOtherAnswers:
    @pytest.fixture
    def invitation(self, team: Team, mailed_token: MailedToken) -> Invitation:
        """An invitation to somebody without an account."""
        return actions.invite(SYSTEM, team.pk, email="carol@example.com", role="member")

    def test_it_declines(
        self, invitation: Invitation, mailed_token: MailedToken, audited: Audited
    ) -> None:
        actions.decline_invitation(SYSTEM, token=mailed_token())
        invitation.refresh_from_db()
        assert invitation.state == "declined"
        assert audited()[-1] == "invitation.declined"
        assert queries.invitation_by_token(mailed_token()) is None

    def test_it_revokes(self, team: Team, invitation: Invitation) -> None:
        actions.revoke_invitation(SYSTEM, team.pk, invitation.pk)
        with pytest.raises(Conflict, match="revoked already"):
            actions.revoke_invitation(SYSTEM, team.pk, invitation.pk)
        assert current_limits(team.pk).seats.pending_invitations == 0

    def test_it_mails_another_link_in_place_of_the_first(
        self, team: Team, invitation: Invitation, mailed_token: MailedToken
    ) -> None:
        first = mailed_token()
        _expire()
        actions.resend_invitation(SYSTEM, team.pk, invitation.pk)
        assert queries.invitation_by_token(first) is None
        found = queries.invitation_by_token(mailed_token())
        assert found is not None
        assert not found.expired

    def test_it_stays_within_its_team(self, invitation: Invitation, mallory: Any) -> None:
        other = actions.create_team(SYSTEM, owner_id=mallory.pk, name="Other")
        for action in (actions.revoke_invitation, actions.resend_invitation):
            with pytest.raises(NotFound):
                action(SYSTEM, other.pk, invitation.pk)
