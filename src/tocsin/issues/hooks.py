"""What apps above do when something happens to issues, within the same transaction."""

from collections.abc import Callable, Sequence

from tocsin.issues.models import Transition

TransitionHook = Callable[[Sequence[Transition]], None]

# Called in order with the rows just written; an exception of one undoes all.
TRANSITIONED: list[TransitionHook] = []
