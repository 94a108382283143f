"""phones and sync

Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('device',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('install_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=True),
    sa.Column('sealed_locker', sa.LargeBinary(), nullable=False),
    sa.Column('enrolled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_contact_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('unsent_records', sa.Integer(), nullable=False),
    sa.Column('unsent_photos', sa.Integer(), nullable=False),
    sa.Column('unsent_bytes', sa.BigInteger(), nullable=False),
    sa.Column('oldest_unsent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('storage_left_bytes', sa.BigInteger(), nullable=True),
    sa.Column('storage_persisted', sa.Boolean(), nullable=True),
    sa.Column('app_version', sa.String(length=40), nullable=True),
    sa.Column('clock_skew_s', sa.BigInteger(), nullable=True),
    sa.Column('beat', sa.String(length=32), nullable=True),
    sa.Column('lost_items', sa.Integer(), nullable=False),
    sa.Column('lost_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint('lost_items >= 0', name=op.f('ck_device_lost_not_negative')),
    sa.CheckConstraint('unsent_records >= 0 AND unsent_photos >= 0', name=op.f('ck_device_unsent_not_negative')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_device_account_id_account')),
    sa.ForeignKeyConstraint(['revoked_by'], ['account.id'], name=op.f('fk_device_revoked_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device')),
    sa.UniqueConstraint('install_id', 'account_id', name=op.f('uq_device_install_id_account_id')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_device_token_sha256'))
    )
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_account_id'), ['account_id'], unique=False)

    op.create_table('device_key',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_device_key_device_id_device')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_key'))
    )
    with op.batch_alter_table('device_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_key_device_id'), ['device_id'], unique=False)

    op.create_table('enrolment_code',
    sa.Column('code_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_enrolment_code_account_id_account')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_enrolment_code_device_id_device')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_enrolment_code_made_by_account')),
    sa.PrimaryKeyConstraint('code_sha256', name=op.f('pk_enrolment_code'))
    )
    with op.batch_alter_table('enrolment_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_code_account_id'), ['account_id'], unique=False)

    op.create_table('held_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('op', sa.String(length=8), nullable=False),
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('waits_for', sa.Uuid(), nullable=True),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('body', sa.JSON(), nullable=True),
    sa.Column('item_sha256', sa.String(length=64), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('pending','conflict','applied','dismissed')", name=op.f('ck_held_item_state_known')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_held_item_account_id_account')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_held_item_centre_id_centre')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_held_item_device_id_device')),
    sa.ForeignKeyConstraint(['settled_by'], ['account.id'], name=op.f('fk_held_item_settled_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_item')),
    sa.UniqueConstraint('record_id', 'item_sha256', name=op.f('uq_held_item_record_id_item_sha256'))
    )
    with op.batch_alter_table('held_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_held_item_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_item_device_id'), ['device_id'], unique=False)
        batch_op.create_index('ix_held_item_state', ['state', 'received_at'], unique=False)
        batch_op.create_index('ix_held_item_waits', ['state', 'waits_for'], unique=False)

    op.create_table('photo_revision',
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('action', sa.String(length=12), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_photo_revision_made_by_account')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_revision_photo_id_photo')),
    sa.PrimaryKeyConstraint('photo_id', 'version', name=op.f('pk_photo_revision'))
    )
    with op.batch_alter_table('photo_revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_revision_content_sha256'), ['content_sha256'], unique=False)

    op.create_table('upload',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('attachment_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=8), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=16), nullable=True),
    sa.Column('crc32', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('refused_code', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('original','preview')", name=op.f('ck_upload_role_known')),
    sa.CheckConstraint("state IN ('open','held','refused')", name=op.f('ck_upload_state_known')),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_upload_sha256_length')),
    sa.CheckConstraint('size_bytes > 0', name=op.f('ck_upload_size_positive')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_upload_account_id_account')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_upload_device_id_device')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index('ix_upload_attachment', ['attachment_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_upload_device_id'), ['device_id'], unique=False)
        batch_op.create_index('ix_upload_expiry', ['state', 'expires_at'], unique=False)

    op.create_table('capture_proof',
    sa.Column('record_kind', sa.String(length=12), nullable=False),
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('key_id', sa.Uuid(), nullable=True),
    sa.Column('item_sha256', sa.String(length=64), nullable=False),
    sa.Column('nonce', sa.String(length=80), nullable=True),
    sa.Column('signature', sa.String(length=120), nullable=True),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.Column('nonce_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_capture_proof_device_id_device')),
    sa.ForeignKeyConstraint(['key_id'], ['device_key.id'], name=op.f('fk_capture_proof_key_id_device_key')),
    sa.PrimaryKeyConstraint('record_kind', 'record_id', 'version', name=op.f('pk_capture_proof'))
    )
    with op.batch_alter_table('capture_proof', schema=None) as batch_op:
        batch_op.create_index('ix_capture_proof_device', ['device_id'], unique=False)

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('preview_sha256', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('preview_held_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('deleted_reason', sa.String(length=300), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_photo_state_known'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_photo_state_known'),
            "state IN ('awaited', 'received', 'processed', 'unreadable')",
        )

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_sign_in_device_id'), ['device_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_sign_in_device_id_device'), 'device', ['device_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sign_in_device_id_device'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_sign_in_device_id'))
        batch_op.drop_column('device_id')

    op.execute("delete from photo_revision where photo_id in (select id from photo where state = 'awaited')")
    op.execute("delete from photo where state = 'awaited'")  # their bytes never came
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_photo_state_known'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_photo_state_known'),
            "state IN ('received', 'processed', 'unreadable')",
        )
        batch_op.drop_column('deleted_reason')
        batch_op.drop_column('preview_held_at')
        batch_op.drop_column('preview_sha256')

    with op.batch_alter_table('capture_proof', schema=None) as batch_op:
        batch_op.drop_index('ix_capture_proof_device')

    op.drop_table('capture_proof')
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index('ix_upload_expiry')
        batch_op.drop_index(batch_op.f('ix_upload_device_id'))
        batch_op.drop_index('ix_upload_attachment')

    op.drop_table('upload')
    with op.batch_alter_table('photo_revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_revision_content_sha256'))

    op.drop_table('photo_revision')
    with op.batch_alter_table('held_item', schema=None) as batch_op:
        batch_op.drop_index('ix_held_item_waits')
        batch_op.drop_index('ix_held_item_state')
        batch_op.drop_index(batch_op.f('ix_held_item_device_id'))
        batch_op.drop_index(batch_op.f('ix_held_item_centre_id'))

    op.drop_table('held_item')
    with op.batch_alter_table('enrolment_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolment_code_account_id'))

    op.drop_table('enrolment_code')
    with op.batch_alter_table('device_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_device_key_device_id'))

    op.drop_table('device_key')
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_device_account_id'))

    op.drop_table('device')
