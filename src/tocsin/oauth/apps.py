"""The `oauth` app."""

from django.apps import AppConfig


class OauthConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.oauth"
    label = "oauth"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Ask `accounts` to be told when all access of a user is to end."""
        from tocsin.accounts import hooks  # noqa: PLC0415 - models are loaded only now
        from tocsin.oauth import actions  # noqa: PLC0415

        hooks.access_revoked.append(actions.revoke_all)
