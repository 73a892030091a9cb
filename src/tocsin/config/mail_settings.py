"""How mails leave: by the server that TOCSIN_EMAIL_URL names, else into the data directory."""

from urllib.parse import unquote, urlsplit

from tocsin.config import environment as _environment

_ENVIRONMENT = _environment.load()
_SERVER = urlsplit(_ENVIRONMENT.email_url)
_SMTPS = _SERVER.scheme == "smtps"

DEFAULT_FROM_EMAIL = SERVER_EMAIL = _ENVIRONMENT.email_from
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _ENVIRONMENT.email_url
    else "tocsin.kit.outbox.OutboxBackend"
)
EMAIL_HOST = _SERVER.hostname or "localhost"
EMAIL_PORT = _SERVER.port or (465 if _SMTPS else 587)
EMAIL_HOST_USER = unquote(_SERVER.username or "")
EMAIL_HOST_PASSWORD = unquote(_SERVER.password or "")
EMAIL_USE_SSL = _SMTPS
# STARTTLS is a must, but on this machine itself and on port 25, a relay's within the house.
_NEAR = EMAIL_HOST in {"localhost", "127.0.0.1", "::1"} or EMAIL_PORT == 25  # noqa: PLR2004
EMAIL_USE_TLS = not _SMTPS and not _NEAR
EMAIL_TIMEOUT = 10
