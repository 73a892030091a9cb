"""The content security policy of pages that lead to sign-in providers; pages are compressed."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from tocsin.web.middleware import CompressedPages, ContentSecurityPolicy

TEXT = b"A page that is worth it. " * 40


@pytest.mark.parametrize(
    ("route", "form_action"),
    [
        ("google_login", "form-action 'self' https:;"),
        ("openid_connect_login", "form-action 'self' https:;"),
        ("account_login", "form-action 'self';"),
        ("team_sites", "form-action 'self';"),
        (None, "form-action 'self';"),
    ],
)
def test_it_lets_forms_leave_only_for_providers(route: str | None, form_action: str) -> None:
    request = RequestFactory().get("/")
    if route is not None:
        request.resolver_match = ResolverMatch(lambda _: HttpResponse(), (), {}, url_name=route)
    answer = ContentSecurityPolicy(lambda _: HttpResponse())(request)
    assert form_action in answer["Content-Security-Policy"]


def test_it_compresses_pages_for_browsers_that_take_it() -> None:
    page = _compressed("text/html; charset=utf-8", takes="gzip, br")
    assert page["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.content) == TEXT
    assert "Accept-Encoding" in page["Vary"]
    assert "Content-Encoding" not in _compressed("text/html", takes="identity")


def test_it_leaves_everything_but_pages_as_it_is() -> None:
    for kind in ("application/json", "text/csv", "text/event-stream"):
        assert _compressed(kind, takes="gzip").content == TEXT


def _compressed(kind: str, *, takes: str) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": takes})
    answer: HttpResponse = CompressedPages(lambda _: HttpResponse(TEXT, kind))(request)
    return answer
