"""Alembic's way in; it works on the connection that `upgrade` hands it, and only knows the product's tables."""

from alembic import context

from pipeline.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
