"""Pages that say no, in plain words, and what to do next."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.access.gates import Verdict
from tocsin.web.methods import page_of

BACK = _("Back to the sites")


@dataclass(frozen=True, slots=True)
class Words:
    """What a page of refusal says; `action` leads out of it."""

    title: str | Promise
    text: str | Promise
    action: str | Promise = BACK
    url: object = reverse_lazy("home")


OF_STATUS = {
    400: Words(
        _("This request made no sense"),
        _("Something in it was broken or not allowed. Go back, load the page again and retry."),
    ),
    403: Words(
        _("You may not do this"),
        _("Your role in this team does not allow it. Ask an owner or admin of the team."),
    ),
    404: Words(
        _("There is nothing here"),
        _("The address is wrong, or what it named is gone or belongs to a team you are not in."),
    ),
    500: Words(
        _("Something broke on our side"),
        _("It was not you. Try again in a moment; if it stays, tell whoever runs this Tocsin."),
    ),
}
OF_CODE = {
    "two_factor_required": Words(
        _("This team asks for two-factor authentication"),
        _("Set up an authenticator app or a passkey, then come back."),
        _("Set it up"),
        reverse_lazy("mfa_index"),
    ),
    "plan_inactive": Words(
        _("The plan of this team is inactive"),
        _("You can look at everything, but nothing can be changed until an owner renews the plan."),
    ),
}
FORMS_ONLY = Words(
    _("This address is not a page"),
    _("A button or a form sends to it. You have only opened it, so nothing was done."),
    _("Go to its page"),
)
CSRF_WORDS = Words(
    _("This form was too old"),
    _("You may have signed in or out since it was opened. Go back, load the page again and retry."),
)


def refusal_page(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    """Answer with the page for what a gate refused."""
    words = OF_CODE.get(verdict.code) or OF_STATUS[403]
    return page(request, verdict.status, words)


def page(request: HttpRequest, status: int, words: Words) -> HttpResponse:
    """Answer with a page of refusal."""
    return render(request, "pages/refusal.html", {"words": words, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return page(request, 400, OF_STATUS[400])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return page(request, 403, OF_STATUS[403])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return page(request, 404, OF_STATUS[404])


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, without asking who it is: the database may be what broke."""
    words = {"words": OF_STATUS[500], "status": 500}
    return HttpResponse(render_to_string("pages/refusal.html", words), status=500)


def not_a_page(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405 to somebody who opened an address that takes only forms."""
    address = page_of(request.path)
    at_home = address == reverse("home")
    words = replace(FORMS_ONLY, url=address, action=BACK if at_home else FORMS_ONLY.action)
    response = page(request, 405, words)
    response.headers["Allow"] = allowed
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a POST whose CSRF token does not fit."""
    return page(request, 403, CSRF_WORDS)
