"""What can be done to issues. Each verb is one transaction, or runs inside its caller's."""

from tocsin.issues.actions.bulk import Tally, Verb, triage_many
from tocsin.issues.actions.evaluating import evaluate
from tocsin.issues.actions.following import (
    follow_move,
    follow_site,
    follow_team,
    resolve_for_reason,
)
from tocsin.issues.actions.looking import look_again_in_team
from tocsin.issues.actions.triage import acknowledge, delete, resolve

__all__ = [
    "Tally",
    "Verb",
    "acknowledge",
    "delete",
    "evaluate",
    "follow_move",
    "follow_site",
    "follow_team",
    "look_again_in_team",
    "resolve",
    "resolve_for_reason",
    "triage_many",
]
