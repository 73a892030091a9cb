"""What readers of German do on pages: kept, sent and answered to programs in English."""

from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.api.conftest import make_issue
from tests.marked_language import MARK, marked_german
from tests.notifications.receiver import Receiver, receiving_aside, status
from tests.web.conftest import SignIn
from tests.web.incidents import down
from tests.web.results import check_of
from tests.web.test_monitoring_page import form_of
from tocsin.access.actions import create_token
from tocsin.access.principal import SYSTEM
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.audit.models import Entry
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.notifications.channels.contract import ChannelKind, Seal
from tocsin.notifications.channels.email import Email, EmailTarget
from tocsin.notifications.channels.webhook import WebhookTarget
from tocsin.notifications.made_up import made_up
from tocsin.notifications.messages import Event, Message, MessageTransition, TeamRef
from tocsin.notifications.models import DeliveryAttempt, Destination
from tocsin.notifications.sealing import seal_secret, seal_target
from tocsin.notifications.signing import new_secret
from tocsin.probes.contract import Tool
from tocsin.sites.models import TeamMonitoring
from tocsin.web.site_settings.showing import at


@pytest.fixture(autouse=True)
def _marked() -> Iterator[None]:
    with marked_german():
        yield


@pytest.fixture
def german(sign_in: SignIn, alice: Any, team: Any) -> Client:
    alice.language = "de"
    alice.save()
    return sign_in(alice, proven=True)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.EGRESS_ALLOW = ("127.0.0.0/8",)
    with receiving_aside() as running:
        yield running


def _kept() -> list[str]:
    """Return every row in which something German stands; what a session holds is its reader's."""
    return [
        f"{model.__name__}: {row}"
        for model in apps.get_models()
        if model is not Session
        for row in model._default_manager.values()
        if MARK in repr(row)
    ]


def _post(client: Client, path: str, **fields: Any) -> str:
    answer = client.post(path, fields, follow=True)
    assert answer.status_code in {200, 422}
    page: str = answer.content.decode()
    assert MARK in page
    return page


def test_what_is_done_about_issues_is_kept_in_english(german: Client, team: Any, site: Any) -> None:
    issue = down(site)
    path = f"/teams/{team.pk}/issues/{issue.pk}"
    _post(german, f"{path}/acknowledge")
    _post(german, f"{path}/resolve")
    assert Issue.objects.get().summary == "The site answers with status 503."
    assert {"issue.acknowledged", "issue.resolved"} <= set(
        Entry.objects.values_list("action", flat=True)
    )
    assert _kept() == []


def test_what_an_issue_says_is_said_in_german(german: Client, team: Any, site: Any) -> None:
    issue = down(site)
    page = german.get(f"/teams/{team.pk}/issues/{issue.pk}").content.decode()
    assert f"{MARK}The site answers with status 503." in page


def test_settings_and_teams_are_kept_in_english(german: Client, team: Any, site: Any) -> None:
    base = f"/teams/{team.pk}"
    _post(german, f"{base}/sites/{site.pk}/run", tools="status")
    _post(german, f"{base}/sites/new", url="https://other.example.com", name="")
    _post(german, f"{base}/invitations", email="new@example.com", role="member")
    _post(german, f"{base}/name", name="Acme again")
    _post(german, "/settings/profile", name="Alice", job_title="", theme="dark", language="de")
    assert Entry.objects.count() >= 5
    assert _kept() == []


def test_monitoring_settings_are_kept_in_english(german: Client, team: Any, site: Any) -> None:
    """Whatever the German form holds is sent back, with one change of each kind."""
    path = f"/teams/{team.pk}/monitoring"
    typed = form_of(german.get(path).content.decode()) | {
        "tools__status__cadence_minutes": "15",
        "tools__ssl__enabled": None,
        "tools__performance__settings__max_load_time_seconds": "7.5",
        "quiet_time__enabled": "on",
        "escalation__enabled": "on",
        "escalation__intervals": ["30", "1440"],
        "request_header__name": "X-Gate",
        "request_header__value": "open",
    }
    sent = {name: value for name, value in typed.items() if value is not None}
    assert MARK in german.post(f"{path}/update", {**sent, "preview": "1"}).content.decode()
    _post(german, f"{path}/update", **sent)
    stored = TeamMonitoring.objects.get()
    assert stored.revision > 1
    assert stored.settings["tools"]["performance"]["settings"]["max_load_time_seconds"] == 7.5
    entry = Entry.objects.get(action="team.monitoring_changed")
    assert entry.after == stored.settings | {"request_header": entry.after["request_header"]}
    assert _kept() == []


def test_a_site_s_settings_are_kept_in_english(german: Client, team: Any, site: Any) -> None:
    check_of(site, Tool.DNS)
    path = f"/teams/{team.pk}/sites/{site.pk}"
    limit = "tools.performance.settings.max_load_time_seconds"
    typed = _settings_form(german.get(f"{path}/settings").content.decode())
    own = {limit: "2,5", "tools.dns.enabled": "no", "tools.ssl.cadence_minutes": "720"}
    _post(german, f"{path}/settings/save", **(typed | own))
    site.refresh_from_db()
    assert at(site.monitoring_overrides, limit) == 2.5
    again = _settings_form(german.get(f"{path}/settings").content.decode())
    assert again[limit] == "2.5"
    _post(german, f"{path}/settings/save", **again)
    _post(german, f"{path}/settings/records")
    _post(german, f"{path}/settings/reset", reset="tools.dns.enabled")
    _post(german, f"{path}/snooze", **{"for": "1h"})
    _post(german, f"{path}/snooze", **{"for": ""})
    site.refresh_from_db()
    assert at(site.monitoring_overrides, limit) == 2.5
    actions = {*Entry.objects.values_list("action", flat=True)}
    assert {"site.changed", "site.snoozed", "site.snooze_ended"} <= actions
    assert _kept() == []


def _settings_form(page: str) -> dict[str, str]:
    """Return what the form of a site's settings would send as it is shown, its choices aside."""
    form = LexborHTMLParser(page).css_first("#settings-form")
    fields = {
        field.attributes["name"] or "": field.attributes.get("value") or ""
        for field in form.css("input[name]")
        if field.attributes.get("type") != "checkbox"
    }
    chosen = form.css("select[name] option[selected]")
    selects = {_select(option): option.attributes["value"] or "" for option in chosen}
    return fields | selects


def _select(option: LexborNode) -> str:
    assert option.parent is not None
    return option.parent.attributes["name"] or ""


@pytest.mark.parametrize("code", [200, 500])
def test_what_a_webhook_is_sent_and_what_became_of_it_is_english(
    code: int, german: Client, team: Any, receiver: Receiver
) -> None:
    receiver.default = status(code)
    destination = Destination.objects.create(
        team=team,
        channel=ChannelKind.WEBHOOK,
        configuration=seal_target(WebhookTarget(f"{receiver.url}/hook")),
        masked="https://hooks.example.com/…",
        events=["open"],
        secret=seal_secret(new_secret()),
    )
    _post(german, f"/teams/{team.pk}/destinations/{destination.pk}/test")
    (received,) = receiver.received
    assert "If you can read this" in received.body.decode()
    assert MARK not in received.body.decode()
    assert DeliveryAttempt.objects.get().status_code == code
    assert _kept() == []
    page = german.get(f"/teams/{team.pk}/deliveries").content.decode()
    assert (f"{MARK}The receiver answered with status 500." in page) == (code != 200)


def test_a_mail_to_a_destination_is_english() -> None:
    notice = made_up(
        uuid4(), Event.TEST, MessageTransition.OPEN, name="Shop", summary="It is down."
    )
    message = Message(uuid4(), TeamRef(1, "Acme"), (notice,))
    with translation.override("de"):
        mail = Email().render(message, EmailTarget(("ann@example.com",)), Seal(clock.now()))
    assert MARK not in mail.subject + mail.text + mail.html


@pytest.mark.parametrize(
    ("api", "page", "fields", "said"),
    [
        (
            "issues/{resolved}/acknowledge",
            "issues/{resolved}/acknowledge",
            {},
            "A resolved issue cannot be acknowledged.",
        ),
        (
            "sites/{site}/checks",
            "sites/{site}/run",
            {"tools": ["teapot"]},
            "There is no such tool; choose from status, ssl, dns, broken-links, performance.",
        ),
        (
            "teams/{team}/sites",
            "sites/new",
            {"url": "ftp://example.com"},
            "The scheme must be http or https, not ftp.",
        ),
    ],
)
def test_the_api_says_in_english_what_a_page_says_in_german(
    api: str,
    page: str,
    fields: dict[str, Any],
    said: str,
    german: Client,
    alice: Any,
    team: Any,
    site: Any,
) -> None:
    token = create_token(
        SYSTEM, user=alice, kind=TokenKind.API, name="test", scopes=tuple(Scope)
    ).plaintext
    names = {"resolved": make_issue(site, status="resolved").pk, "site": site.pk, "team": team.pk}
    shown = _post(german, f"/teams/{team.pk}/{page.format(**names)}", **fields)
    assert MARK + said in unescape(shown)
    answer = german.post(
        f"/api/v1/{api.format(**names)}",
        fields,
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {token}",
        HTTP_ACCEPT_LANGUAGE="de",
    )
    assert answer.status_code in {409, 422}
    assert said in answer.content.decode()
    assert MARK not in answer.content.decode()
