"""What a team's destinations were sent, when, how it ended, and sending it again."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tocsin.access.permissions import Permission
from tocsin.kit.errors import DomainError, NotFound
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.notifications.actions.resending import resend as send_again
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.queries.deliveries import (
    DeliveryFilters,
    DeliveryView,
    deliveries_of_team,
)
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.web import telling
from tocsin.web.board import Look
from tocsin.web.doors import Place, in_team
from tocsin.web.paging import page_number
from tocsin.web.telling import ChannelWords


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery in words."""

    view: DeliveryView
    words: ChannelWords
    event: str
    state: Look
    reason: str


@in_team(Permission.VIEW_ISSUES)
@require_GET
def deliveries(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the ledger, newest first."""
    wanted = PageRequest(page_number(request))
    chosen = request.GET.get("status", "")
    status = DeliveryStatus(chosen) if chosen in list(DeliveryStatus) else None
    found = deliveries_of_team(
        place.principal, place.team.id, wanted, DeliveryFilters(status=status)
    )
    variables = {
        "lines": [line_of(each) for each in found.items],
        "page": PageOf(wanted, len(found.items), found.total),
        "status": status or "",
        "statuses": [(each.value, look.label) for each, look in telling.STATUSES.items()],
        "may": place.may,
    }
    return render(request, "deliveries/list.html", variables)


@in_team(Permission.MANAGE_DESTINATIONS)
@require_POST
def resend(request: HttpRequest, place: Place, delivery: UUID) -> HttpResponse:
    """Send a delivery again."""
    try:
        send_again(place.principal, place.team.id, delivery)
    except NotFound as error:
        raise Http404(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is sent again, under the same id.")
    return redirect("deliveries", place.team.id)


def line_of(view: DeliveryView) -> Line:
    """Put a delivery into words."""
    return Line(
        view=view,
        words=telling.CHANNELS[ChannelKind(view.channel)],
        event=telling.event_words(view.event),
        state=telling.STATUSES[DeliveryStatus(view.status)],
        reason=telling.REASONS[Reason(view.reason)] if view.reason else "",
    )
