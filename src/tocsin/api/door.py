"""The door of the API: everything under /api/ passes here and nowhere else.

It stands before sessions, cookies and CSRF, so that none of them is looked at or paid for. Order:
request id, credential (gate 1), throttle, then the route, whose guard asks the other gates. What
is not a route is told to nobody without a credential.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import resolve

from tocsin.access import credentials
from tocsin.access.failures import Failure
from tocsin.access.tokens import TokenKind
from tocsin.api import limits, responses
from tocsin.kit import context

log = logging.getLogger(__name__)

PREFIX = "/api/"


class ApiDoor:
    """Middleware that answers for the API itself and lets everything else through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request for the API; hand on any other."""
        if not request.path_info.startswith(PREFIX):
            return self._get_response(request)
        asked = request.method
        proxies = settings.ENVIRONMENT.trusted_proxies
        with context.entered(context.of_request(request.META, trusted_proxies=proxies)) as current:
            response = _answered(request, current.address)
        limits.tell(request, response)
        response["X-Request-Id"] = current.request_id
        response["Cache-Control"] = "no-store"
        if response.status_code == HTTPStatus.NO_CONTENT:
            del response["Content-Type"]
        else:
            response["Content-Length"] = str(len(response.content))
        if asked == "HEAD":
            _leave_out_body(response)
        return response


def _answered(request: HttpRequest, address: str) -> HttpResponse:
    limits.note(request, limits.failures_an_address.peek(address))
    try:
        request.get_host()
        return _authenticated(request, address)
    except DisallowedHost:
        return responses.error(400, "bad_request", "This is not a host of this installation.")
    except Http404:
        return responses.not_found()
    except Exception:  # whatever it is, its text stays here
        log.exception("%s failed", request.resolver_match)
        return responses.server_error()


def _authenticated(request: HttpRequest, address: str) -> HttpResponse:
    found = credentials.resolve(request.META.get("HTTP_AUTHORIZATION"), audience=TokenKind.API)
    if isinstance(found, Failure):
        return _failed(request, found, address)
    quota = limits.requests_a_token.hit(str(found.token_id))
    request.quota = quota  # type: ignore[attr-defined] # the address has not failed: only this counts
    if not quota.allowed:
        return responses.rate_limited(quota)
    request.principal = found  # type: ignore[attr-defined]
    return _dispatched(request)


def _failed(request: HttpRequest, failure: Failure, address: str) -> HttpResponse:
    if failure.presented:
        quota = limits.failures_an_address.hit(address)
        limits.note(request, quota)
        if not quota.allowed:
            return responses.rate_limited(quota)
    return responses.unauthenticated(failure)


def _dispatched(request: HttpRequest) -> HttpResponse:
    match = resolve(request.path_info)
    request.resolver_match = match
    asked = request.method
    if asked == "HEAD":
        request.method = "GET"
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if isinstance(response, HttpResponseNotAllowed):
        return _not_allowed(asked, response)
    return response


def _not_allowed(asked: str | None, refusal: HttpResponseNotAllowed) -> HttpResponse:
    allowed = {*refusal["Allow"].split(", "), "OPTIONS"}
    if "GET" in allowed:
        allowed.add("HEAD")
    if asked == "OPTIONS":
        response = HttpResponse(status=204)
    else:
        response = responses.error(405, "method_not_allowed", "This method is not allowed here.")
    response["Allow"] = ", ".join(sorted(allowed))
    return response


def _leave_out_body(response: HttpResponse) -> None:
    length = response["Content-Length"]
    response.content = b""
    response["Content-Length"] = length
