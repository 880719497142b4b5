"""Alembic's entry: online only, on the URL that `migrate` was given."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import func, select
from sqlalchemy.types import TypeDecorator

from server.record.store import connect
from server.record.tables import metadata

MIGRATING = 0xD01BA9
"""Key of the advisory lock; SQLite's transactions begin one after the other anyway."""


def plain_type(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Own column types are written as what the database stores: migrations outlive code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


engine = connect(context.config.attributes["url"])
with engine.begin() as connection:
    if connection.dialect.name == "postgresql":  # several servers may start at once
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=plain_type,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
