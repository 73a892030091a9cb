"""The `oauth` app."""

from django.apps import AppConfig


class OauthConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.oauth"
    label = "oauth"
    default_auto_field = "django.db.models.BigAutoField"
