"""What gunicorn loads (`.venv/bin/gunicorn wsgi:app`) and what the `flask` command finds."""

import os
import sys

from webapp import check_schema, create_app, start_sender
from webapp.adapters import logs
from webapp.settings import SettingsError

logs.install()
# the `flask` command may come to create the schema, and sends mails only when asked to
serving = os.environ.get("FLASK_RUN_FROM_CLI") != "true"

try:
    app = create_app()
    if serving:
        check_schema(app)
except SettingsError as faults:
    print(faults, file=sys.stderr)
    sys.exit(2)
if serving:
    start_sender(app)
