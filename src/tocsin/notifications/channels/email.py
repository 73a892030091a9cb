"""Email: plain text first, and the same as HTML that is safe on dark screens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from tocsin.kit.errors import invalid
from tocsin.kit.text import clean_email
from tocsin.notifications.channels.contract import ChannelKind, Mail, Seal
from tocsin.notifications.channels.telling import SYMBOLS, Item, Telling, Tone, tell
from tocsin.notifications.channels.text import and_more, clip, one_line
from tocsin.notifications.messages import Message
from tocsin.probes.egress import EgressPolicy

MOST_ADDRESSES = 20
MOST_IN_SUBJECT = 150
MOST_IN_SUMMARY = 10_000
MOST_IN_LINE = 400
MOST_NOTICES = 500
SHOWN_OF_NAME = 2
# Readable on white and on black alike, since many programs change one of them.
COLOURS = {Tone.BAD: "#d92d20", Tone.WORRYING: "#b54708", Tone.GOOD: "#067647"}


@dataclass(frozen=True, slots=True)
class EmailTarget:
    """Whom to write to."""

    addresses: tuple[str, ...] = field(repr=False)


class Email:
    """Tell people by mail."""

    kind = ChannelKind.EMAIL
    target_type = EmailTarget

    def parse(self, config: Mapping[str, Any], _policy: EgressPolicy) -> EmailTarget:
        """Read `addresses`: 1 to 20, a list or text with commas or lines between them."""
        listed = config.get("addresses")
        if isinstance(listed, str):
            listed = listed.replace(",", "\n").replace(";", "\n").splitlines()
        if not isinstance(listed, list | tuple):
            raise invalid("addresses", gettext("Enter at least one address."))
        typed = [str(each) for each in listed if str(each).strip()]
        if not typed:
            raise invalid("addresses", gettext("Enter at least one address."))
        addresses = tuple(dict.fromkeys(_address(each) for each in typed))
        if len(addresses) > MOST_ADDRESSES:
            raise invalid(
                "addresses", gettext("Use at most %(most)s addresses.") % {"most": MOST_ADDRESSES}
            )
        return EmailTarget(addresses)

    def masked(self, target: EmailTarget) -> str:
        """Show how each address begins, and its domain: “al…@example.com”."""
        return ", ".join(masked_address(address) for address in target.addresses)

    def most_notices(self, _target: EmailTarget) -> int:
        """Return how many a mail lists before it gets too long to read."""
        return MOST_NOTICES

    def render(self, message: Message, target: EmailTarget, _seal: Seal) -> Mail:
        """Write the mail."""
        telling = tell(message)
        context = {
            "title": telling.title,
            "preface": telling.preface,
            "team": telling.team,
            "colour": COLOURS[telling.tone],
            "items": [_shown(item) for item in telling.items[:MOST_NOTICES]],
            "single": len(telling.items) == 1,
            "rest": _rest(telling),
        }
        return Mail(
            delivery=message.delivery,
            to=target.addresses,
            subject=_subject(telling),
            text=_rendered("notifications/mail.txt", context).strip() + "\n",
            html=_rendered("notifications/mail.html", context),
            list_name=telling.team,
            thread=None if message.is_gathered else message.lead.issue.id,
        )


def _rendered(template: str, context: Mapping[str, Any]) -> str:
    # Whoever asks for a test on a page may read another language than those who get the mail.
    with override(settings.LANGUAGE_CODE):
        return render_to_string(template, dict(context))


def masked_address(address: str) -> str:
    """Show how an address begins, and its domain."""
    name, _, domain = address.partition("@")
    return f"{name[: min(SHOWN_OF_NAME, len(name) - 1)]}…@{domain}"


def _address(typed: str) -> str:
    try:
        return clean_email(typed)
    except ValueError as error:
        raise invalid("addresses", f"{clip(one_line(typed), 80)}: {error}") from None


def _subject(telling: Telling) -> str:
    lead = telling.lead
    mark = f"[{telling.mark}] " if telling.mark else ""
    subject = f"{mark}[{lead.state}] {lead.place}"
    if len(telling.items) > 1:
        return clip(f"{subject} and {len(telling.items) - 1} more", MOST_IN_SUBJECT)
    return clip(f"{subject}: {one_line(lead.summary)}".rstrip(": "), MOST_IN_SUBJECT)


def _shown(item: Item) -> dict[str, Any]:
    return {
        "symbol": SYMBOLS[item.tone],
        "line": clip(item.line, MOST_IN_LINE),
        "summary": clip(item.summary, MOST_IN_SUMMARY),
        "brief": clip(one_line(item.summary), MOST_IN_LINE),
        "facts": item.facts,
        "link": item.link,
        "site_url": item.site_url,
    }


def _rest(telling: Telling) -> str:
    rest = len(telling.items) - MOST_NOTICES
    return and_more(rest) if rest > 0 else ""
