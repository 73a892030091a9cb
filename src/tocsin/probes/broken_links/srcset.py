"""Image candidates: the addresses in a `srcset`, as HTML splits them."""

import re
from collections.abc import Iterator

_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*\)?)*")


def candidates(srcset: str) -> Iterator[str]:
    """Yield the addresses in the order written; commas may be part of them, blanks may not."""
    at = 0
    while (found := _CANDIDATE.match(srcset, at)) is not None:
        address = found[1].rstrip(",")
        yield address
        at = found.end()
        if len(address) == len(found[1]):
            described = _DESCRIPTORS.match(srcset, at)
            at = at if described is None else described.end()
