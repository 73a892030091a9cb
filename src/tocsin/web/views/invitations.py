"""The page that a mailed invitation leads to."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tocsin.access.principal import SYSTEM
from tocsin.kit.errors import DomainError
from tocsin.teams import actions, queries
from tocsin.web.doors import principal_of, public, signed_in
from tocsin.web.methods import only_forms


@public
@never_cache
@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who asks into which team, and what can be answered."""
    found = queries.invitation_by_token(token)
    if found is None:
        raise Http404("No such invitation.")
    if not request.user.is_authenticated and not found.expired:
        # The link came by mail, so whoever registers with that address has proven it.
        get_adapter(request).stash_verified_email(request, found.email)
    variables = {
        "invitation": found,
        "token": token,
        "for_me": request.user.is_authenticated and request.user.email == found.email,
    }
    return render(request, "teams/invitation.html", variables)


@signed_in
@only_forms
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join the team."""
    try:
        membership = actions.accept_by_link(principal_of(request), token)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("home")
    messages.success(request, _("Welcome to the team."))
    return redirect("team_sites", membership.team_id)


@signed_in
@only_forms
def accept_waiting(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Join a team from the list of waiting invitations."""
    try:
        membership = actions.accept_invitation(principal_of(request), invitation_id)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("profile")
    messages.success(request, _("Welcome to the team."))
    return redirect("team_sites", membership.team_id)


@public
@only_forms
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Say no, with or without an account."""
    principal = principal_of(request) if request.user.is_authenticated else SYSTEM
    try:
        actions.decline_invitation(principal, token=token)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _("The invitation is declined."))
    return redirect("home")
