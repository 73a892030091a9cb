"""What a team's destinations were sent, when, how it ended, and sending it again."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.kit.errors import DomainError, NotFound
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.notifications.actions.resending import resend as send_again
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.queries.deliveries import (
    ALL_DELIVERIES,
    DeliveryFilters,
    DeliveryView,
    deliveries_of_team,
    destinations_told,
)
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.web import telling
from tocsin.web.board import Look
from tocsin.web.doors import Place, in_team
from tocsin.web.methods import only_forms
from tocsin.web.paging import page_number
from tocsin.web.telling import ChannelWords

LONGEST_ID = 19  # digits, of what databases count to


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
    wanted, filters = PageRequest(page_number(request)), _filters(request)
    found = deliveries_of_team(place.principal, place.team.id, wanted, filters)
    kept = request.GET.copy()
    kept.pop("page", None)
    variables = {
        "lines": [line_of(each) for each in found.items],
        "page": PageOf(wanted, len(found.items), found.total),
        "filters": filters,
        "is_filtered": filters != ALL_DELIVERIES,
        "statuses": [(each.value, look.label) for each, look in telling.STATUSES.items()],
        "destinations": destinations_told(place.principal, place.team.id),
        "query": f"{kept.urlencode()}&" if kept else "",
        "may": place.may,
    }
    return render(request, "deliveries/list.html", variables)


def _filters(request: HttpRequest) -> DeliveryFilters:
    """Read the filters; what means nothing filters nothing."""
    status, destination = request.GET.get("status", ""), request.GET.get("destination", "")
    known = destination.isascii() and destination.isdecimal() and len(destination) < LONGEST_ID
    return DeliveryFilters(
        issue_id=_uuid(request.GET.get("issue", "")),
        status=DeliveryStatus(status) if status in list(DeliveryStatus) else None,
        destination_id=int(destination) if known else None,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@in_team(Permission.MANAGE_DESTINATIONS)
@only_forms
def resend(request: HttpRequest, place: Place, delivery: UUID) -> HttpResponse:
    """Send a delivery again."""
    try:
        send_again(place.principal, place.team.id, delivery)
    except NotFound as error:
        raise Http404(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is sent again, under the same id."))
    return redirect("deliveries", place.team.id)


def line_of(view: DeliveryView) -> Line:
    """Put a delivery into words."""
    return Line(
        view=view,
        words=telling.CHANNELS[ChannelKind(view.channel)],
        event=telling.event_words(view.event),
        state=telling.STATUSES[DeliveryStatus(view.status)],
        reason=str(telling.REASONS[Reason(view.reason)]) if view.reason else "",
    )
