"""Settings → MCP: the clients that somebody has let in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tocsin.kit.errors import NotFound
from tocsin.oauth import actions
from tocsin.web.doors import principal_of, verified
from tocsin.web.methods import only_forms


@verified(sudo=True)
@only_forms
def disconnect(request: HttpRequest, client_id: int) -> HttpResponse:
    """Take back all that a client was granted."""
    try:
        actions.disconnect(principal_of(request), client_id)
    except NotFound as error:
        raise Http404(str(error)) from None
    messages.success(request, _("The client is disconnected. What it holds stops working now."))
    return redirect("mcp_tokens")
