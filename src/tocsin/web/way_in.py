"""The way to sign in, and from there back to where somebody was."""

from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tocsin.web.methods import page_of

SIGNED_OUT = 401


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody who is not signed in to sign in.

    A part of a page that renews itself gets no page to put there but 401, and the page says what
    that means (assets/live.js). Who sent a form is told that nothing came of it, and comes back
    to the form. Nobody comes back to an address that takes only forms, but to the page above it.
    """
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=SIGNED_OUT)
    if request.method != "POST":
        return redirect_to_login(_page(request.path, request.get_full_path()))
    text = _("You were signed out meanwhile, so nothing was changed. Sign in, then do it again.")
    messages.warning(request, text)
    return redirect_to_login(_page_of_form(request))


def _page_of_form(request: HttpRequest) -> str:
    """Return the page that a form was sent from, home where the browser does not tell."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path:
        return reverse("home")
    address = page._replace(scheme="", netloc="", fragment="").geturl()
    return _page(unquote(page.path), address)


def _page(path: str, address: str) -> str:
    """Return the address, whose path is given; where it cannot be opened, the page above it."""
    page = page_of(path)
    return address if page == path else page
