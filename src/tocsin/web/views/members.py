"""Who belongs to a team: roles, leaving, and the invitations it sent."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tocsin.access.permissions import Permission
from tocsin.kit.errors import DomainError, NotFound
from tocsin.teams import actions
from tocsin.web.doors import Place, in_team
from tocsin.web.forms import InvitationForm, show_refusal
from tocsin.web.methods import only_forms
from tocsin.web.views.team import team_page


@in_team(Permission.MANAGE_MEMBERS)
@only_forms
def invite(request: HttpRequest, place: Place) -> HttpResponse:
    """Ask somebody into the team by mail."""
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            invitation = actions.invite(place.principal, place.team.id, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            said = _("An invitation is on its way to %(email)s.") % {"email": invitation.email}
            messages.success(request, said)
            return redirect("team", place.team.id)
    return team_page(request, place, status=422, invitation_form=form)


@in_team(Permission.MANAGE_MEMBERS)
@only_forms
def resend_invitation(request: HttpRequest, place: Place, invitation_id: int) -> HttpResponse:
    """Mail an invitation again, with a new link."""
    return _try(
        request,
        place,
        lambda: actions.resend_invitation(place.principal, place.team.id, invitation_id),
        _("The invitation is sent again. The link before it no longer works."),
    )


@in_team(Permission.MANAGE_MEMBERS)
@only_forms
def revoke_invitation(request: HttpRequest, place: Place, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    return _try(
        request,
        place,
        lambda: actions.revoke_invitation(place.principal, place.team.id, invitation_id),
        _("The invitation is taken back."),
    )


@in_team(Permission.MANAGE_MEMBERS)
@only_forms
def change_role(request: HttpRequest, place: Place, user_id: int) -> HttpResponse:
    """Give a member another role."""
    role = request.POST.get("role", "")
    return _try(
        request,
        place,
        lambda: actions.change_role(place.principal, place.team.id, user_id, role),
        _("The role is changed."),
    )


@in_team(Permission.MANAGE_MEMBERS)
@only_forms
def remove(request: HttpRequest, place: Place, user_id: int) -> HttpResponse:
    """Take a member out of the team."""
    return _try(
        request,
        place,
        lambda: actions.remove_member(place.principal, place.team.id, user_id),
        _("The member is removed."),
    )


@in_team(Permission.VIEW_TEAM)
@only_forms
def leave(request: HttpRequest, place: Place) -> HttpResponse:
    """Leave the team."""
    try:
        actions.leave_team(place.principal, place.team.id)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("team", place.team.id)
    messages.success(request, _("You have left %(team)s.") % {"team": place.team.name})
    return redirect("home")


def _try(
    request: HttpRequest, place: Place, action: Callable[[], object], done: str
) -> HttpResponse:
    try:
        action()
    except NotFound as error:
        raise Http404(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("team", place.team.id)
