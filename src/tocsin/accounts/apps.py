"""The `accounts` app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
