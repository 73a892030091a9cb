"""Take secrets out of what is recorded."""

import re
from collections.abc import Mapping

from tocsin.kit.redaction import MASK, without_tokens

_SECRET_NAMES = re.compile(
    r"password|secret|token|digest|pepper|credential|authorization|cookie|recovery|"
    r"private_key|api_key|webhook_url|header",
    re.IGNORECASE,
)


def masked(value: object) -> object:
    """Copy plain data with every secret replaced, by the name of its key or by its look.

    Values JSON does not know (dates, UUIDs) become text.
    """
    match value:
        case Mapping():
            return {str(key): _masked_item(str(key), item) for key, item in value.items()}
        case str():
            return without_tokens(value)
        case None | bool() | int() | float():
            return value
        case list() | tuple() | set() | frozenset():
            return [masked(item) for item in value]
    return without_tokens(str(value))


def _masked_item(name: str, item: object) -> object:
    is_plain = item is None or isinstance(item, bool | int)
    if _SECRET_NAMES.search(name) and not is_plain:
        return MASK
    return masked(item)
