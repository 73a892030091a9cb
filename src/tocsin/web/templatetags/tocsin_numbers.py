"""Filters that write numbers and durations for people."""

from datetime import datetime, timedelta

from django import template
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tocsin.web.spans import span

register = template.Library()

SECOND_MS = 1000
FEW = 10
MINUTE = 60


@register.filter
def grouped(number: float | None) -> str:
    """Write a number with its thousands apart; a dash for none."""
    return "–" if number is None else number_format(number, force_grouping=True)


@register.filter
def milliseconds(value: float | None) -> str:
    """Write milliseconds, from ten seconds on as seconds; a dash for none."""
    if value is None:
        return "–"
    if value >= FEW * SECOND_MS:
        return _("%(seconds)s s") % {"seconds": number_format(value / SECOND_MS, 1)}
    digits = 1 if value < FEW else 0
    return _("%(number)s ms") % {"number": number_format(value, digits, force_grouping=True)}


@register.filter
def lasting(seconds: float) -> str:
    """Write a duration in its largest unit, such as `5 minutes`."""
    moment = now()
    return timesince(moment - timedelta(seconds=seconds), moment, depth=1)


@register.filter
def unlocalised(number: float) -> str:
    """Write a number as SVG and scripts read it, whatever the language."""
    return f"{number:g}"


@register.simple_tag
def due(moment: datetime) -> str:
    """Say how far ahead a moment is, or that it is now; never that it is past."""
    ahead = (moment - now()).total_seconds()
    if ahead < MINUTE:
        return _("now") if ahead <= 0 else _("in a moment")
    return _("in %(span)s") % {"span": span(now(), moment)}
