"""Tags and filters of the dashboard's templates."""

from datetime import datetime

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tocsin.access.roles import Role
from tocsin.web import assets
from tocsin.web.browsers import browser_name
from tocsin.web.code_words import code_words
from tocsin.web.phrases import said
from tocsin.web.spans import span

register = template.Library()
register.filter("code_words", code_words)
register.filter(said)

CAPITAL_NOUNS = {"de"}
INITIALS = 2
JUST_NOW_SECONDS = 60


@register.simple_tag
def asset_link(name: str) -> SafeString:
    """Link the stylesheet or the icon of the site, with its integrity."""
    asset = assets.find(name)
    if asset is None:
        return SafeString("")
    if name.endswith(".css"):
        return format_html(
            '<link rel="stylesheet" href="{}" integrity="{}">', static(asset.path), asset.integrity
        )
    return format_html('<link rel="icon" type="image/svg+xml" href="{}">', static(asset.path))


@register.simple_tag
def asset_script(name: str) -> SafeString:
    """Load a script after the page, with its integrity."""
    asset = assets.find(name)
    if asset is None:
        return SafeString("")
    return format_html(
        '<script defer src="{}" integrity="{}"></script>', static(asset.path), asset.integrity
    )


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """Draw an icon beside text that says the same; hidden from screen readers."""
    asset = assets.find("icons.svg")
    if asset is None:
        return SafeString("")
    return format_html(
        '<svg class="{}" width="16" height="16" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static(asset.path),
        name,
    )


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """Say how long ago a moment is, or how far ahead; the exact time is in the element."""
    if moment is None:
        return SafeString(_("never"))
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), _distance(moment)
    )


@register.filter
def in_sentence(noun: object) -> str:
    """Write a label that is a noun as it stands within a sentence."""
    return str(noun) if get_language() in CAPITAL_NOUNS else str(noun).lower()


@register.filter
def role_name(role: str) -> str:
    """Name a role in the reader's language, as it stands within a sentence."""
    names = {
        Role.OWNER: _("owner"),
        Role.ADMIN: _("admin"),
        Role.MEMBER: _("member"),
        Role.VIEWER: _("viewer"),
    }
    return names[Role(role)]


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and last word."""
    words = name.split()
    chosen = [words[0], words[-1]] if len(words) >= INITIALS else words
    return "".join(word[0] for word in chosen).upper()


@register.filter
def plain(field: BoundField) -> SafeString:
    """Render a field's control without a placeholder that repeats its label, and without a limit.

    A browser cuts what is pasted at the limit and says nothing; the form refuses it and says why.
    """
    return SafeString(field.as_widget(attrs={"placeholder": False, "maxlength": False}))


@register.filter
def browser(user_agent: str) -> str:
    """Name browser and system in words."""
    return browser_name(user_agent)


def _distance(moment: datetime) -> str:
    seconds = (now() - moment).total_seconds()
    if abs(seconds) < JUST_NOW_SECONDS:
        return _("just now") if seconds >= 0 else _("in a moment")
    if seconds > 0:
        return _("%(span)s ago") % {"span": span(moment, now())}
    return _("in %(span)s") % {"span": span(now(), moment)}
