"""The phases of one response, one after the other on a common scale."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.checks.response_times import Phases

WIDTH = 1000
LEAST = 4
LABELS: tuple[Promise, ...] = (
    _("DNS look-up"),
    _("Connect"),
    _("TLS handshake"),
    _("Wait for the first byte"),
    _("Transfer"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One phase: its place in thousandths of the whole, and its milliseconds."""

    name: str
    label: Promise
    x: float
    width: float
    milliseconds: float


def waterfall(phases: Phases) -> tuple[Step, ...]:
    """Lay phases out; what took no time is left out."""
    steps, begun = [], 0.0
    for name, label, took in zip(phases._fields, LABELS, phases, strict=True):
        if took > 0:
            width = max(LEAST, took / phases.total * WIDTH)
            x = min(begun / phases.total * WIDTH, WIDTH - width)
            steps.append(Step(name, label, round(x, 1), round(width, 1), took))
        begun += took
    return tuple(steps)
