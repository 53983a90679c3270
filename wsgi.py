"""What gunicorn loads (`.venv/bin/gunicorn wsgi:app`) and what the `flask` command finds."""

import os
import sys

from flask import Flask

from webapp import check_schema, create_app, note_hash_settings, start_sender
from webapp.adapters import logs
from webapp.cli import Commands
from webapp.settings import SettingsError

logs.install()
# the `flask` command may come to create the schema, and sends mails only when asked to
serving = os.environ.get("FLASK_RUN_FROM_CLI") != "true"

# testers play from outside: they need no setting
from_outside = not serving and sys.argv[1:3] == ["qa", "run"]

try:
    app = Flask("qa") if from_outside else create_app()
    if from_outside:
        app.cli = Commands(app.name)
    if serving:
        check_schema(app)
        note_hash_settings(app)
except SettingsError as faults:
    print(faults, file=sys.stderr)
    sys.exit(2)
if serving:
    # gunicorn.conf.py has the master load the application once, for its workers
    start_sender(app, forking=os.environ.get("PORTAL_FORKS") == "1")
