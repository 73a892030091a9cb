"""The `checks` app."""

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.checks"
    label = "checks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow what happens to sites, in the same transaction."""
        # Models can be imported only once every app is loaded.
        from tocsin.checks import schedules  # noqa: PLC0415
        from tocsin.sites.hooks import HOOKS  # noqa: PLC0415

        HOOKS.created.append(schedules.sync)
        HOOKS.changed.append(schedules.sync)
        HOOKS.deleting.append(schedules.forget)
