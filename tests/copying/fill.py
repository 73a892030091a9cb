"""Fills an installation with rows whose values differ between databases if they can."""

from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402

from tocsin.access.principal import SYSTEM  # noqa: E402
from tocsin.accounts.models import User  # noqa: E402
from tocsin.checks.models import Check, DailyRollup  # noqa: E402
from tocsin.sites.actions import create_site  # noqa: E402
from tocsin.teams.models import Team  # noqa: E402

RESULT = {
    "b": 1.0, "a": [None, True, -0.0, 1e16, 1.5e300, 0.1, 2**70, -1e-7], "text": "ä\n\u2028'\"\\",
    "nested": {"z": {}, "y": [], "": ""},
}  # fmt: skip
START = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
CHECKS = 2500

team = Team.objects.get(personal_team=True)
# A number that was given and is free again: it must not be given to anybody else.
Team.objects.create(name="gone").delete()
site = create_site(SYSTEM, team, url="https://example.com/", name="Shop ☃")
Check.objects.bulk_create(
    Check(
        site=site,
        type="status",
        status="completed",
        outcome="ok",
        automatic=True,
        scheduled_for=START + timedelta(minutes=number),
        vantage="local",
        result={**RESULT, "n": number} if number % 3 else None,
        updated_at=START + timedelta(microseconds=number),
    )
    for number in range(CHECKS)
)
DailyRollup.objects.create(
    site=site, tool="status", date=START.date(), ok=3, response_time_sum=0.1 + 0.2
)
photo = settings.MEDIA_ROOT / "photos" / "ann.png"
photo.parent.mkdir(parents=True, exist_ok=True)
photo.write_bytes(b"\x89PNG" + bytes(range(256)))
User.objects.update(photo="photos/ann.png")
