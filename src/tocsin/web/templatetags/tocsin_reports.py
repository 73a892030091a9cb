"""Filters of the reports."""

from django import template

from tocsin.web.charts.uptime_bars import percent

register = template.Library()

BAD_BELOW = 99.0

register.filter("percent", percent)


@register.filter
def is_bad(uptime: float | None) -> bool:
    """Tell whether an uptime is low enough to be shown as bad."""
    return uptime is not None and uptime < BAD_BELOW
