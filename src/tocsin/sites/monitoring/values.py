"""The types of single settings: exact limits, no coercion, one stored form each."""

import re
import unicodedata
import zoneinfo
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

from django.utils.translation import gettext
from pydantic import AfterValidator, Field, Strict, StringConstraints
from pydantic_core import PydanticCustomError

from tocsin.kit.choosing import choose_from, choose_one_of
from tocsin.probes.contract import DNS_RECORD_TYPES, INCIDENT_STATUS_CODES
from tocsin.sites.errors import InvalidUrl
from tocsin.sites.monitoring.vocabulary import CADENCES, ESCALATION_INTERVALS
from tocsin.sites.urls import canonical_url

# The contract sets no upper limit on some counts; every database and JSON reader takes this one.
LARGEST = 2**31 - 1

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
# They frame the request or choose who answers it, so they are the probe's.
_OWN_HEADERS = frozenset(
    {"connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding"}
    | {"upgrade"}
)
# Names that zoneinfo finds on some machines and that are no place.
_NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})


def refuse(message: str) -> PydanticCustomError:
    """Make the error of a value, with a sentence for people."""
    # Braces would be read as a template.
    return PydanticCustomError("refused", "{reason}", {"reason": message})


def _described(*choices: int | str) -> Any:
    """Let the JSON schema name the choices; who judges is the validator."""
    return Field(json_schema_extra={"enum": list(choices)})


def _one_of(choices: tuple[int, ...]) -> Callable[[int], int]:
    def check(value: int) -> int:
        if value not in choices:
            raise refuse(choose_one_of(choices))
        return value

    return check


def _in_order_of(choices: tuple[int, ...]) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    def arrange(values: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(choice for choice in choices if choice in values)

    return arrange


def _record_type(value: str) -> str:
    if value not in DNS_RECORD_TYPES:
        raise refuse(choose_from(DNS_RECORD_TYPES))
    return value


def _record_types(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(kind for kind in DNS_RECORD_TYPES if kind in values)


def _printable(value: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise refuse(gettext("Leave out line breaks and other control characters."))
    return value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _header_name(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise refuse(gettext("Use only letters, digits and hyphens, as in X-Monitor."))
    if value.lower() in _OWN_HEADERS:
        raise refuse(gettext("%(header)s is set by the check itself.") % {"header": value})
    return value


def _header_value(value: str) -> str:
    _printable(value.replace("\t", " "))
    if not value.isascii():
        raise refuse(gettext("Use only plain ASCII characters."))
    trimmed = value.strip()
    if not trimmed:
        raise refuse(gettext("It must not be blank."))
    return trimmed


def _number(value: float) -> float:
    # 3.0 and 3 are one setting, and 3 is how people write it.
    return int(value) if value.is_integer() else value


def _page(value: str) -> str:
    try:
        return canonical_url(value)
    except InvalidUrl as error:
        raise refuse(str(error)) from None


@cache
def zones() -> frozenset[str]:
    """Return the names of all IANA time zones that this machine knows."""
    return (frozenset(zoneinfo.available_timezones()) | {"UTC"}) - _NO_ZONES


def _zone(value: str) -> str:
    if value not in zones():
        raise refuse(gettext("Not a time zone: it must look like Europe/Vienna or UTC."))
    return value


Minutes = Annotated[int, Field(ge=1, le=60)]
RetryMinutes = Annotated[int, Field(ge=1, le=5)]
InARow = Annotated[int, Field(ge=1, le=20)]
Days = Annotated[int, Field(ge=1, le=365)]
Score = Annotated[int, Field(ge=1, le=100)]
AtLeastOne = Annotated[int, Field(ge=1, le=LARGEST)]
Seconds = Annotated[float, Field(ge=1, le=LARGEST, allow_inf_nan=False), AfterValidator(_number)]
Cadence = Annotated[int, _described(*CADENCES), AfterValidator(_one_of(CADENCES))]

StatusCode = Annotated[
    int, _described(*INCIDENT_STATUS_CODES), AfterValidator(_one_of(INCIDENT_STATUS_CODES))
]
Interval = Annotated[
    int, _described(*ESCALATION_INTERVALS), AfterValidator(_one_of(ESCALATION_INTERVALS))
]
RecordType = Annotated[str, _described(*DNS_RECORD_TYPES), AfterValidator(_record_type)]

# JSON knows lists only, so these take them.
StatusCodes = Annotated[
    tuple[StatusCode, ...],
    Strict(strict=False),
    Field(max_length=len(INCIDENT_STATUS_CODES)),
    AfterValidator(_in_order_of(INCIDENT_STATUS_CODES)),
]
Intervals = Annotated[
    tuple[Interval, ...],
    Strict(strict=False),
    Field(max_length=len(ESCALATION_INTERVALS)),
    AfterValidator(_in_order_of(ESCALATION_INTERVALS)),
]
RecordTypes = Annotated[
    tuple[RecordType, ...],
    Strict(strict=False),
    Field(max_length=len(DNS_RECORD_TYPES)),
    AfterValidator(_record_types),
]
PathPattern = Annotated[
    str, StringConstraints(min_length=1, max_length=255), AfterValidator(_printable)
]
PathPatterns = Annotated[
    tuple[PathPattern, ...],
    Strict(strict=False),
    Field(max_length=100),
    AfterValidator(_distinct),
]
HeaderName = Annotated[
    str, StringConstraints(min_length=1, max_length=255), AfterValidator(_header_name)
]
HeaderValue = Annotated[
    str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_header_value)
]
PageUrl = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_page)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Zone = Annotated[str, AfterValidator(_zone)]
