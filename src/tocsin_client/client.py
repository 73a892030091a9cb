"""The client: one method an endpoint, in the order of the API's documentation."""

import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack
from uuid import UUID, uuid4

import httpx2
import msgspec

from tocsin_client import resources
from tocsin_client.listing import Listing
from tocsin_client.resources import Data, Settings
from tocsin_client.transport import Transport
from tocsin_client.waiting import QueuedChecks

Kind = TypeVar("Kind")
Id = UUID | str
Moment = datetime | date | str
Records = Mapping[str, list[str]]
QueryValue = str | int | bool | UUID | date | None

TIMEOUT = 30.0  # seconds, a request
PATIENCE = 90.0  # seconds of sleep for further tries, a call


class NewSite(TypedDict, total=False):
    """What may be said of a new site besides its URL."""

    name: str | None
    notes: str | None
    js_rendered: bool
    monitoring_settings: Settings | None
    dns_expected_records: Records | None


class SiteChange(TypedDict, total=False):
    """What may be changed of a site; what is left out stays, None inherits or clears."""

    url: str
    name: str
    notes: str | None
    pinned: bool
    js_rendered: bool
    monitoring_settings: Settings | None
    dns_expected_records: Records | None


class WantedSite(TypedDict, total=False):
    """One of many sites to create; the name defaults to the domain."""

    url: str
    name: str | None


class Tocsin:
    """Talks to one Tocsin with one token; close it, or use it in a `with` statement.

    Every method raises ApiError (see `tocsin_client.errors` for its kinds), ConnectionFailedError
    or UnexpectedAnswerError. Reads and POSTs are tried again after 429, 503 and failed connections,
    sleeping at most `patience` seconds; a POST does its work once however often it is sent.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = TIMEOUT,
        patience: float = PATIENCE,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._transport = Transport(
            url, token, timeout=timeout, patience=patience, transport=transport
        )

    @classmethod
    def from_environment(cls) -> Self:
        """Make a client from TOCSIN_URL and TOCSIN_TOKEN. Raises KeyError where one is missing."""
        return cls(os.environ["TOCSIN_URL"], os.environ["TOCSIN_TOKEN"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Tocsin at {self._transport.url}>"

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def me(self) -> resources.Me:
        """Return whose token it is, with all teams of theirs."""
        return self._get(resources.Me, "/me")

    def teams(self) -> list[resources.Team]:
        """Return all teams of the caller."""
        return self._get(list[resources.Team], "/teams")

    def team(self, team: int) -> resources.Team:
        """Return one team with its plan's limits."""
        return self._get(resources.Team, f"/teams/{team:d}")

    def team_monitoring(self, team: int) -> resources.TeamMonitoring:
        """Return a team's monitoring settings and what there is to choose from."""
        return self._get(resources.TeamMonitoring, f"/teams/{team:d}/monitoring")

    def update_team_monitoring(self, team: int, settings: Settings) -> resources.TeamMonitoring:
        """Change a team's monitoring settings; tools that are absent are untouched."""
        body = {"monitoring_settings": settings}
        return self._send(
            resources.TeamMonitoring, "PATCH", f"/teams/{team:d}/monitoring", body=body
        )

    def sites(
        self,
        team: int,
        *,
        search: str | None = None,
        pinned: bool | None = None,
        tool: str | None = None,
        status: str | None = None,
        sort: str | None = None,
    ) -> Listing[resources.Site]:
        """List a team's sites with the latest check of each tool, pinned first."""
        query = _query(search=search, pinned=pinned, tool=tool, status=status, sort=sort)
        return Listing(self._transport, f"/teams/{team:d}/sites", resources.Site, query)

    def create_site(
        self, team: int, url: str, *, idempotency_key: str | None = None, **more: Unpack[NewSite]
    ) -> resources.Site:
        """Start watching a site."""
        body = {"url": url, **more}
        return self._post(resources.Site, f"/teams/{team:d}/sites", body, idempotency_key)

    def create_sites(
        self, team: int, sites: Iterable[WantedSite], *, idempotency_key: str | None = None
    ) -> resources.BulkCreation:
        """Start watching 1 to 100 sites; one that cannot be watched does not stop the others."""
        body = {"sites": list(sites)}
        return self._post(
            resources.BulkCreation, f"/teams/{team:d}/sites/bulk", body, idempotency_key
        )

    def site(self, site: Id) -> resources.Site:
        """Return one site with the latest check of each tool."""
        return self._get(resources.Site, f"/sites/{_id(site)}")

    def update_site(self, site: Id, **changes: Unpack[SiteChange]) -> resources.Site:
        """Change a site; `monitoring_settings` is a merge patch on what the site overrides."""
        return self._send(resources.Site, "PATCH", f"/sites/{_id(site)}", body=changes)

    def delete_site(self, site: Id) -> None:
        """Stop watching a site and forget everything recorded about it."""
        self._transport.send("DELETE", f"/sites/{_id(site)}")

    def checks(
        self,
        site: Id,
        *,
        type: str | None = None,  # noqa: A002 - the API's word
        status: str | None = None,
        automatic: bool | None = None,
        run_reason: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
    ) -> Listing[resources.Check]:
        """List a site's checks with their results, newest first."""
        query = _query(type=type, status=status, automatic=automatic, run_reason=run_reason)
        query |= _period(since, until)
        return Listing(self._transport, f"/sites/{_id(site)}/checks", resources.Check, query)

    def run_checks(
        self,
        site: Id,
        tools: Iterable[str] | None = None,
        *,
        url: str | None = None,
        idempotency_key: str | None = None,
    ) -> QueuedChecks:
        """Queue one check of each tool, by default of all that are enabled; all or none."""
        body = _sent(tools=None if tools is None else list(tools), url=url)
        path = f"/sites/{_id(site)}/checks"
        return QueuedChecks(
            self._transport, self._post(list[resources.Check], path, body, idempotency_key)
        )

    def check(self, check: Id) -> resources.Check:
        """Return one check with its result."""
        return self._get(resources.Check, f"/checks/{_id(check)}")

    def delete_check(self, check: Id) -> None:
        """Delete a manual check that has ended."""
        self._transport.send("DELETE", f"/checks/{_id(check)}")

    def uptime_report(self, site: Id, *, days: int | None = None) -> resources.UptimeReport:
        """Report how much of the last 1 to 365 days (90) a site was up."""
        path = f"/sites/{_id(site)}/reports/uptime"
        return self._get(resources.UptimeReport, path, _query(days=days))

    def performance_report(
        self, site: Id, *, days: int | None = None
    ) -> resources.PerformanceReport:
        """Report how fast a site was in the last 1 to 365 days (30)."""
        path = f"/sites/{_id(site)}/reports/performance"
        return self._get(resources.PerformanceReport, path, _query(days=days))

    def issues(
        self,
        *,
        team: int | None = None,
        site: Id | None = None,
        tool: str | None = None,
        severity: str | None = None,
        status: str | None = None,
    ) -> Listing[resources.Issue]:
        """List issues, newest opening first; those that are active unless `status` says other."""
        query = _query(team=team, site=site, tool=tool, severity=severity, status=status)
        return Listing(self._transport, "/issues", resources.Issue, query)

    def issue(self, issue: Id) -> resources.Issue:
        """Return one issue with its timeline."""
        return self._get(resources.Issue, f"/issues/{_id(issue)}")

    def acknowledge_issue(
        self, issue: Id, *, idempotency_key: str | None = None
    ) -> resources.Issue:
        """Say that you take care of an issue."""
        path = f"/issues/{_id(issue)}/acknowledge"
        return self._post(resources.Issue, path, None, idempotency_key)

    def resolve_issue(self, issue: Id, *, idempotency_key: str | None = None) -> resources.Issue:
        """End an issue by hand; the next failing check may reopen it."""
        path = f"/issues/{_id(issue)}/resolve"
        return self._post(resources.Issue, path, None, idempotency_key)

    def deliveries(self, issue: Id) -> Listing[resources.Delivery]:
        """List what was sent about an issue, where, when, or why not."""
        path = f"/issues/{_id(issue)}/deliveries"
        return Listing(self._transport, path, resources.Delivery, {})

    def slots(
        self, site: Id, tool: str, *, since: Moment | None = None, until: Moment | None = None
    ) -> resources.Slots:
        """Account for every slot of a tool, by default of the last 7 days."""
        query = {"tool": tool, **_period(since, until)}
        return self._get(resources.Slots, f"/sites/{_id(site)}/slots", query)

    def token(self) -> resources.Token:
        """Return what the token may do and when it ends; never its value."""
        return self._get(resources.Token, "/token")

    def _get(self, kind: type[Kind], path: str, query: Mapping[str, str] | None = None) -> Kind:
        return self._send(kind, "GET", path, query=query)

    def _post(self, kind: type[Kind], path: str, body: object, key: str | None) -> Kind:
        return self._send(kind, "POST", path, body=body, key=key or str(uuid4()))

    def _send(self, kind: type[Kind], method: str, path: str, **more: Any) -> Kind:
        answer = self._transport.send(method, path, **more)
        found: Kind = msgspec.json.decode(answer, type=Data[kind]).data  # type: ignore[valid-type]
        return found


def _id(value: Id) -> UUID:
    """Take nothing into a path but a UUID. Raises ValueError."""
    return value if isinstance(value, UUID) else UUID(value)


def _sent(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _query(**values: QueryValue) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items() if value is not None}


def _period(since: Moment | None, until: Moment | None) -> dict[str, str]:
    return _query(**{"from": since, "to": until})


def _text(value: str | int | UUID | date) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
