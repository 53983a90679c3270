"""The next release: what the container file copies of this one, with one more migration."""

import re
import shutil
from pathlib import Path

from tests.faults.portal import Host, Portal
from webapp.models import schema
from webapp.settings import ROOT

NEXT = "9999"
_COPIED = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)


def expanding(version: str, former: str) -> str:
    """The file of a migration that only adds."""
    return f'''"""What a release may add while the former one serves (docs/decisions/schema.md)."""

import sqlalchemy as sa
from alembic import op

revision = "{version}"
down_revision = "{former}"
branch_labels = None
depends_on = None

oldest_code = "{former}"
told = "ce qu’une version ajoute pendant que la précédente sert"


def upgrade() -> None:
    op.add_column("account", sa.Column("nickname", sa.String(length=40), nullable=True))
    op.add_column(
        "outbox", sa.Column("attached", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table("wish", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_index("ix_outbox_attached", "outbox", ["attached"])
'''


def next_release(folder: Path) -> Path:
    """Where its code is: nothing but what a container would have, and the migration."""
    for names in _COPIED.findall((ROOT / "deploy" / "Containerfile").read_text()):
        for name in names.split():
            to = folder / name
            to.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, to)
    migrations = folder / "webapp" / "models" / "migrations" / "versions"
    (migrations / f"{NEXT}_the_next_release.py").write_text(expanding(NEXT, schema.wanted()))
    return folder


def host_of(portal: Portal, home: Path) -> Host:
    """One more gunicorn on the portal's database, which runs the code in `home`."""
    host = portal.another_host("next", PYTHONPATH=str(home))
    host.home, host.serves = home, "wsgi:app"
    return host
