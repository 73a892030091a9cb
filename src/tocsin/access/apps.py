"""The `access` app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
