"""A mail as it goes over the wire: one to each address, with headers that machines go by."""

import hashlib
from email.headerregistry import Address
from email.utils import parseaddr
from uuid import UUID

from django.core.mail import EmailMultiAlternatives

from tocsin.notifications.channels.contract import Mail
from tocsin.notifications.channels.text import one_line

MARK_CHARACTERS = 16


def mark_of(address: str) -> str:
    """Return what tells a mail address from the others of its destination, and does not show it."""
    return hashlib.sha256(address.encode()).hexdigest()[:MARK_CHARACTERS]


def mail_to(address: str, mail: Mail, sender: str) -> EmailMultiAlternatives:
    """Write the mail to one address. Its Message-ID is the same at every attempt.

    All mails about an issue name one ancestor, which nobody ever sent, so that they stand together
    in the reader's mailbox. Automatic replies are asked to stay away (RFC 3834).
    """
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": _message_id("delivery", mail.delivery, domain),
        "List-ID": _list_id(mail.list_name, domain),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Tocsin-Delivery": str(mail.delivery),
    }
    if mail.thread is not None:
        ancestor = _message_id("issue", mail.thread, domain)
        headers |= {"In-Reply-To": ancestor, "References": ancestor}
    message = EmailMultiAlternatives(
        subject=one_line(mail.subject),
        body=mail.text,
        from_email=sender,
        to=[address],
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _message_id(kind: str, identity: UUID, domain: str) -> str:
    return f"<{kind}.{identity}@{domain}>"


def _list_id(name: str, domain: str) -> str:
    # The name is quoted as a display name is, so that no character of it can end the header.
    return str(Address(display_name=one_line(name), addr_spec=f"tocsin@{domain}"))
