"""What to say to who chose something that is not offered."""

from collections.abc import Iterable

from django.utils.translation import gettext


def choose_one_of(choices: Iterable[object]) -> str:
    """Ask for one of some values."""
    return gettext("Choose one of %(choices)s.") % {"choices": _listed(choices)}


def choose_from(choices: Iterable[object]) -> str:
    """Ask for any of some values."""
    return gettext("Choose from %(choices)s.") % {"choices": _listed(choices)}


def _listed(choices: Iterable[object]) -> str:
    return ", ".join(map(str, choices))
