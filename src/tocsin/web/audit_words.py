"""The record of who did what, in words; what has none yet is shown by its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CREDENTIALS: dict[str, Promise | str] = {
    "session": gettext_lazy("Browser"),
    "personal_token": gettext_lazy("API token"),
    "mcp_token": gettext_lazy("MCP token"),
    "oauth_grant": gettext_lazy("MCP client"),
    "system": "Tocsin",
}
ACTIONS: dict[str, Promise] = {
    "address.confirmed": gettext_lazy("address confirmed"),
    "check.deleted": gettext_lazy("check deleted"),
    "checks.queued": gettext_lazy("checks queued"),
    "delivery.resent": gettext_lazy("delivery resent"),
    "destination.added": gettext_lazy("destination added"),
    "destination.asked_again": gettext_lazy("destination asked again"),
    "destination.deleted": gettext_lazy("destination deleted"),
    "destination.disabled": gettext_lazy("destination disabled"),
    "destination.edited": gettext_lazy("destination edited"),
    "destination.enabled": gettext_lazy("destination enabled"),
    "destination.secret_rotated": gettext_lazy("destination secret rotated"),
    "destination.tested": gettext_lazy("destination tested"),
    "destination.tried": gettext_lazy("destination tried"),
    "invitation.accepted": gettext_lazy("invitation accepted"),
    "invitation.created": gettext_lazy("invitation created"),
    "invitation.declined": gettext_lazy("invitation declined"),
    "invitation.resent": gettext_lazy("invitation resent"),
    "invitation.revoked": gettext_lazy("invitation revoked"),
    "issue.acknowledged": gettext_lazy("issue acknowledged"),
    "issue.deleted": gettext_lazy("issue deleted"),
    "issue.resolved": gettext_lazy("issue resolved"),
    "member.added": gettext_lazy("member added"),
    "member.left": gettext_lazy("member left"),
    "member.removed": gettext_lazy("member removed"),
    "member.role_changed": gettext_lazy("member role changed"),
    "oauth_client.created": gettext_lazy("oauth client created"),
    "oauth_client.deleted": gettext_lazy("oauth client deleted"),
    "oauth_client.registered": gettext_lazy("oauth client registered"),
    "oauth_grant.created": gettext_lazy("oauth grant created"),
    "oauth_grant.revoked": gettext_lazy("oauth grant revoked"),
    "site.changed": gettext_lazy("site changed"),
    "site.created": gettext_lazy("site created"),
    "site.deleted": gettext_lazy("site deleted"),
    "site.snooze_ended": gettext_lazy("site snooze ended"),
    "site.snoozed": gettext_lazy("site snoozed"),
    "team.created": gettext_lazy("team created"),
    "team.deleted": gettext_lazy("team deleted"),
    "team.fire_drill": gettext_lazy("team fire drill"),
    "team.monitoring_changed": gettext_lazy("team monitoring changed"),
    "team.plan_changed": gettext_lazy("team plan changed"),
    "team.renamed": gettext_lazy("team renamed"),
    "team.transferred": gettext_lazy("team transferred"),
    "team.two_factor_requirement_changed": gettext_lazy("team two factor requirement changed"),
    "token.created": gettext_lazy("token created"),
    "token.revoked": gettext_lazy("token revoked"),
    "two_factor.added": gettext_lazy("two factor added"),
    "two_factor.removed": gettext_lazy("two factor removed"),
    "two_factor.reset": gettext_lazy("two factor reset"),
    "user.changed": gettext_lazy("user changed"),
    "user.created": gettext_lazy("user created"),
    "user.deletion_requested": gettext_lazy("user deletion requested"),
    "user.password_changed": gettext_lazy("user password changed"),
    "user.photo_changed": gettext_lazy("user photo changed"),
    "user.purged": gettext_lazy("user purged"),
}
_KINDS: dict[str, Promise] = {
    "address": gettext_lazy("address"),
    "check": gettext_lazy("check"),
    "delivery": gettext_lazy("delivery"),
    "destination": gettext_lazy("destination"),
    "invitation": gettext_lazy("invitation"),
    "issue": gettext_lazy("issue"),
    "oauth_client": gettext_lazy("oauth_client"),
    "oauth_grant": gettext_lazy("oauth_grant"),
    "site": gettext_lazy("site"),
    "team": gettext_lazy("team"),
    "token": gettext_lazy("token"),
    "user": gettext_lazy("user"),
}
# What a team's record can be asked for as a whole, each by what its actions begin with.
_GROUPS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "sites": (gettext_lazy("Sites"), ("site.",)),
    "checks": (gettext_lazy("Checks"), ("check.", "checks.")),
    "issues": (gettext_lazy("Issues"), ("issue.",)),
    "destinations": (gettext_lazy("Destinations"), ("destination.", "address.")),
    "deliveries": (gettext_lazy("Deliveries"), ("delivery.",)),
    "members": (gettext_lazy("Members"), ("member.",)),
    "invitations": (gettext_lazy("Invitations"), ("invitation.",)),
    "team": (gettext_lazy("Team"), ("team.",)),
}


def action_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the groups of a team's actions: label, and values with labels, the whole first."""
    return [
        (
            str(label),
            [
                (group, _("%(kind)s: every action") % {"kind": label}),
                *((action, str(ACTIONS[action])) for action in actions_of(group)),
            ],
        )
        for group, (label, _begins) in _GROUPS.items()
    ]


def actions_of(choice: str) -> tuple[str, ...]:
    """Return the actions of a choice, a group or one action; none for what is no choice."""
    if choice in _GROUPS:
        return tuple(action for action in ACTIONS if action.startswith(_GROUPS[choice][1]))
    return (choice,) if choice in ACTIONS else ()


def action_words(action: str) -> str:
    """Say what was done: `site.created` is “site created”."""
    return str(ACTIONS.get(action) or action.replace(".", " ").replace("_", " "))


def target_words(kind: str, identity: str) -> str:
    """Name what it was done to by its kind and id, where it has no name."""
    return f"{_KINDS.get(kind, kind)} {identity}"


def credential_words(kind: str, token_id: int | None) -> str:
    """Name the credential, and its number where it has one."""
    words = str(CREDENTIALS.get(kind, kind))
    return f"{words} {token_id}" if token_id else words


def who_words(user_id: int | None, people: dict[int, str]) -> str:
    """Name who did it, even who has left the team."""
    if user_id is None:
        return "Tocsin"
    return people.get(user_id) or _("User %(id)s, no longer here") % {"id": user_id}
