"""The `checks` app."""

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.checks"
    label = "checks"
    default_auto_field = "django.db.models.BigAutoField"
