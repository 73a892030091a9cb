"""The DNS records that a site is expected to have: type → values, in one stored form."""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import idna
from django.utils.translation import gettext

from tocsin.probes.contract import DNS_RECORD_TYPES
from tocsin.sites.monitoring.errors import Errors, refuse_if_any, require_object

FIELD = "dns_expected_records"
MOST_VALUES = 100
LONGEST_NAME = 253
# A TXT record may hold more, but nobody compares more by hand.
LONGEST_TEXT = 4096
LARGEST_PREFERENCE = 65_535

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_MX = re.compile(r"([0-9]{1,5})\s+(\S+)", re.ASCII)

ExpectedRecords = dict[str, list[str]]


def checked_records(value: object) -> ExpectedRecords | None:
    """Return expected records in their stored form; None where there are none.

    Addresses in their shortest spelling, names lower case in ASCII without trailing dot, `MX` as
    `preference host`; each value once. A type with no values expects no records. Raises
    InvalidInput with paths such as `dns_expected_records.MX.0`.
    """
    if value is None:
        return None
    errors: Errors = {}
    records: ExpectedRecords = {}
    for kind, values in require_object(value, FIELD).items():
        if kind in DNS_RECORD_TYPES:
            records[kind] = _checked_values(kind, values, errors)
        else:
            choices = ", ".join(DNS_RECORD_TYPES)
            sentence = gettext("There is no such type; choose from %(choices)s.")
            errors[f"{FIELD}.{kind}"] = [sentence % {"choices": choices}]
    refuse_if_any(errors)
    return {kind: records[kind] for kind in DNS_RECORD_TYPES if kind in records} or None


def _checked_values(kind: str, values: Any, errors: Errors) -> list[str]:
    path = f"{FIELD}.{kind}"
    if not isinstance(values, list | tuple):
        errors[path] = [gettext("It must be a list of values.")]
        return []
    if len(values) > MOST_VALUES:
        errors[path] = [gettext("Use at most %(most)s values.") % {"most": MOST_VALUES}]
        return []
    checked: dict[str, None] = {}
    for index, value in enumerate(values):
        try:
            checked[_FORMS[kind](_text(value))] = None
        except ValueError as error:
            errors[f"{path}.{index}"] = [str(error)]
    return list(checked)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(gettext("It must be text."))  # noqa: TRY004 — one kind of refusal for the caller
    text = value.strip()
    if not text:
        raise ValueError(gettext("It must not be empty."))
    if len(text) > LONGEST_TEXT:
        raise ValueError(gettext("Use at most %(most)s characters.") % {"most": LONGEST_TEXT})
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        raise ValueError(gettext("Leave out line breaks and other control characters."))
    if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(gettext("It holds characters that are no text."))
    return text


def _ipv4(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except ValueError:
        raise ValueError(gettext("It must be an IPv4 address such as 192.0.2.1.")) from None


def _ipv6(text: str) -> str:
    try:
        address = IPv6Address(text)
    except ValueError:
        address = None
    if address is None or address.scope_id is not None:
        raise ValueError(gettext("It must be an IPv6 address such as 2001:db8::1."))
    return str(address)


def _host(text: str) -> str:
    name = _ascii(text.removesuffix("."))
    labels = name.split(".")
    is_address = labels[-1].isdigit()
    if len(name) > LONGEST_NAME or is_address or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(gettext("It must be a host name such as www.example.com."))
    return name


def _ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise ValueError(gettext("It must be a host name such as www.example.com.")) from None


def _mail_exchange(text: str) -> str:
    found = _MX.fullmatch(text)
    if found is None or int(found[1]) > LARGEST_PREFERENCE:
        raise ValueError(
            gettext("It must be a preference and a host, such as 10 mail.example.com.")
        )
    # A lone dot says that the domain takes no mail (RFC 7505).
    host = "." if found[2] == "." else _host(found[2])
    return f"{int(found[1])} {host}"


def _as_it_is(text: str) -> str:
    return text


_FORMS: Mapping[str, Callable[[str], str]] = {
    "A": _ipv4,
    "AAAA": _ipv6,
    "CNAME": _host,
    "MX": _mail_exchange,
    "NS": _host,
    "TXT": _as_it_is,
}
