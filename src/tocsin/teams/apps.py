"""The `teams` app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.teams"
    label = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Ask `accounts` to be told when accounts come and go."""
        from tocsin.accounts import hooks  # noqa: PLC0415 - models are loaded only now
        from tocsin.teams import personal  # noqa: PLC0415

        hooks.user_created.append(personal.create_personal_team)
        hooks.deletion_obstacles.append(personal.owned_teams_obstacle)
        hooks.user_purged.append(personal.remove_owned_teams)
