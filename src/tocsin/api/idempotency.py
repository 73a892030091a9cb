"""`Idempotency-Key` on every POST: the same request again gets the same answer, and does nothing.

A refusal is not kept: nothing was done, so the request may be mended and sent again.
"""

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse

from tocsin.access.idempotency import Answer, once
from tocsin.api.responses import CONTENT_TYPE
from tocsin.kit.errors import invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255
PATTERN = f"[ -~]{{1,{LONGEST}}}"

Handler = Callable[..., Any]
_encoder = msgspec.json.Encoder()


def idempotent(handler: Handler, success: int) -> Handler:
    """Wrap a handler whose success has one status; it runs after gates and validation."""

    @functools.wraps(handler)
    def answer(request: Any, **values: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(request, **values)
        if not re.fullmatch(PATTERN, key):
            raise invalid(HEADER, f"It must have 1 to {LONGEST} printable ASCII characters.")

        def act() -> Answer:
            return Answer(success, _encoder.encode(handler(request, **values)))

        return _rendered(once(request.principal.token_id, key, _fingerprint(request), act))

    return answer


def _rendered(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type=CONTENT_TYPE)
    if answer.replayed:
        response[REPLAYED] = "true"
    return response


def _fingerprint(request: Any) -> str:
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(whole).hexdigest()
