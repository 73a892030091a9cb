"""In which language a page speaks: what its reader chose, else what the browser asks for.

What programs read speaks English always: the API, which answers before this (`api.door`), MCP,
which Django never sees, and the addresses below.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

FOR_PROGRAMS = (
    "/.well-known/",
    "/openapi/",
    "/oauth/introspect",
    "/oauth/register",
    "/oauth/revoke",
    "/oauth/token",
)


def language_of(request: HttpRequest) -> str:
    """Return the language of whoever reads the answer to a request."""
    chosen: str = getattr(request.user, "language", "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return translation.get_language_from_request(request)


class ReaderLanguage:
    """Answers every page in the language of its reader, and says so.

    Outside it no language is active, so that what else the thread does speaks English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language that was chosen."""
        if request.path_info.startswith(FOR_PROGRAMS):
            return self.get_response(request)
        with translation.override(language_of(request)):
            response = self.get_response(request)
            # The reader may have chosen another one with this very request.
            language = translation.get_language() or settings.LANGUAGE_CODE
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
