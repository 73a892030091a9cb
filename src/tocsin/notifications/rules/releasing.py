"""What is left to tell of an issue when quiet time ends."""

from collections.abc import Sequence

from tocsin.notifications.messages import MessageTransition

# What says that an issue is active, the clearest first.
_ACTIVE = (MessageTransition.OPEN, MessageTransition.ESCALATE)


def left_to_tell(held: Sequence[MessageTransition], *, is_active: bool) -> int | None:
    """Return which of the transitions held back, in order, is told; None for none.

    What is still active is told once. Of what has ended, a recovery is told: one of something
    never told was dropped before.
    """
    wanted = _ACTIVE if is_active else (MessageTransition.RESOLVE,)
    for transition in wanted:
        if transition in held:
            return max(place for place, each in enumerate(held) if each is transition)
    return None
