"""Series of scans in random order, and what was read in them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables of series and of their reads."""
    op.create_table(
        "series",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("closed", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_series_owner", "series", ["owner"])
    op.create_table(
        "series_reads",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("series_id", sa.String(), sa.ForeignKey("series.id", ondelete="CASCADE"), nullable=False),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
        sa.Column("scan", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("series_id", "case_id", "scan", "reader", name="uq_series_reads_once"),
    )
    for name in ("series_id", "case_id"):
        op.create_index(f"ix_series_reads_{name}", "series_reads", [name])
