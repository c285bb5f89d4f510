"""Alembic's entry point: runs the migrations on the connection that `webapp.database` passes, in its transaction."""

from __future__ import annotations

from alembic import context

import webapp.batches.schema
import webapp.health.schema
import webapp.identity.schema
import webapp.lookups.schema
import webapp.quotas.schema
import webapp.tracing.schema  # noqa: F401
from webapp.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
