"""Which page of a list an address asks for."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, QueryDict


def page_number(request: HttpRequest) -> int:
    """Return the page that is asked for, from 1. Raises Http404 for what is no number."""
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) < 10**6:
        raise Http404("No such page.")
    return int(text)


def kept_query(chosen: Mapping[str, str]) -> str:
    """Return the filters of a list as the beginning of a link's query; empty without any."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in chosen.items() if value})
    return f"{query.urlencode()}&" if query else ""
