"""The `sites` app."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.sites"
    label = "sites"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell `teams` how to count what it limits."""
        # Models can be imported only once every app is loaded.
        from tocsin.sites.usage import sites_of_team  # noqa: PLC0415
        from tocsin.teams import usage  # noqa: PLC0415

        usage.counters[usage.Resource.SITES] = sites_of_team
