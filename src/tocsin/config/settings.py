"""Django's settings, derived from the typed environment."""

from pathlib import Path
from urllib.parse import urlsplit

from tocsin.config import environment as _environment
from tocsin.config.databases import database_settings

ENVIRONMENT = _environment.load()
SECRET_KEY = _environment.secret_key(ENVIRONMENT)
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secret_key_fallbacks)
TOKEN_PEPPERS = [
    (int(number), secret)
    for number, _, secret in (item.partition(":") for item in ENVIRONMENT.token_peppers)
]
DATA_DIR = ENVIRONMENT.data_dir.resolve()
PACKAGE_DIR = Path(__file__).resolve().parent.parent
BASE_URL = ENVIRONMENT.base_url
EGRESS_ALLOW = ENVIRONMENT.egress_allow
EXTRA_CA_FILE = ENVIRONMENT.extra_ca_file
BILLING = ENVIRONMENT.billing
HISTORY_RETENTION_DAYS = ENVIRONMENT.history_retention_days
_BASE = urlsplit(BASE_URL)
_HTTPS = _BASE.scheme == "https"

DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = [str(_BASE.hostname), "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_BASE.scheme}://{_BASE.netloc}"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "tocsin.access",
    "tocsin.audit",
    "tocsin.accounts",
    "tocsin.teams",
    "tocsin.sites",
    "tocsin.checks",
    "tocsin.issues",
    "tocsin.notifications",
    "tocsin.oauth",
    "oauth2_provider",
    "tocsin.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tocsin.api.door.ApiDoor",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tocsin.web.middleware.CompressedPages",
    "tocsin.web.middleware.RequestIdentity",
    "tocsin.web.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tocsin.web.languages.ReaderLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tocsin.web.middleware.SessionActivity",
    "tocsin.web.middleware.VerifiedAddress",
    "tocsin.web.middleware.FormsOnly",
]

ROOT_URLCONF = "tocsin.config.urls"
WSGI_APPLICATION = "tocsin.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tocsin.web.context.shell",
            ],
        },
    },
]


DATABASES = {"default": database_settings(ENVIRONMENT.database_url, DATA_DIR)}
CACHES = {"default": {"BACKEND": "tocsin.kit.shared_cache.SharedCache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "tocsin.kit.redaction.TokenFilter"}},
    "loggers": {
        # Django logs the paths of requests that fail, and a path may hold anything.
        "django.request": {"filters": ["tokens"]},
        "django.security.DisallowedHost": {"filters": ["tokens"]},
        # Its debug messages hold whole tokens.
        "oauthlib": {"level": "INFO"},
    },
}

USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = None
STATICFILES_DIRS = [PACKAGE_DIR / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+-[0-9A-Za-z]{8,}\.\w+$"
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "media"

SESSION_COOKIE_NAME = "tocsin_session"
SESSION_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "tocsin_csrf"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tocsin.web.refusals.stale_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
if ENVIRONMENT.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

from tocsin.config.account_settings import *  # noqa: E402, F403 - one file for allauth's many names
from tocsin.config.language_settings import *  # noqa: E402, F403 - what it speaks
from tocsin.config.mail_settings import *  # noqa: E402, F403 - mail has many names too
from tocsin.config.oauth_settings import *  # noqa: E402, F403 - and the server for MCP clients
from tocsin.config.social_settings import *  # noqa: E402, F403 - and sign-in elsewhere
