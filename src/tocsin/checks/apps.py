"""The `checks` app."""

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.checks"
    label = "checks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow what happens to sites, in the same transaction, and count manual checks."""
        # Models can be imported only once every app is loaded.
        from tocsin.checks import findings, schedules  # noqa: PLC0415
        from tocsin.checks.hooks import FILED  # noqa: PLC0415
        from tocsin.checks.usage import manual_checks_of_team  # noqa: PLC0415
        from tocsin.sites.hooks import HOOKS  # noqa: PLC0415
        from tocsin.sites.monitoring.hooks import TEAM_CHANGED  # noqa: PLC0415
        from tocsin.teams import usage  # noqa: PLC0415
        from tocsin.teams.hooks import PLAN_CHANGED  # noqa: PLC0415

        FILED.append(findings.follow)
        HOOKS.created.append(schedules.sync)
        HOOKS.changing.append(schedules.hold)
        HOOKS.changed.append(schedules.sync)
        TEAM_CHANGED.append(schedules.sync_team)
        PLAN_CHANGED.append(schedules.sync_team)
        HOOKS.deleting.append(schedules.forget)
        usage.counters[usage.Resource.MANUAL_CHECKS] = manual_checks_of_team
