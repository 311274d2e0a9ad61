"""What Alembic runs; the connection comes from `petgen.store.migrate`."""

from alembic import context

from petgen.store.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
