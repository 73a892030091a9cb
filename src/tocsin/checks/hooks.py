"""What apps above do with results, within the transaction that files them.

`checks` may not know them, so they register a function when they are loaded. An exception of one
undoes the whole batch.
"""

from collections.abc import Callable, Sequence

from tocsin.probes.contract import ProbeResult

FiledHook = Callable[[Sequence[ProbeResult]], None]

# Called in order, once a batch, with the results that count; their schedules are locked.
FILED: list[FiledHook] = []
