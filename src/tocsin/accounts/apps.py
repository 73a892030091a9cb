"""The `accounts` app."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to allauth."""
        import_module("tocsin.accounts.listeners")
