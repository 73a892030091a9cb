"""Which page of a list an address asks for."""

from django.http import Http404, HttpRequest


def page_number(request: HttpRequest) -> int:
    """Return the page that is asked for, from 1. Raises Http404 for what is no number."""
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) < 10**6:
        raise Http404("No such page.")
    return int(text)
