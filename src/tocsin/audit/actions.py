"""Record what was done. Call inside the transaction that does it: both stay, or neither."""

from collections.abc import Mapping
from typing import Protocol

from tocsin.audit.masking import masked
from tocsin.audit.models import Entry
from tocsin.kit import context
from tocsin.kit.redaction import without_tokens


class Actor(Protocol):
    """What the record needs to know of a principal."""

    @property
    def kind(self) -> str:
        """Return through which kind of credential it acts."""

    @property
    def user_id(self) -> int | None:
        """Return who it is; None for the system."""

    @property
    def token_id(self) -> int | None:
        """Return by which token, where it was one."""


def record(
    principal: Actor,
    action: str,
    target: str,
    team_id: int | None = None,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> Entry:
    """Add one entry, under the id and address of the request under way.

    `action` is `noun.verb` (`token.created`), `target` is `noun:id`; `before` and `after` hold the
    fields that changed, and lose their secrets here.
    """
    request = context.current()
    return Entry.objects.create(
        kind=str(principal.kind),
        user_id=principal.user_id,
        token_id=principal.token_id,
        action=action,
        target=without_tokens(target),
        team_id=team_id,
        before=None if before is None else masked(before),
        after=None if after is None else masked(after),
        address=request.address,
        request_id=request.request_id,
    )
