"""What Tocsin speaks: English, and what has a catalogue under `locale`."""

from pathlib import Path

from tocsin.config import environment as _environment

_HTTPS = _environment.load().base_url.startswith("https://")

USE_I18N = True
LANGUAGE_CODE = "en"
# Each in its own words, so that whoever reads no other finds it.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
LANGUAGE_COOKIE_NAME = "tocsin_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = _HTTPS
