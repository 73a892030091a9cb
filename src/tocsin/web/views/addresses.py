"""The page that a mailed link leads to: does this address want a team's mails?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tocsin.kit.errors import NotFound
from tocsin.notifications.actions.confirming import confirm_address, find_confirmation
from tocsin.web.doors import public


@public
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and take yes for an answer; programs that only open links confirm nothing."""
    is_answer = request.method == "POST"
    try:
        found = confirm_address(token) if is_answer else find_confirmation(token)
    except NotFound:
        return render(request, "destinations/confirm_address.html", {"found": None}, status=404)
    variables = {"found": found, "is_answer": is_answer}
    return render(request, "destinations/confirm_address.html", variables)
