"""The `teams` app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.teams"
    label = "teams"
    default_auto_field = "django.db.models.BigAutoField"
