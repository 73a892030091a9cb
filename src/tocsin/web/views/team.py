"""A team's own page: name, plan, security, handing over, deleting."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tocsin.access.permissions import Permission
from tocsin.access.roles import Role
from tocsin.kit.errors import DomainError, InvalidInput
from tocsin.teams import actions, queries
from tocsin.web.doors import Place, in_team, principal_of, verified
from tocsin.web.forms import (
    GIVABLE_ROLES,
    DeleteTeamForm,
    InvitationForm,
    TeamForm,
    TransferForm,
    show_refusal,
)
from tocsin.web.methods import only_forms


def team_page(request: HttpRequest, place: Place, status: int = 200, **forms: Form) -> HttpResponse:
    """Render the page, with the forms that were refused in place of fresh ones."""
    team = place.team
    members = queries.members_of(place.principal, team.id)
    others = [(each.user_id, each.name) for each in members if each.role is not Role.OWNER]
    variables: dict[str, Any] = {
        "members": members,
        "invitations": queries.invitations_of(place.principal, team.id)
        if place.may[Permission.MANAGE_MEMBERS]
        else [],
        "limits": team.limits,
        "may": place.may,
        "own_id": place.principal.user_id,
        "own_role": team.role,
        "has_two_factor": place.principal.has_two_factor,
        "roles": GIVABLE_ROLES,
        "invitation_form": InvitationForm(),
        "team_form": TeamForm(initial={"name": team.name}),
        "transfer_form": TransferForm(members=others) if others else None,
        "delete_form": DeleteTeamForm(team_name=team.name),
    }
    return render(request, "teams/team.html", variables | forms, status=status)


@verified()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make another team."""
    form = TeamForm(request.POST or None)
    principal = principal_of(request)
    if form.is_valid() and principal.user_id is not None:
        try:
            team = actions.create_team(
                principal, owner_id=principal.user_id, name=form.cleaned_data["name"]
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("team_sites", team.pk)
    return render(request, "teams/create.html", {"form": form}, status=422 if form.errors else 200)


@in_team(Permission.VIEW_TEAM)
@require_GET
def team(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the team."""
    return team_page(request, place)


@in_team(Permission.MANAGE_TEAM)
@only_forms
def rename(request: HttpRequest, place: Place) -> HttpResponse:
    """Give the team another name."""
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            actions.rename_team(place.principal, place.team.id, form.cleaned_data["name"])
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The team has its new name."))
            return redirect("team", place.team.id)
    return team_page(request, place, status=422, team_form=form)


@in_team(Permission.MANAGE_SECURITY, sudo=True)
@only_forms
def require_two_factor(request: HttpRequest, place: Place) -> HttpResponse:
    """Require two-factor of all members, or no longer."""
    required = request.POST.get("required") == "yes"
    try:
        actions.set_two_factor_requirement(place.principal, place.team.id, required=required)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Members now need two-factor authentication.")
            if required
            else _("Members no longer need two-factor authentication."),
        )
    return redirect("team", place.team.id)


@in_team(Permission.TRANSFER_OWNERSHIP, sudo=True)
@only_forms
def transfer(request: HttpRequest, place: Place) -> HttpResponse:
    """Hand the team over to another member."""
    members = queries.members_of(place.principal, place.team.id)
    form = TransferForm(request.POST, members=[(each.user_id, each.name) for each in members])
    if form.is_valid():
        try:
            actions.transfer_team(place.principal, place.team.id, form.cleaned_data["user_id"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            said = _("The team has a new owner. You are an admin of it now.")
            messages.success(request, said)
            return redirect("team", place.team.id)
    return team_page(request, place, status=422, transfer_form=form)


@in_team(Permission.DELETE_TEAM, sudo=True)
@only_forms
def delete(request: HttpRequest, place: Place) -> HttpResponse:
    """Delete the team with all it owns."""
    form = DeleteTeamForm(request.POST, team_name=place.team.name)
    if form.is_valid():
        try:
            actions.delete_team(place.principal, place.team.id)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("%(team)s is deleted.") % {"team": place.team.name})
            return redirect("home")
    return team_page(request, place, status=422, delete_form=form)
