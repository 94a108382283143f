"""Marks: when the sweep last ended, and what is kept.

Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'upkeep_mark',
        sa.Column('name', sa.String(length=20), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_upkeep_mark')),
    )


def downgrade() -> None:
    op.drop_table('upkeep_mark')
