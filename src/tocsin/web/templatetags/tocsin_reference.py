"""Filters of the API reference."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def words(text: str) -> SafeString:
    """Write prose with its `words in backticks` as code."""
    parts = enumerate(text.split("`"))
    shown = (
        ("<code>", part, "</code>") if number % 2 else ("", part, "") for number, part in parts
    )
    return format_html_join(
        "", "{}{}{}", ((SafeString(a), text, SafeString(b)) for a, text, b in shown)
    )
