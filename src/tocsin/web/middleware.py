"""What surrounds every page: its identity, its security policy, the gate before allauth's pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect

from tocsin.accounts.sessions import note_use
from tocsin.kit import context
from tocsin.web.languages import FOR_PROGRAMS
from tocsin.web.recent import RecentlySeen
from tocsin.web.refusals import not_a_page

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

# The pages of allauth that work before the address is verified: the ways in and out, proof for
# what follows, and the address itself.
OPEN_BEFORE_VERIFICATION = frozenset(
    {
        "account_confirm_email",
        "account_email",
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_signup",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)


class ContentSecurityPolicy:
    """Sends a policy under which no inline script or style can run, with no exceptions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(request))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class CompressedPages(GZipMiddleware):
    """Compresses pages for browsers that take it, with a random length against BREACH.

    Files have their compressed forms already; answers of the API and downloads stay as they are.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress it if it is a page."""
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or response.streaming:
            return response
        return super().process_response(request, response)


class FormsOnly:
    """Tells people who open an address that takes only forms what it is.

    Programs and parts of pages that renew themselves get the bare 405.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put a page in place of an empty answer."""
        response = self.get_response(request)
        is_bare = isinstance(response, HttpResponseNotAllowed) and not response.content
        by_program = request.path_info.startswith(FOR_PROGRAMS) or "HX-Request" in request.headers
        if request.method != "GET" or not is_bare or by_program:
            return response
        return not_a_page(request, response.headers["Allow"])


class VerifiedAddress:
    """Keeps people with an unverified address out of allauth's other pages.

    Our own views declare their door; allauth's cannot, so their names are looked up here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to the verification page where the address is not verified."""
        match = request.resolver_match
        if match is None or not view.__module__.startswith("allauth."):
            return None
        if match.url_name in OPEN_BEFORE_VERIFICATION or not request.user.is_authenticated:
            return None
        if request.user.email_verified_at is None:
            return redirect("verify_email")
        return None


def policy(*, form_action: str = "'self'") -> str:
    """Return the policy of a page whose forms may end where `form_action` says."""
    directives = _POLICY | {"form-action": form_action}
    return "; ".join(f"{directive} {value}" for directive, value in directives.items())


def _policy(request: HttpRequest) -> str:
    # These forms end at Google, GitHub or an OpenID provider, and browsers hold a redirect after
    # a form to the same rule.
    return policy(form_action="'self' https:") if _leads_to_provider(request) else policy()


def _leads_to_provider(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or match.url_name is None:
        return False
    return match.url_name.endswith("_login") and match.url_name != "account_login"


class RequestIdentity:
    """Gives every request an id and its client's address, for the record of who did what."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the context; the id goes back in a header."""
        made = context.of_request(
            request.META, trusted_proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT
        )
        with context.entered(made):
            response = self.get_response(request)
        response.headers.setdefault("X-Request-Id", made.request_id)
        return response


class SessionActivity:
    """Notes that a session is in use, without a write for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.recent = RecentlySeen()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it once a minute for each session, then pass on."""
        if request.user.is_authenticated and self.recent.is_news(request.session.session_key or ""):
            note_use(request)
        return self.get_response(request)
