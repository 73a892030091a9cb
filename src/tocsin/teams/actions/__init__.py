"""Writes of teams. Each verb is one transaction that records itself.

Whether the principal may do it at all is asked at the gates (`access.gates`), before; here stand
the rules that depend on what a team holds.
"""

from tocsin.teams.actions.invitations import (
    accept_by_link,
    accept_invitation,
    decline_invitation,
    invite,
    resend_invitation,
    revoke_invitation,
)
from tocsin.teams.actions.lifecycle import (
    create_team,
    delete_team,
    rename_team,
    set_plan,
    set_two_factor_requirement,
    transfer_team,
)
from tocsin.teams.actions.members import add_member, change_role, leave_team, remove_member

__all__ = [
    "accept_by_link",
    "accept_invitation",
    "add_member",
    "change_role",
    "create_team",
    "decline_invitation",
    "delete_team",
    "invite",
    "leave_team",
    "remove_member",
    "rename_team",
    "resend_invitation",
    "revoke_invitation",
    "set_plan",
    "set_two_factor_requirement",
    "transfer_team",
]
