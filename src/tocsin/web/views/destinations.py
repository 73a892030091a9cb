"""Where a team's notifications go: the list, and what each destination's buttons do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tocsin.access.permissions import Permission
from tocsin.kit.errors import DomainError, NotFound
from tocsin.notifications.actions import confirming, testing
from tocsin.notifications.actions import destinations as actions
from tocsin.notifications.queries.destinations import (
    DestinationView,
    destination,
    destinations_of_team,
)
from tocsin.notifications.queries.listeners import listeners_among
from tocsin.web import telling
from tocsin.web.board import Look
from tocsin.web.doors import Place, in_team
from tocsin.web.methods import only_forms
from tocsin.web.telling import ChannelWords

LEVELS = {"ok": messages.SUCCESS, "unknown": messages.WARNING, "failing": messages.ERROR}


@dataclass(frozen=True, slots=True)
class Row:
    """One destination as the page shows it."""

    view: DestinationView
    words: ChannelWords
    state: Look
    last: str
    last_state: Look | None

    @property
    def has_unconfirmed(self) -> bool:
        """Tell whether an address has not agreed yet."""
        return not all(each.confirmed for each in self.view.addresses)


def destinations_page(
    request: HttpRequest, place: Place, secret: str | None = None, status: int = 200
) -> HttpResponse:
    """Render the page; a new secret is shown in this answer alone, it is kept nowhere readable."""
    found = destinations_of_team(place.principal, place.team.id)
    variables = {
        "rows": [_row(each) for each in found],
        "nobody": telling.nobody(listeners_among(found)),
        "channels": telling.CHANNELS.values(),
        "secret": secret,
    }
    return render(request, "destinations/list.html", variables, status=status)


@in_team(Permission.MANAGE_DESTINATIONS)
@never_cache
@require_GET
def destinations(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the destinations."""
    return destinations_page(request, place)


@in_team(Permission.MANAGE_DESTINATIONS)
@only_forms
def switch(request: HttpRequest, place: Place, destination_id: int) -> HttpResponse:
    """Switch a destination on or off."""
    enabled = request.POST.get("enabled") == "yes"
    return _try(
        request,
        place,
        lambda: actions.set_enabled(
            place.principal, place.team.id, destination_id, enabled=enabled
        ),
        _("The destination is on.")
        if enabled
        else _("The destination is off: it is told nothing."),
    )


@in_team(Permission.MANAGE_DESTINATIONS)
@only_forms
def delete(request: HttpRequest, place: Place, destination_id: int) -> HttpResponse:
    """Remove a destination."""
    return _try(
        request,
        place,
        lambda: actions.delete(place.principal, place.team.id, destination_id),
        _("The destination is deleted. What it was sent stays under Deliveries."),
    )


@in_team(Permission.MANAGE_DESTINATIONS)
@only_forms
def ask_again(request: HttpRequest, place: Place, destination_id: int) -> HttpResponse:
    """Mail the links for confirming again."""
    return _try(
        request,
        place,
        lambda: confirming.ask_again(place.principal, place.team.id, destination_id),
        _("The links are on their way. Each works for whoever reads that mailbox."),
    )


@in_team(Permission.MANAGE_DESTINATIONS)
@only_forms
def test(request: HttpRequest, place: Place, destination_id: int) -> HttpResponse:
    """Send a test and say how it ended."""
    try:
        tested = testing.send_test(place.principal, place.team.id, destination_id)
    except NotFound as error:
        raise Http404(str(error)) from None
    outcome = telling.outcome_of(tested)
    messages.add_message(request, LEVELS[outcome.tone], outcome.text)
    return redirect("destinations", place.team.id)


@in_team(Permission.MANAGE_DESTINATIONS, sudo=True)
@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, place: Place, destination_id: int) -> HttpResponse:
    """Ask whether a destination shall have a new secret; make it, and show it in that answer."""
    try:
        present = destination(place.principal, place.team.id, destination_id)
        secret = None
        if request.method == "POST":
            secret = actions.rotate_secret(place.principal, place.team.id, destination_id)
    except NotFound as error:
        raise Http404(str(error)) from None
    return render(request, "destinations/secret.html", {"present": present, "secret": secret})


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
    return redirect("destinations", place.team.id)


def _row(view: DestinationView) -> Row:
    last = view.last_delivery
    return Row(
        view=view,
        words=telling.CHANNELS[view.channel],
        state=telling.state_of(view),
        last="" if last is None else telling.event_words(last.event),
        last_state=None if last is None else telling.STATUSES[last.status],
    )
