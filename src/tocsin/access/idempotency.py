"""Doing once what is asked for several times under one key; contract, section 2."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tocsin.access.models import KeptAnswer
from tocsin.kit import clock
from tocsin.kit.errors import Conflict

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; `replayed` where that was before and nothing was done now."""

    status: int
    body: bytes
    replayed: bool = False


@transaction.atomic
def once(token_id: int, key: str, fingerprint: str, act: Callable[[], Answer]) -> Answer:
    """Act and keep the answer for 24 hours, or return the kept answer of the same request.

    What `act` does and its answer are one commit. Whoever comes with the same key meanwhile waits
    for it. Where `act` raises, nothing was done and nothing is kept. Raises Conflict where the key
    came with another request before.
    """
    claimed = KeptAnswer.objects.filter(token_id=token_id, key=key)
    claimed.filter(created_at__lte=clock.now() - KEPT).delete()
    kept, is_new = claimed.get_or_create(
        token_id=token_id, key=key, defaults={"fingerprint": fingerprint}
    )
    if is_new:
        answer = act()
        kept.status, kept.body = answer.status, answer.body
        kept.save(update_fields=("status", "body"))
        return answer
    if kept.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key was sent with another request before.")
    return Answer(kept.status, bytes(kept.body), replayed=True)


def forget_answers(now: datetime) -> int:
    """Forget answers past their day; return how many."""
    gone, _ = KeptAnswer.objects.filter(created_at__lte=now - KEPT).delete()
    return gone
