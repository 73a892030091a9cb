"""Filing results of every kind."""

from collections import Counter
from collections.abc import Sequence

from tocsin.checks import intake, manual_intake
from tocsin.checks.intake import AsideReason, Stored
from tocsin.probes.contract import ProbeResult


def store(results: Sequence[ProbeResult]) -> Stored:
    """File results of automatic and manual runs; each at most once, however often it is given.

    Raises django.db.OperationalError where the database cannot take them now; the same results may
    be given again.
    """
    manual = [result for result in results if _is_manual(result)]
    if not manual:
        return intake.store(results)
    automatic = [result for result in results if not _is_manual(result)]
    parts = (intake.store(automatic), manual_intake.store(manual))
    aside = Counter[AsideReason]()
    for part in parts:
        aside.update(part.set_aside)
    return Stored(sum(part.stored for part in parts), aside)


def _is_manual(result: ProbeResult) -> bool:
    return result.ticket is not None and result.ticket.schedule_id is None
