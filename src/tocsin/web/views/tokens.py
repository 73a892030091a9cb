"""Settings → API tokens, Settings → MCP: the same page for two kinds of token."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tocsin.access import actions, queries
from tocsin.access.scopes import MCP_DEFAULT_SCOPES, MCP_SCOPES, PRESETS, Scope
from tocsin.access.tokens import TokenKind
from tocsin.kit.errors import DomainError, NotFound
from tocsin.oauth.queries import connected_clients
from tocsin.oauth.resource import resource_url
from tocsin.web.doors import View, principal_of, verified
from tocsin.web.forms import TokenForm, show_refusal
from tocsin.web.mcp_snippets import snippets
from tocsin.web.methods import only_forms


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of token and how its page speaks of it."""

    kind: TokenKind
    route: str
    revoke_route: str
    template: str
    offered: frozenset[Scope]
    preselected: frozenset[Scope]


API = Shelf(
    TokenKind.API,
    "api_tokens",
    "api_token_revoke",
    "settings/api_tokens.html",
    frozenset(Scope),
    frozenset(),
)
MCP = Shelf(
    TokenKind.MCP,
    "mcp_tokens",
    "mcp_token_revoke",
    "settings/mcp_tokens.html",
    MCP_SCOPES,
    MCP_DEFAULT_SCOPES,
)


def listing(shelf: Shelf) -> View:
    """Make the page that lists and creates tokens of a kind."""

    @verified(sudo=True)
    @never_cache
    @require_http_methods(["GET", "POST"])
    def token_page(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            form = TokenForm(offered=shelf.offered, initial={"scopes": list(shelf.preselected)})
            return _page(request, shelf, form)
        form = TokenForm(request.POST, offered=shelf.offered)
        if form.is_valid():
            try:
                made = actions.create_token(
                    principal_of(request),
                    user=request.user,  # type: ignore[arg-type] # behind the door
                    kind=shelf.kind,
                    name=form.cleaned_data["name"],
                    scopes=form.cleaned_data["scopes"],
                )
            except DomainError as error:
                show_refusal(form, error)
            else:
                empty = TokenForm(
                    offered=shelf.offered, initial={"scopes": list(shelf.preselected)}
                )
                # Shown in this answer alone: it is kept nowhere, not even in the session.
                return _page(request, shelf, empty, made=made, status=201)
        return _page(request, shelf, form, status=422)

    return token_page


def revoking(shelf: Shelf) -> View:
    """Make the view that revokes a token of a kind."""

    @verified(sudo=True)
    @only_forms
    def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
        try:
            actions.revoke_token(principal_of(request), token_id)
        except NotFound as error:
            raise Http404(str(error)) from None
        said = gettext("The token is revoked. Programs that use it stop working now.")
        messages.success(request, said)
        return redirect(shelf.route)

    return revoke


@verified(sudo=True)
@only_forms
def revoke_all(request: HttpRequest) -> HttpResponse:
    """Revoke all of one's tokens, of both kinds."""
    count = actions.revoke_all(
        request.user,  # type: ignore[arg-type] # behind the door
        "revoked",
        principal=principal_of(request),
    )
    said = ngettext("%(count)s token revoked.", "%(count)s tokens revoked.", count)
    messages.success(request, said % {"count": count})
    return redirect("api_tokens")


def _page(
    request: HttpRequest,
    shelf: Shelf,
    form: TokenForm,
    made: actions.NewToken | None = None,
    status: int = 200,
) -> HttpResponse:
    principal, for_clients = principal_of(request), shelf.kind is TokenKind.MCP
    variables: dict[str, Any] = {
        "form": form,
        "made": made,
        "tokens": queries.tokens_of(principal, shelf.kind),
        "revoke_route": shelf.revoke_route,
        "connected": connected_clients(principal) if for_clients else [],
        "mcp_url": resource_url(),
        "snippets": snippets(resource_url()) if for_clients else [],
        "presets": [
            {"label": gettext(preset.label), "scopes": " ".join(sorted(preset.scopes))}
            for preset in PRESETS
            if preset.scopes <= shelf.offered
        ],
    }
    return render(request, shelf.template, variables, status=status)
