"""Adding and editing a destination, and trying it out before it is saved."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tocsin.access.permissions import Permission
from tocsin.kit import clock
from tocsin.kit.errors import DomainError, NotFound
from tocsin.notifications.actions import destinations as actions
from tocsin.notifications.actions.testing import send_unsaved_test
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.queries.destinations import DestinationView
from tocsin.notifications.queries.destinations import destination as find
from tocsin.web import telling
from tocsin.web.destination_forms import DestinationForm
from tocsin.web.doors import Place, in_team
from tocsin.web.forms import show_refusal
from tocsin.web.telling import Outcome
from tocsin.web.views.destinations import destinations_page


@in_team(Permission.MANAGE_DESTINATIONS)
@never_cache
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, place: Place, channel: str) -> HttpResponse:
    """Add a destination, or try out what was typed."""
    if channel not in list(ChannelKind):
        raise Http404("No such channel.")
    kind = ChannelKind(channel)
    form = DestinationForm(request.POST if request.method == "POST" else None, kind=kind)
    outcome = None
    if form.is_valid():
        try:
            if "test" in request.POST:
                outcome = _try_out(place, kind, form)
            else:
                added = actions.add(
                    place.principal, place.team.id, channel=kind, config=form.config, **form.scope
                )
                return _added(request, place, kind, added)
        except DomainError as error:
            show_refusal(form, error)
    return _form_page(request, form, kind, outcome)


@in_team(Permission.MANAGE_DESTINATIONS)
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, place: Place, destination_id: int) -> HttpResponse:
    """Change a destination, or try out what was typed."""
    try:
        present = find(place.principal, place.team.id, destination_id)
    except NotFound as error:
        raise Http404(str(error)) from None
    data = request.POST if request.method == "POST" else None
    form = DestinationForm(data, kind=present.channel, present=present)
    outcome = None
    if form.is_valid():
        try:
            if "test" in request.POST:
                outcome = _try_out(place, present.channel, form, present.id)
            else:
                actions.edit(
                    place.principal, place.team.id, present.id, config=form.config, **form.scope
                )
                messages.success(request, _("The destination is saved."))
                return redirect("destinations", place.team.id)
        except DomainError as error:
            show_refusal(form, error)
    return _form_page(request, form, present.channel, outcome, present)


def _try_out(
    place: Place, kind: ChannelKind, form: DestinationForm, destination_id: int | None = None
) -> Outcome:
    tested = send_unsaved_test(
        place.principal,
        place.team.id,
        channel=kind,
        config=form.config,
        destination_id=destination_id,
    )
    return telling.outcome_of(tested)


def _added(
    request: HttpRequest, place: Place, kind: ChannelKind, added: actions.Added
) -> HttpResponse:
    if kind is ChannelKind.WEBHOOK:
        return destinations_page(request, place, added.secret, status=201)
    said = _("%(destination)s is added. Send a test to be sure.")
    messages.success(request, said % {"destination": added.destination.masked})
    return redirect("destinations", place.team.id)


def _form_page(
    request: HttpRequest,
    form: DestinationForm,
    kind: ChannelKind,
    outcome: Outcome | None,
    present: DestinationView | None = None,
) -> HttpResponse:
    variables = {
        "form": form,
        "words": telling.CHANNELS[kind],
        "outcome": outcome,
        "present": present,
        "is_signed": kind is ChannelKind.WEBHOOK,
        "both_sign": present is not None and _both_sign(present),
    }
    status = 422 if form.errors else 200
    return render(request, "destinations/form.html", variables, status=status)


def _both_sign(present: DestinationView) -> bool:
    until = present.previous_secret_until
    return until is not None and until > clock.now()
