"""Alembic migrations of the record, run from code: there is no alembic.ini.

A new one, after a change of the tables: `python -m server.record.migrations "Say what changes"`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config


def config(url: str) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("path_separator", "os")
    settings.attributes["url"] = url
    return settings


def migrate(url: str) -> None:
    """Brings the record at this SQLAlchemy URL to the newest shape; what is there already stays."""
    command.upgrade(config(url), "head")


def write_next(message: str) -> None:
    """Writes the migration that leads from the newest one to the tables of the code."""
    with tempfile.TemporaryDirectory() as folder:
        settings = config(f"sqlite:///{folder}/record.db")
        command.upgrade(settings, "head")
        number = len(list((Path(__file__).parent / "versions").glob("[0-9]*.py"))) + 1
        command.revision(settings, message, autogenerate=True, rev_id=f"{number:04d}")
