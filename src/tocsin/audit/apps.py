"""The `audit` app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
