"""What stands under the bell: notices of one's own, in all one's teams."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tocsin.issues.vocabulary import Severity
from tocsin.kit.errors import NotFound
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.notifications.actions import noticing
from tocsin.notifications.messages import MessageTransition, Notice
from tocsin.notifications.queries.notices import NoticeView, notices_of_user
from tocsin.web.board import Look
from tocsin.web.doors import principal_of, verified
from tocsin.web.methods import only_forms
from tocsin.web.paging import page_number

LOOKS = {
    MessageTransition.OPEN: Look("failing", "octagon-x", _("Opened")),
    MessageTransition.RESOLVE: Look("ok", "circle-check", _("Recovered")),
    MessageTransition.ESCALATE: Look("unknown", "triangle-alert", _("Still open")),
}
WARNING_OPENED = Look("unknown", "triangle-alert", _("Opened"))


@dataclass(frozen=True, slots=True)
class Line:
    """One notice and how it is shown."""

    view: NoticeView
    look: Look


@verified()
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices, newest first."""
    return render(request, "notices/page.html", _listed(request))


@verified()
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Answer with the list alone, to be put in place of the one on the page."""
    return render(request, "notices/list.html", _listed(request))


@verified()
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """Answer with the bell and how many are unread; the count comes with the frame's variables."""
    return render(request, "notices/bell.html")


@verified()
@only_forms
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one as read."""
    try:
        noticing.mark_read(principal_of(request), notice_id)
    except NotFound as error:
        raise Http404(str(error)) from None
    return redirect("notices")


@verified()
@only_forms
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    count = noticing.mark_all_read(principal_of(request))
    said = ngettext("%(count)s notice marked as read.", "%(count)s notices marked as read.", count)
    messages.success(request, said % {"count": count})
    return redirect("notices")


def _listed(request: HttpRequest) -> dict[str, Any]:
    wanted = PageRequest(page_number(request))
    found = notices_of_user(principal_of(request), wanted)
    return {
        "lines": [Line(each, _look(each.notice)) for each in found.items],
        "page": PageOf(wanted, len(found.items), found.total),
        "unread": found.unread,
    }


def _look(notice: Notice) -> Look:
    opened = notice.transition is MessageTransition.OPEN
    if opened and notice.issue.severity is Severity.WARNING:
        return WARNING_OPENED
    return LOOKS[notice.transition]
