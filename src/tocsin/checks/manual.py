"""Asking for checks, and deleting those that were asked for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.audit.actions import record
from tocsin.checks.check_view import CheckView, view_of
from tocsin.checks.manual_page import page_to_measure
from tocsin.checks.manual_rules import LOOKBACK, Facts, Refusal, patience_of, refusals
from tocsin.checks.models import Check, ManualRun
from tocsin.kit import clock, ids
from tocsin.kit.errors import Conflict, DomainError, InvalidInput, NotFound, invalid
from tocsin.probes.contract import CheckStatus, Tool
from tocsin.sites.models import Site
from tocsin.sites.monitoring.probing import RUNNABLE_TOOLS
from tocsin.sites.monitoring.queries import of_site
from tocsin.teams.limits import current_limits
from tocsin.teams.locking import locked_team
from tocsin.teams.plans import plan_of


class ManualRefused(InvalidInput):
    """Nothing was queued, for each of `refusals`."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        self.refusals = tuple(found)
        super().__init__({"tools": [refusal.message for refusal in found]})


class AutomaticCheck(DomainError):  # noqa: N818
    """Automatic checks are the record of the slots, so nobody deletes them."""

    code = "automatic_check"


@transaction.atomic
def queue_checks(
    principal: Principal, site: Site, *, tools: Sequence[str] | None = None, url: str | None = None
) -> list[CheckView]:
    """Ask for one check of each tool, of all or of none; return them, pending.

    `tools` defaults to all that are enabled on the site and that some probe runs; `url` is a page
    on the site's own host, for performance only. Raises ManualRefused or InvalidInput on `tools`
    or `url`, and NotFound where the site is gone.
    """
    # Held to the end: two requests at once cannot pass the same quota, spacing or pending run.
    team = locked_team(site.team_id)
    held = _held_site(site.pk)
    enabled = [tool for tool in Tool if of_site(held).of(tool).enabled]
    wanted = _read(tools) if tools is not None else [t for t in enabled if t in RUNNABLE_TOOLS]
    if not wanted:
        raise invalid("tools", gettext("Name at least one tool that is enabled on this site."))
    page = None if url is None else page_to_measure(held, wanted, url)
    now = clock.now()
    found = refusals(wanted, _facts(held, enabled, now))
    if found:
        raise ManualRefused(found)
    checks = _write(held, wanted, now, page, is_priority=plan_of(team.plan).priority_queue)
    after = {"tools": list(wanted), "checks": [str(check.pk) for check in checks]}
    record(principal, "checks.queued", f"site:{held.pk}", team.pk, after=after)
    return [view_of(check) for check in checks]


@transaction.atomic
def delete_check(principal: Principal, check_uuid: UUID) -> None:
    """Delete a manual check that has ended; its part of the quota stays used.

    Raises NotFound, AutomaticCheck, or Conflict while it is pending.
    """
    # The run first, as everybody who ends one does.
    run = ManualRun.objects.select_for_update().filter(check_uuid=check_uuid).first()
    # The row is found through the principal's teams, and only its own part is locked.
    seen = Check.objects.visible_to(principal).select_related("site").filter(pk=check_uuid)
    check = seen.select_for_update(of=("self",)).first()
    if check is None:
        raise NotFound(gettext("There is no such check."))
    if check.automatic:
        raise AutomaticCheck(gettext("Automatic checks cannot be deleted."))
    if check.status == CheckStatus.PENDING:
        raise Conflict(gettext("The check is still pending; it can be deleted once it has ended."))
    if run is not None:
        run.check_uuid = None
        run.save(update_fields=("check_uuid",))
    before = {"site": str(check.site_id), "type": check.type, "status": check.status}
    record(principal, "check.deleted", f"check:{check.pk}", check.site.team_id, before=before)
    check.delete()


def _held_site(uuid: UUID) -> Site:
    # Not FOR UPDATE: that would hold up whoever files a check of the site.
    rows = Site.objects.select_for_update(no_key=True, of=("self",))
    held = rows.select_related("team__monitoring").filter(pk=uuid).first()
    if held is None:
        raise NotFound(gettext("There is no such site."))
    return held


def _read(names: Sequence[str]) -> list[Tool]:
    known = {tool.value: tool for tool in Tool}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise invalid(
            "tools",
            gettext("There is no such tool; choose from %(choices)s.")
            % {"choices": ", ".join(known)},
        )
    return [known[name] for name in dict.fromkeys(names)]


def _facts(site: Site, enabled: Sequence[Tool], now: datetime) -> Facts:
    asked = ManualRun.objects.filter(
        site_uuid=site.pk, tool__in=list(Tool), asked_at__gte=now - LOOKBACK
    )
    rows = list(
        asked.values("tool")
        .annotate(
            asked=Max("asked_at"),
            waits=Max("deadline", filter=Q(finished_at__isnull=True)),
        )
        .values_list("tool", "asked", "waits")
    )
    return Facts(
        now=now,
        enabled=enabled,
        runnable=RUNNABLE_TOOLS,
        # One past its deadline is lost already, whether or not somebody has written that down.
        pending=[Tool(tool) for tool, _, waits in rows if waits is not None and waits > now],
        last_asked={Tool(tool): asked for tool, asked, _ in rows},
        remaining=current_limits(site.team_id).manual_checks.remaining,
    )


def _write(
    site: Site, tools: Sequence[Tool], now: datetime, page: str | None, *, is_priority: bool
) -> list[Check]:
    checks = [
        Check(
            uuid=ids.new_uuid(),
            site=site,
            type=tool.value,
            status=CheckStatus.PENDING.value,
            automatic=False,
            created_at=now,
            updated_at=now,
        )
        for tool in tools
    ]
    runs = [
        ManualRun(
            team_id=site.team_id,
            site_uuid=site.pk,
            tool=tool.value,
            check_uuid=check.pk,
            url=page if page is not None and tool is Tool.PERFORMANCE else "",
            is_priority=is_priority,
            asked_at=now,
            deadline=now + patience_of(tool),
        )
        for check, tool in zip(checks, tools, strict=True)
    ]
    ManualRun.objects.bulk_create(runs)
    return Check.objects.bulk_create(checks)
