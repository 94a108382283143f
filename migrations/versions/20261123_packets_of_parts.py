"""Packets of parts: built by many workers, cancelled, withdrawn; who is named in which.

Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('packet_part',
    sa.Column('packet_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('broken', sa.Integer(), server_default='0', nullable=False),
    sa.Column('killed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error_code', sa.String(length=40), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'making', 'done', 'failed')", name=op.f('ck_packet_part_state_known')),
    sa.CheckConstraint('weight >= 1', name=op.f('ck_packet_part_weight_positive')),
    sa.ForeignKeyConstraint(['packet_id'], ['packet.id'], name=op.f('fk_packet_part_packet_id_packet'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('packet_id', 'number', name=op.f('pk_packet_part'))
    )
    op.create_table('packet_person',
    sa.Column('packet_id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['packet_id'], ['packet.id'], name=op.f('fk_packet_person_packet_id_packet'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_packet_person_visit_id_visit')),
    sa.PrimaryKeyConstraint('packet_id', 'visit_id', name=op.f('pk_packet_person'))
    )
    with op.batch_alter_table('packet_person', schema=None) as batch_op:
        batch_op.create_index('ix_packet_person_visit', ['visit_id'], unique=False)

    with op.batch_alter_table('packet', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_packet_state_known"), type_='check')
        batch_op.drop_constraint(batch_op.f("ck_packet_ready_has_a_file"), type_='check')
        batch_op.alter_column('state', type_=sa.String(length=10), existing_nullable=False)
        batch_op.add_column(sa.Column('head', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('unmasked', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('redacts_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('broken', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('killed', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('started_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('fingerprint', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            'state_known',
            "state IN ('queued', 'building', 'ready', 'failed', 'cancelled', 'withdrawn')",
        )
        batch_op.create_check_constraint(
            'ready_has_a_file',
            "state <> 'ready' or (coalesce(fingerprint, sha256) is not null "
            "and size_bytes is not null and file_key is not null)",
        )
        batch_op.create_index(batch_op.f('ix_packet_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_packet_redacts_id_packet'), 'packet', ['redacts_id'], ['id'])



def downgrade() -> None:
    # What the version before has no word for is, to it, a packet that could not be built.
    op.execute("UPDATE packet SET state = 'failed' WHERE state IN ('cancelled', 'withdrawn')")
    op.execute("UPDATE packet SET state = 'failed' WHERE state = 'ready' AND sha256 IS NULL")
    with op.batch_alter_table('packet', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_packet_state_known"), type_='check')
        batch_op.drop_constraint(batch_op.f("ck_packet_ready_has_a_file"), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_packet_redacts_id_packet'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_packet_fingerprint'))
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('fingerprint')
        batch_op.drop_column('started_at')
        batch_op.drop_column('killed')
        batch_op.drop_column('broken')
        batch_op.drop_column('redacts_id')
        batch_op.drop_column('unmasked')
        batch_op.drop_column('head')
        batch_op.alter_column('state', type_=sa.String(length=8), existing_nullable=False)
        batch_op.create_check_constraint(
            'state_known', "state in ('queued','building','ready','failed')"
        )
        batch_op.create_check_constraint(
            'ready_has_a_file',
            "state <> 'ready' or "
            "(sha256 is not null and size_bytes is not null and file_key is not null)",
        )

    with op.batch_alter_table('packet_person', schema=None) as batch_op:
        batch_op.drop_index('ix_packet_person_visit')

    op.drop_table('packet_person')
    op.drop_table('packet_part')
