"""Mails about teams."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tocsin.access.roles import Role
from tocsin.accounts.queries import language_of_address
from tocsin.kit import mail
from tocsin.teams.models import Invitation

INVITATION_PATH = "/invitations/{token}"
ROLES = {
    Role.OWNER: _("owner"),
    Role.ADMIN: _("admin"),
    Role.MEMBER: _("member"),
    Role.VIEWER: _("viewer"),
}


def send_invitation(invitation: Invitation, token: str) -> None:
    """Mail the link that accepts or declines; the only place where the token is told."""
    mail.send(
        "teams/email/invitation",
        invitation.email,
        {
            "team": invitation.team.name,
            "role": ROLES[Role(invitation.role)],
            "inviter": invitation.invited_by.name if invitation.invited_by else "",
            "expires_at": invitation.expires_at,
            "link": settings.BASE_URL + INVITATION_PATH.format(token=token),
        },
        language=language_of_address(invitation.email),
    )
