"""How fast this machine usually is: a page measured on a starved one only looks slow."""

from collections import deque
from statistics import median

# Lighthouse's benchmark index; desktops reach 1,500 to 3,000, and below this its simulation of a
# phone has nothing left to slow down.
SLOWEST = 300.0
STARVED = 0.5
_REMEMBERED = 50
_ENOUGH = 5


class CpuNorm:
    """The median of the last benchmark indexes."""

    def __init__(self) -> None:
        self._seen: deque[float] = deque(maxlen=_REMEMBERED)

    def is_starved(self, index: float) -> bool:
        """Tell whether the machine was too slow to judge by, and remember how fast it was."""
        norm = median(self._seen) if len(self._seen) >= _ENOUGH else None
        self._seen.append(index)
        return index < SLOWEST or (norm is not None and index < norm * STARVED)
