"""photos as evidence

Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('photo_check',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('verdict', sa.String(length=12), nullable=True),
    sa.Column('photo_id', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'done') = (verdict IS NOT NULL)", name=op.f('ck_photo_check_done_has_verdict')),
    sa.CheckConstraint("state IN ('waiting', 'done')", name=op.f('ck_photo_check_state_known')),
    sa.CheckConstraint("verdict IN ('original', 'rendition', 'altered', 'unknown', 'unreadable')", name=op.f('ck_photo_check_verdict_known')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_check_photo_id_photo')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_check'))
    )
    with op.batch_alter_table('photo_check', schema=None) as batch_op:
        batch_op.create_index('ix_photo_check_waiting', ['state', 'asked_at'], unique=False)

    op.create_table('photo_finding',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=36), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('recipe', sa.Integer(), nullable=False),
    sa.Column('programme_version', sa.String(length=60), nullable=False),
    sa.Column('text_th', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=500), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.String(length=10), nullable=True),
    sa.Column('decision_note', sa.String(length=500), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("decision IN ('settled', 'doubtful')", name=op.f('ck_photo_finding_decision_known')),
    sa.CheckConstraint("kind IN ('position', 'time', 'reuse', 'source', 'quality', 'file')", name=op.f('ck_photo_finding_kind_known')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_photo_finding_answer_whole')),
    sa.CheckConstraint('(decision IS NULL) = (decided_at IS NULL)', name=op.f('ck_photo_finding_decision_whole')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_photo_finding_answered_by_account')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_photo_finding_decided_by_account')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_finding_photo_id_photo')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_finding')),
    sa.UniqueConstraint('photo_id', 'code', 'about', name=op.f('uq_photo_finding_photo_id_code_about'))
    )
    with op.batch_alter_table('photo_finding', schema=None) as batch_op:
        batch_op.create_index('ix_photo_finding_open', ['decision', 'withdrawn_at', 'found_at'], unique=False)

    op.create_table('photo_pair',
    sa.Column('earlier_id', sa.Uuid(), nullable=False),
    sa.Column('later_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('recipe', sa.Integer(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('same_bytes', 'same_picture')", name=op.f('ck_photo_pair_kind_known')),
    sa.CheckConstraint('earlier_id <> later_id', name=op.f('ck_photo_pair_two_photos')),
    sa.ForeignKeyConstraint(['earlier_id'], ['photo.id'], name=op.f('fk_photo_pair_earlier_id_photo')),
    sa.ForeignKeyConstraint(['later_id'], ['photo.id'], name=op.f('fk_photo_pair_later_id_photo')),
    sa.PrimaryKeyConstraint('earlier_id', 'later_id', name=op.f('pk_photo_pair'))
    )
    with op.batch_alter_table('photo_pair', schema=None) as batch_op:
        batch_op.create_index('ix_photo_pair_later', ['later_id'], unique=False)

    op.create_table('photo_print',
    sa.Column('no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('recipe', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('keys', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_print_photo_id_photo')),
    sa.PrimaryKeyConstraint('no', name=op.f('pk_photo_print')),
    sa.UniqueConstraint('photo_id', name=op.f('uq_photo_print_photo_id'))
    )
    op.create_table('photo_rendition',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('recipe', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('view', 'thumb', 'stamped', 'sharing')", name=op.f('ck_photo_rendition_kind_known')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_rendition_photo_id_photo')),
    sa.PrimaryKeyConstraint('sha256', 'photo_id', name=op.f('pk_photo_rendition'))
    )
    op.create_table('sharing_copy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('boxes', sa.JSON(), nullable=False),
    sa.Column('nobody', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('recipe', sa.Integer(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'made' OR sha256 IS NOT NULL", name=op.f('ck_sharing_copy_made_has_file')),
    sa.CheckConstraint("state IN ('waiting', 'made', 'failed')", name=op.f('ck_sharing_copy_state_known')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_sharing_copy_asked_by_account')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_sharing_copy_photo_id_photo')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sharing_copy'))
    )
    with op.batch_alter_table('sharing_copy', schema=None) as batch_op:
        batch_op.create_index('ix_sharing_copy_photo', ['photo_id', 'asked_at'], unique=False)
        batch_op.create_index('ix_sharing_copy_waiting', ['state', 'asked_at'], unique=False)

    op.create_table('print_key',
    sa.Column('key', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('print_no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('key', 'print_no', name=op.f('pk_print_key')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stamped_sha256', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('placeholder', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('code', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('place_code', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('measures', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('examined_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_photo_code', ['code'], unique=True)
        batch_op.create_index('ix_photo_unexamined', ['examined_at', 'state'], unique=False)
        batch_op.alter_column('media_type', existing_type=sa.String(length=16), type_=sa.String(length=24), existing_nullable=False)
        batch_op.drop_constraint(batch_op.f('ck_photo_taken_source_known'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_photo_taken_source_known'),
            "taken_source IN ('exif', 'exif_bangkok', 'gps', 'xmp', 'exif_changed', 'none')",
        )

    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.alter_column('media_type', existing_type=sa.String(length=16), type_=sa.String(length=24), existing_nullable=True)



def downgrade() -> None:
    for table in ('upload', 'photo'):  # the older version knows no such files
        op.execute(f"update {table} set media_type = 'other' where length(media_type) > 16")
    op.execute("update photo set taken_source = 'exif_changed' where taken_source = 'xmp'")
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.alter_column('media_type', existing_type=sa.String(length=24), type_=sa.String(length=16), existing_nullable=True)

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_photo_taken_source_known'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_photo_taken_source_known'),
            "taken_source IN ('exif', 'exif_bangkok', 'gps', 'exif_changed', 'none')",
        )
        batch_op.alter_column('media_type', existing_type=sa.String(length=24), type_=sa.String(length=16), existing_nullable=False)
        batch_op.drop_index('ix_photo_unexamined')
        batch_op.drop_index('ix_photo_code')
        batch_op.drop_column('examined_at')
        batch_op.drop_column('measures')
        batch_op.drop_column('place_code')
        batch_op.drop_column('code')
        batch_op.drop_column('placeholder')
        batch_op.drop_column('stamped_sha256')

    op.drop_table('print_key')
    with op.batch_alter_table('sharing_copy', schema=None) as batch_op:
        batch_op.drop_index('ix_sharing_copy_waiting')
        batch_op.drop_index('ix_sharing_copy_photo')

    op.drop_table('sharing_copy')
    op.drop_table('photo_rendition')
    op.drop_table('photo_print')
    with op.batch_alter_table('photo_pair', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_pair_later')

    op.drop_table('photo_pair')
    with op.batch_alter_table('photo_finding', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_finding_open')

    op.drop_table('photo_finding')
    with op.batch_alter_table('photo_check', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_check_waiting')

    op.drop_table('photo_check')
