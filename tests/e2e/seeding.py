"""Puts into a running server's database what would take a worker hours or days to find.

`python -m tests.e2e.seeding WHAT EMAIL`, in the server's environment: makes it in the team of the
person with this address and writes the ids, one a line.
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.e2e.people import Person

ROOT = Path(__file__).parents[2]


def seed(person: Person, what: str) -> list[str]:
    """Make it for a registered person; return the ids."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.e2e.seeding", what, person.email],
        env=person.server.environment | {"DJANGO_SETTINGS_MODULE": "tocsin.config.settings"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return made.stdout.split()


def incident(team: Any) -> list[Any]:
    """Make a site that is down, with an open issue: [site, issue]."""
    from tests.web.watching import open_issue, watch

    site = watch(team, "Old shop", outcome="failing", summary="503 in 9 ms")
    return [site.pk, open_issue(site).pk]


def history(team: Any) -> list[Any]:
    """Make a shop with nine of ten checks up today and a score of 80, and a site named as formula.

    Returns [shop, formula].
    """
    from tests.web.watching import roll_up, watch
    from tocsin.checks.models import DailyRollup
    from tocsin.kit import clock
    from tocsin.probes.contract import Tool

    shop, formula = watch(team, "Shop"), watch(team, '=HYPERLINK("https://evil.example","Pay")')
    times = {"response_time_sum": 900, "response_time_count": 9, "response_time_max": 250}
    roll_up(shop, ok=9, failing=1, **times)
    roll_up(shop, days_ago=1, unknown=3, lost=4)
    roll_up(formula, ok=1234)
    DailyRollup.objects.create(
        site=shop,
        tool=Tool.PERFORMANCE.value,
        date=clock.now().date(),
        ok=1,
        score_sum=80.0,
        score_count=1,
        speed_sum=1.5,
        speed_count=1,
    )
    return [shop.pk, formula.pk]


def panels(team: Any) -> list[Any]:
    """Make a site at which every tool has found something and a crawl is under way.

    Returns [site, and checks of it: the crawl that ended, the measurement, the crawl under way].
    """
    from tests.web.results import LINKS, check_of
    from tests.web.watching import watch
    from tocsin.checks.models import LinkFinding, ManualRun
    from tocsin.kit import clock
    from tocsin.probes.contract import Tool

    now, hour = clock.now(), timedelta(hours=1)
    site = watch(team, "Full shop")
    ended = {tool: check_of(site, tool, at=now - hour) for tool in Tool}
    for minutes in range(5, 600, 5):
        check_of(site, Tool.STATUS, at=now - timedelta(minutes=minutes))
    for number, each in enumerate(LINKS["urls"]):
        LinkFinding.objects.create(
            site=site, key=f"{number}", **each, confirmed=True, first_seen=now - 50 * hour,
            last_seen=now - hour, is_current=each["cause"] != "dns",
        )  # fmt: skip
    running = check_of(
        site, Tool.BROKEN_LINKS, status="pending", outcome="", result=None, completed_at=None,
        automatic=False, run_reason="", scheduled_for=None,
    )  # fmt: skip
    ManualRun.objects.create(
        team_id=team.pk, site_uuid=site.pk, tool=running.type, check_uuid=running.pk,
        is_priority=False, asked_at=now, deadline=now + hour, leased_until=now + hour,
        progress={"stage": "crawling", "done": 3, "links": 40, "found": 1},
    )  # fmt: skip
    return [site.pk, ended[Tool.BROKEN_LINKS].pk, ended[Tool.PERFORMANCE].pk, running.pk]


MAKERS: dict[str, Callable[[Any], list[Any]]] = {
    "incident": incident,
    "history": history,
    "panels": panels,
}


def main(what: str, email: str) -> None:
    """Make it, write the ids."""
    import django

    django.setup()
    from tocsin.teams.models import Team

    made = MAKERS[what](Team.objects.get(memberships__user__email=email))
    sys.stdout.write("\n".join(map(str, made)))


if __name__ == "__main__":
    main(*sys.argv[1:])
