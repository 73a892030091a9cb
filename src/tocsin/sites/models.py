"""Sites."""

from django.db import models

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.kit import clock, ids
from tocsin.sites.monitoring.models import TeamMonitoring
from tocsin.sites.ordering import NEWEST_PIN, TeamListIndex
from tocsin.teams.models import Team

__all__ = ["Site", "SiteQuerySet", "TeamMonitoring"]


class SiteQuerySet(models.QuerySet["Site"]):
    """Reads of sites, scoped by construction."""

    def visible_to(self, principal: Principal) -> "SiteQuerySet":
        """Keep the sites of the principal's teams; the system sees all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        if principal.user_id is None:
            return self.none()
        return self.filter(team__memberships__user_id=principal.user_id)

    def in_team_order(self) -> "SiteQuerySet":
        """Order as a team's list is: pinned first, newest pin first, then newest site."""
        return self.order_by(NEWEST_PIN, "-created_at", "-uuid")


class Site(models.Model):
    """One website that a team watches. `url` is canonical, see `urls.canonical_url`."""

    uuid = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=255)
    url = models.CharField(max_length=2048)
    domain = models.CharField(max_length=255)
    notes = models.TextField(blank=True)
    js_rendered = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True, blank=True)
    monitoring_overrides = models.JSONField(default=dict, blank=True)
    dns_expected_records = models.JSONField(null=True, blank=True)
    settings_revision = models.PositiveIntegerField(default=1)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = (
            # The same canonical URL once a team; also serves the look-up by team.
            models.UniqueConstraint(fields=("team", "url"), name="site_url_once_a_team"),
        )
        indexes = (
            # The default order of a team's list, from which alone a page's keys are read.
            TeamListIndex(name="site_team_list"),
        )

    def __str__(self) -> str:
        return self.url
