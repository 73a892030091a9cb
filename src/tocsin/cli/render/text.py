"""Text from the network, made safe for a terminal, and numbers as people read them.

Everything shown is a rich Text, never markup, so that brackets in it mean nothing.
"""

import unicodedata

from rich.text import Text

LONGEST = 300
# Control, format (also what reverses the direction of writing), surrogate, private, separators.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MS_A_SECOND = 1000
_DECIMALS_BELOW_MS = 10

GOOD, BAD, WARN, QUIET, LABEL = "green", "red", "yellow", "dim", "dim"


def clean(value: object, longest: int = LONGEST) -> str:
    """Replace what could move a terminal's cursor or fool a reader; cut what is endless."""
    text = str(value)
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join("�" if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in shown)


def plain(value: object, style: str = "") -> Text:
    """Make a cleaned piece of text."""
    return Text(clean(value), style=style)


def duration(ms: float) -> str:
    """Write milliseconds: `0.4 ms`, `87 ms`, `2.31 s`."""
    if ms >= _MS_A_SECOND:
        return f"{ms / _MS_A_SECOND:.2f} s"
    return f"{milliseconds(ms)} ms"


def milliseconds(ms: float) -> str:
    """Write milliseconds without their unit, with a decimal where it says something."""
    return f"{ms:.1f}" if ms < _DECIMALS_BELOW_MS else f"{ms:.0f}"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun in singular or plural."""
    return f"{number} {noun}" if abs(number) == 1 else f"{number} {noun}s"
