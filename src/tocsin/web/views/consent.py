"""The page where a person decides what an AI client may do in their name."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tocsin.access.scopes import DESCRIPTIONS, Scope
from tocsin.kit.errors import DomainError
from tocsin.oauth import authorizing
from tocsin.oauth.authorizing import Asked, Refused
from tocsin.teams.queries import teams_of
from tocsin.web import refusals
from tocsin.web.doors import principal_of, verified
from tocsin.web.middleware import policy

ALLOW = "allow"


@verified(sudo=True, sign_in_counts=True)
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Show what a client asks for, and send the person back with the answer."""
    asked = authorizing.read(
        (name, value) for name, values in request.GET.lists() for value in values
    )
    if isinstance(asked, Refused):
        return _refused(request, asked)
    if request.method != "POST":
        return _page(request, asked, {scope.value for scope in asked.scopes})
    if request.POST.get("decision") != ALLOW:
        return HttpResponseRedirect(authorizing.deny(asked))
    chosen = set(request.POST.getlist("scopes"))
    try:
        location = authorizing.allow(principal_of(request), asked, chosen)
    except DomainError as error:
        return _page(request, asked, chosen, problem=str(error))
    return HttpResponseRedirect(location)


def _page(
    request: HttpRequest, asked: Asked, chosen: set[str], *, problem: str = ""
) -> HttpResponse:
    variables = {
        "asked": asked,
        "scopes": [
            (scope, _(DESCRIPTIONS[scope]), scope.value in chosen)
            for scope in Scope
            if scope in asked.scopes
        ],
        "reached": teams_of(principal_of(request)),
        "problem": problem,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    response = render(request, "oauth/consent.html", variables, status=status)
    # Browsers hold the redirect after the form to this, and it ends at the client.
    response["Content-Security-Policy"] = policy(form_action=f"'self' {asked.form_target}")
    return response


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    if refused.location is not None:
        return HttpResponseRedirect(refused.location)
    words = refusals.Words(_("This client cannot be connected"), refused.description)
    return refusals.page(request, HTTPStatus.BAD_REQUEST, words)
