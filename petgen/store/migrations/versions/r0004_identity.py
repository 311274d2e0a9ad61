"""What tells one store from another."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the table and its one row."""
    table = op.create_table("identity", sa.Column("id", sa.String(), primary_key=True))
    op.bulk_insert(table, [{"id": uuid4().hex}])
