"""The `issues` app."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.issues"
    label = "issues"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow what checks find and what happens to sites, in the same transactions."""
        # Models can be imported only once every app is loaded.
        from tocsin.checks import hooks as checks  # noqa: PLC0415
        from tocsin.issues.actions import (  # noqa: PLC0415
            evaluate,
            follow_move,
            follow_site,
            follow_team,
            look_again_in_team,
        )
        from tocsin.sites.hooks import HOOKS  # noqa: PLC0415
        from tocsin.sites.monitoring.hooks import TEAM_CHANGED  # noqa: PLC0415
        from tocsin.teams.hooks import PLAN_CHANGED  # noqa: PLC0415

        checks.FILED.append(evaluate)
        HOOKS.changed.append(follow_site)
        HOOKS.moved.append(follow_move)
        TEAM_CHANGED.append(follow_team)
        PLAN_CHANGED.append(look_again_in_team)
