"""Where the time of a response went, as a bar and a legend."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from tocsin.cli.render.text import QUIET, milliseconds

BAR_CELLS = 40
# Told apart by shade as well as by colour: not every terminal, nor every eye, has colours.
LOOKS = {
    "dns": ("░", "cyan"),
    "connect": ("▒", "blue"),
    "tls": ("▓", "magenta"),
    "wait": ("█", "green"),
    "read": ("▪", "yellow"),
}


def phases(timings: Mapping[str, float]) -> dict[str, float]:
    """Split the total into phases that follow each other; milliseconds.

    `ttfb` and `total` count from the start, the others are durations.
    """
    dns, connect, tls = (timings.get(name, 0.0) for name in ("dns", "connect", "tls"))
    first_byte, total = timings.get("ttfb", 0.0), timings.get("total", 0.0)
    wait = max(0.0, first_byte - dns - connect - tls)
    read = max(0.0, total - max(first_byte, dns + connect + tls))
    return {"dns": dns, "connect": connect, "tls": tls, "wait": wait, "read": read}


def cells(shares: Sequence[float], width: int) -> list[int]:
    """Deal out a bar's cells in proportion; every share above nothing gets one at least."""
    whole = sum(shares)
    if whole <= 0:
        return [0] * len(shares)
    dealt = [max(1, int(share / whole * width)) if share > 0 else 0 for share in shares]
    largest = max(range(len(shares)), key=lambda position: shares[position])
    dealt[largest] = max(1, dealt[largest] + width - sum(dealt))
    return dealt


def bar(timings: Mapping[str, float]) -> Text:
    """Draw the phases as one bar."""
    split = phases(timings)
    text = Text()
    for name, count in zip(split, cells(list(split.values()), BAR_CELLS), strict=True):
        sign, style = LOOKS[name]
        text.append(sign * count, style=style)
    return text


def legend(timings: Mapping[str, float]) -> Text:
    """Name the phases that took time, in milliseconds."""
    text = Text()
    for name, ms in phases(timings).items():
        if ms <= 0:
            continue
        sign, style = LOOKS[name]
        text.append("  " if text else "")
        text.append(sign, style=style)
        text.append(f" {name} ", style=QUIET)
        text.append(milliseconds(ms))
    return text.append(" ms", style=QUIET)
