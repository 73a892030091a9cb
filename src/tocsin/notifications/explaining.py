"""From an issue's context to the numbers that a message explains it by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tocsin.notifications.messages import Explanation, MessageTransition


class _Opening(msgspec.Struct):
    failing_since: datetime | None = None
    breaches_in_a_row: int | None = None


class _Resolution(msgspec.Struct):
    goods_in_a_row: int | None = None


class _Facts(msgspec.Struct):
    code: int | None = None


class _Context(msgspec.Struct):
    opening: _Opening = msgspec.field(default_factory=_Opening)
    latest: _Opening = msgspec.field(default_factory=_Opening)
    resolution: _Resolution = msgspec.field(default_factory=_Resolution)
    facts: _Facts = msgspec.field(default_factory=_Facts)


def explanation_of(context: Mapping[str, Any], transition: MessageTransition) -> Explanation:
    """Return what is known; nothing of a context that looks otherwise than expected."""
    try:
        known = msgspec.convert(dict(context), _Context, strict=False)
    except msgspec.ValidationError:
        return Explanation()
    in_a_row = {
        MessageTransition.OPEN: known.opening.breaches_in_a_row,
        MessageTransition.ESCALATE: known.latest.breaches_in_a_row
        or known.opening.breaches_in_a_row,
        MessageTransition.RESOLVE: known.resolution.goods_in_a_row,
    }
    resolves = transition is MessageTransition.RESOLVE
    return Explanation(
        since=known.opening.failing_since,
        # What was seen last before it recovered is not what the site answers now.
        code=None if resolves else known.facts.code or None,
        checks_in_a_row=in_a_row[transition],
    )
