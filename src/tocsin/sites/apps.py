"""The `sites` app."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.sites"
    label = "sites"
    default_auto_field = "django.db.models.BigAutoField"
