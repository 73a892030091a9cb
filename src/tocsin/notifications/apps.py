"""The `notifications` app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the app with Django."""

    name = "tocsin.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Owe what happens to issues to destinations, in the same transactions."""
        # Models can be imported only once every app is loaded.
        from tocsin.issues.hooks import TRANSITIONED  # noqa: PLC0415
        from tocsin.notifications.actions.enqueuing import enqueue  # noqa: PLC0415
        from tocsin.notifications.actions.following import follow_team  # noqa: PLC0415
        from tocsin.sites.monitoring.hooks import TEAM_CHANGED  # noqa: PLC0415

        TRANSITIONED.append(enqueue)
        TEAM_CHANGED.append(follow_team)
