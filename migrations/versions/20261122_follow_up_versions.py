"""follow-up versions

Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('followup_revision',
    sa.Column('followup_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('action', sa.String(length=12), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['followup_id'], ['followup.id'], name=op.f('fk_followup_revision_followup_id_followup')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_followup_revision_made_by_account')),
    sa.PrimaryKeyConstraint('followup_id', 'version', name=op.f('pk_followup_revision'))
    )
    with op.batch_alter_table('followup_revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_followup_revision_content_sha256'), ['content_sha256'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('followup_revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_followup_revision_content_sha256'))

    op.drop_table('followup_revision')
