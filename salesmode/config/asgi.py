"""The door for web servers: `uvicorn salesmode.config.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesmode.config.settings")
application = get_asgi_application()
