"""How endpoints answer: JSON that is not cached, errors as RFC 6749 has them, any origin."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from tocsin.kit.throttle import Quota

View = Callable[..., HttpResponse]

ALLOWED_HEADERS = "Authorization, Content-Type, MCP-Protocol-Version"
PREFLIGHT_AGE = "86400"


def endpoint(method: str) -> Callable[[View], View]:
    """Open a view to one method, from pages of any origin.

    That is safe: nothing here counts a cookie, so no page can act for whoever looks at it.
    """
    allowed = ["GET", "HEAD"] if method == "GET" else [method]

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                response = HttpResponse(status=HTTPStatus.NO_CONTENT)
                response["Access-Control-Allow-Methods"] = ", ".join([*allowed, "OPTIONS"])
                response["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
                response["Access-Control-Max-Age"] = PREFLIGHT_AGE
            elif request.method in allowed:
                response = view(request, *args, **kwargs)
            else:
                response = error("invalid_request", "This method is not allowed here.", status=405)
                response["Allow"] = ", ".join([*allowed, "OPTIONS"])
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "WWW-Authenticate, Retry-After"
            return response

        return csrf_exempt(answered)

    return decorate


def answer(document: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Answer with a document that nobody may keep."""
    response = JsonResponse(document, status=status)
    response["Cache-Control"] = "no-store"
    return response


def error(code: str, description: str, status: int = 400) -> HttpResponse:
    """Answer with an error."""
    return answer({"error": code, "error_description": description}, status)


def too_often(quota: Quota) -> HttpResponse:
    """Answer 429: an address has tried too often."""
    response = error("temporarily_unavailable", "Too many attempts; try again later.", status=429)
    response["Retry-After"] = str(quota.retry_after)
    return response
