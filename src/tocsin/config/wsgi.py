"""The WSGI entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
application = get_wsgi_application()

from tocsin.access import last_used as tokens  # noqa: E402 - needs the apps to be loaded
from tocsin.oauth import last_used as grants  # noqa: E402

tokens.uses.start()
grants.uses.start()
