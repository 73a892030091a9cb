"""Asking somebody into a team by mail."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from tocsin.access.principal import Principal
from tocsin.accounts import emails
from tocsin.accounts.models import User
from tocsin.accounts.queries import get_user
from tocsin.accounts.validators import checked_email
from tocsin.audit.actions import record
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, NotFound, invalid
from tocsin.teams import mails, rules, tokens
from tocsin.teams.actions.members import join
from tocsin.teams.limits import require_room
from tocsin.teams.locking import locked_team
from tocsin.teams.models import Invitation, InvitationState, Membership, Team
from tocsin.teams.usage import Resource

LIFETIME = timedelta(days=7)
_ANSWERED = {
    InvitationState.ACCEPTED: gettext_noop("This invitation was accepted already."),
    InvitationState.DECLINED: gettext_noop("This invitation was declined already."),
    InvitationState.REVOKED: gettext_noop("This invitation was revoked already."),
}


@transaction.atomic
def invite(
    principal: Principal, team_id: int, *, email: str, role: str, force: bool = False
) -> Invitation:
    """Ask an address into a team for seven days; it holds a seat meanwhile.

    Raises Conflict where the address is asked already, InvalidInput, LimitReached, NotFound.
    """
    team = locked_team(team_id)
    address = checked_email(email)
    new_role = rules.checked_role(role)
    if Membership.objects.filter(team=team, user__email=address).exists():
        raise invalid("email", gettext("This person is a member already."))
    _clear_expired(team, address)
    if not force:
        require_room(team.pk, Resource.SEATS)
    token = tokens.new_token()
    invitation = Invitation.objects.create(
        team=team,
        email=address,
        role=new_role,
        token_hash=tokens.token_hash(token),
        invited_by_id=principal.user_id,
        expires_at=clock.now() + LIFETIME,
    )
    mails.send_invitation(invitation, token)
    _record(principal, "invitation.created", invitation)
    return invitation


@transaction.atomic
def resend_invitation(principal: Principal, team_id: int, invitation_id: int) -> Invitation:
    """Mail a new link for another seven days; the link before stops working.

    Raises Conflict, LimitReached where it had expired and the seat is gone, NotFound.
    """
    invitation = _pending(locked_team(team_id), invitation_id)
    if invitation.expires_at <= clock.now():
        require_room(team_id, Resource.SEATS)
    token = tokens.new_token()
    invitation.token_hash = tokens.token_hash(token)
    invitation.expires_at = clock.now() + LIFETIME
    invitation.save(update_fields=("token_hash", "expires_at"))
    mails.send_invitation(invitation, token)
    _record(principal, "invitation.resent", invitation)
    return invitation


@transaction.atomic
def revoke_invitation(principal: Principal, team_id: int, invitation_id: int) -> None:
    """Take an invitation back. Raises Conflict, NotFound."""
    invitation = _pending(locked_team(team_id), invitation_id)
    _close(principal, invitation, InvitationState.REVOKED)


@transaction.atomic
def decline_invitation(principal: Principal, *, token: str) -> None:
    """Say no. Whoever has the link may, with or without an account. Raises Conflict, NotFound."""
    invitation = _by_token(token)
    _close(principal, invitation, InvitationState.DECLINED)


@transaction.atomic
def accept_by_link(principal: Principal, token: str) -> Membership:
    """Join the team that a mailed link names, as the address it was mailed to.

    The link proves the address, which is verified by it. Raises Conflict, LimitReached, NotFound.
    """
    invitation = _by_token(token)
    user = _addressee(principal, invitation)
    if user.email_verified_at is None:
        emails.set_verified(user, verified=True)
    return _accept(principal, invitation, user)


@transaction.atomic
def accept_invitation(principal: Principal, invitation_id: int) -> Membership:
    """Join a team from the list of what waits for oneself; needs a verified address.

    Raises Conflict, LimitReached, NotFound.
    """
    found = Invitation.objects.filter(pk=invitation_id).first()
    if found is None:
        raise _no_invitation()
    invitation = _pending(locked_team(found.team_id), invitation_id)
    user = _addressee(principal, invitation)
    if user.email_verified_at is None:
        raise Conflict(gettext("Verify your email address first."))
    return _accept(principal, invitation, user)


def _accept(principal: Principal, invitation: Invitation, user: User) -> Membership:
    if invitation.expires_at <= clock.now():
        raise Conflict(gettext("This invitation has expired; ask for a new one."))
    if Membership.objects.filter(team=invitation.team, user=user).exists():
        raise Conflict(gettext("You are a member of this team already."))
    _close(principal, invitation, InvitationState.ACCEPTED)
    # The seat that it held is free now; on a plan made smaller meanwhile it may not be.
    require_room(invitation.team_id, Resource.SEATS)
    return join(principal, invitation.team, user.pk, invitation.role)


def _by_token(token: str) -> Invitation:
    found = Invitation.objects.filter(token_hash__in=tokens.token_hashes(token)).first()
    if found is None:
        raise _no_invitation()
    return _pending(locked_team(found.team_id), found.pk)


def _pending(team: Team, invitation_id: int) -> Invitation:
    # Read under the team's lock, so that of two answers at once only one finds it pending.
    invitation = (
        Invitation.objects.select_related("team", "invited_by")
        .filter(team=team, pk=invitation_id)
        .first()
    )
    if invitation is None:
        raise _no_invitation()
    if invitation.state != InvitationState.PENDING:
        raise Conflict(gettext(_ANSWERED[InvitationState(invitation.state)]))
    return invitation


def _addressee(principal: Principal, invitation: Invitation) -> User:
    if principal.user_id is None:
        raise _no_invitation()
    user = get_user(principal.user_id)
    if user.email != invitation.email:
        raise _no_invitation()
    return user


def _clear_expired(team: Team, address: str) -> None:
    earlier = Invitation.objects.filter(
        team=team, email=address, state=InvitationState.PENDING
    ).first()
    if earlier is None:
        return
    if earlier.expires_at > clock.now():
        raise Conflict(
            gettext("This address is invited already; send that invitation again instead.")
        )
    earlier.state = InvitationState.REVOKED
    earlier.save(update_fields=("state",))


def _close(principal: Principal, invitation: Invitation, state: InvitationState) -> None:
    invitation.state = state
    invitation.save(update_fields=("state",))
    _record(principal, f"invitation.{state}", invitation)


def _record(principal: Principal, action: str, invitation: Invitation) -> None:
    record(
        principal,
        action,
        f"invitation:{invitation.pk}",
        invitation.team_id,
        after={"email": invitation.email, "role": invitation.role},
    )


def _no_invitation() -> NotFound:
    return NotFound(gettext("There is no such invitation for you."))
