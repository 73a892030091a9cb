"""Where the description is answered."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from tocsin.api.responses import CONTENT_TYPE
from tocsin.api.v1.openapi.document import document


@dataclass(frozen=True, slots=True)
class Written:
    """The description as it is sent, and its entity tag."""

    body: bytes
    etag: str


@cache
def written() -> Written:
    """Write the description once a process: it changes with a release only."""
    body = msgspec.json.encode(document())
    return Written(body, f'"{sha256(body).hexdigest()[:32]}"')


@gzip_page
@require_safe
@condition(etag_func=lambda _: written().etag)
def show(request: HttpRequest) -> HttpResponseBase:
    """Answer GET /openapi/v1.json; needs no token."""
    response = HttpResponse(written().body, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-cache"  # keep it, and ask each time whether it still holds
    return response
