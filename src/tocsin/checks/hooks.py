"""What is done with results beside filing them, within the same transaction.

Apps above, which `checks` may not know, register a function when they are loaded. An exception of
one undoes the whole batch.
"""

from collections.abc import Callable, Sequence

from tocsin.probes.contract import ProbeResult

FiledHook = Callable[[Sequence[ProbeResult]], None]

# Called in order, once a batch, with the results that count; their schedules are locked.
FILED: list[FiledHook] = []
