"""`/oauth/token` and `/oauth/revoke`: codes and refresh tokens for tokens, and the end of them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from oauth2_provider.oauth2_backends import get_oauthlib_core

from tocsin.kit import context
from tocsin.oauth.endpoints.answers import endpoint, too_often
from tocsin.oauth.endpoints.limits import failures_an_address

Walk = Callable[[HttpRequest], tuple[Any, dict[str, str], str | None, int]]


@endpoint("POST")
def token(request: HttpRequest) -> HttpResponse:
    """Swap a code or a refresh token for a pair of tokens (RFC 6749, sections 4.1.3 and 6)."""
    return _walked(request, get_oauthlib_core().create_token_response)


@endpoint("POST")
def revoke(request: HttpRequest) -> HttpResponse:
    """Revoke what a token came of (RFC 7009)."""
    return _walked(request, get_oauthlib_core().create_revocation_response)


def _walked(request: HttpRequest, walk: Walk) -> HttpResponse:
    address = context.current().address
    quota = failures_an_address.peek(address)
    if not quota.remaining:
        return too_often(failures_an_address.hit(address))
    _, headers, body, status = walk(request)
    if status != HTTPStatus.OK:
        failures_an_address.hit(address)
    response = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response
