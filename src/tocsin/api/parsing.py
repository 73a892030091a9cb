"""Reading bodies as JSON, with nothing left to guess."""

import json
from typing import Any, cast

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Takes I-JSON (RFC 7493): UTF-8, finite numbers, whole characters, each name once."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Decode the body. Any exception says that it is not JSON."""
        data = msgspec.json.decode(request.body)
        json.loads(request.body.decode(), object_pairs_hook=_refuse_repeated)
        return cast("dict[str, Any]", data)


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice in one object")
