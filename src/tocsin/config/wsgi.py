"""The WSGI entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
application = get_wsgi_application()

from tocsin.access.last_used import uses  # noqa: E402 - needs the apps to be loaded

uses.start()
