"""Addresses that take only forms, and the page that each of them belongs to."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]


def only_forms(view: View) -> View:
    """Answer 405 to everything but POST, and let `page_of` know."""
    guarded = require_POST(view)

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return guarded(*args, **kwargs)

    marked.takes_only_forms = True  # type: ignore[attr-defined] # decorators around it copy it
    return marked


def page_of(path: str) -> str:
    """Return the nearest address at or above a path that can be opened; home where none can."""
    return next((each for each in _upwards(path) if _can_be_opened(each)), reverse("home"))


def _upwards(path: str) -> Iterator[str]:
    """Give the path, then the addresses above it; some of them end in a slash."""
    yield path
    while path := path.rstrip("/").rpartition("/")[0]:
        yield path
        yield f"{path}/"


def _can_be_opened(path: str) -> bool:
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    of_class = getattr(view, "view_class", None)  # allauth's
    takes_get = of_class is None or hasattr(of_class, "get")
    return takes_get and not getattr(view, "takes_only_forms", False)
