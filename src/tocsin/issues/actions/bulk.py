"""Doing one thing to many issues of one team."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.issues.actions import triage
from tocsin.issues.models import Issue
from tocsin.kit.errors import Conflict, NotFound

MOST = 100


class Verb(StrEnum):
    """What can be done to many at once."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Tally:
    """How it went: `refused` are in a state that does not allow it, `gone` are no longer there."""

    done: int
    refused: int
    gone: int


_ACTIONS: Mapping[Verb, Callable[[Principal, UUID], object]] = {
    Verb.ACKNOWLEDGE: triage.acknowledge,
    Verb.RESOLVE: triage.resolve,
    Verb.DELETE: triage.delete,
}


def triage_many(principal: Principal, team_id: int, uuids: Iterable[UUID], verb: Verb) -> Tally:
    """Do it to each, the first MOST of them, in a transaction of its own: one refusal stops none.

    Issues of other teams count as gone: the gates were asked for this one.
    """
    wanted = list(dict.fromkeys(uuids))[:MOST]
    team = Issue.objects.visible_to(principal).filter(team_id=team_id, pk__in=wanted)
    known = set(team.values_list("pk", flat=True))
    outcomes = [_try(principal, uuid, verb) for uuid in wanted if uuid in known]
    return Tally(
        done=outcomes.count(None),
        refused=sum(isinstance(each, Conflict) for each in outcomes),
        gone=len(wanted) - len(known) + sum(isinstance(each, NotFound) for each in outcomes),
    )


def _try(principal: Principal, uuid: UUID, verb: Verb) -> Conflict | NotFound | None:
    try:
        _ACTIONS[verb](principal, uuid)
    except (Conflict, NotFound) as error:
        return error
    return None
