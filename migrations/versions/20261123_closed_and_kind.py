"""Closed and kind: second factors, invitations, receipts, requests, holds, incidents, links.

Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from app.audit import triggers

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# Each table of versions, and where it stands who recorded what the versions are of.
_VERSIONS = {
    'visit_revision': ('visit', 'visit_id'),
    'followup_revision': ('followup', 'followup_id'),
    'photo_revision': ('photo', 'photo_id'),
    'record_revision': (None, None),
}


WITH_PICTURE = "state <> 'processed' OR (view_sha256 IS NOT NULL AND thumb_sha256 IS NOT NULL)"
OR_DESTROYED = (
    "state <> 'processed' OR destroyed_at IS NOT NULL "
    "OR (view_sha256 IS NOT NULL AND thumb_sha256 IS NOT NULL)"
)


def _let_pictures_go(before: str, after: str) -> None:
    """Change what a processed photo must have.  SQLite: in the schema alone, as its manual
    describes for CHECK constraints, for a table made anew would lose its triggers."""
    name = op.f("ck_photo_processed_has_renditions")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "photo", type_="check")
        op.create_check_constraint(name, "photo", after)
        return
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = 'photo' AND instr(sql, :before) > 0"
        ),
        {"before": before, "after": after},
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed.rowcount != 1:
        raise RuntimeError("the photo table is not as the release before left it")


def upgrade() -> None:
    op.create_table('erasure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=False),
    sa.Column('about', sa.String(length=64), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scrubbed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure'))
    )
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_object_id'), ['object_id'], unique=False)

    op.create_table('try_count',
    sa.Column('key_sha256', sa.String(length=64), nullable=False),
    sa.Column('window', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key_sha256', 'window', name=op.f('pk_try_count'))
    )
    op.create_table('controller',
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('email', sa.String(length=120), nullable=True),
    sa.Column('dpo_name', sa.String(length=200), nullable=False),
    sa.Column('dpo_phone', sa.String(length=40), nullable=True),
    sa.Column('dpo_email', sa.String(length=120), nullable=True),
    sa.Column('hosted_at', sa.String(length=200), nullable=False),
    sa.Column('more', sa.Text(), nullable=True),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_controller_made_by_account')),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_controller'))
    )
    op.create_table('destruction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('keeping', sa.String(length=30), nullable=False),
    sa.Column('cause', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('n_objects', sa.Integer(), nullable=False),
    sa.Column('objects', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=True),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_destruction_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_destruction'))
    )
    with op.batch_alter_table('destruction', schema=None) as batch_op:
        batch_op.create_index('ix_destruction_at', ['at'], unique=False)

    op.create_table('invitation',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('resets', sa.Boolean(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_invitation_account_id_account')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_invitation_made_by_account')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_invitation'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_account_id'), ['account_id'], unique=False)

    op.create_table('legal_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=True),
    sa.Column('object_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('placed_by', sa.Uuid(), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_by', sa.Uuid(), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['lifted_by'], ['account.id'], name=op.f('fk_legal_hold_lifted_by_account')),
    sa.ForeignKeyConstraint(['placed_by'], ['account.id'], name=op.f('fk_legal_hold_placed_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    op.create_table('one_time_secret',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_one_time_secret_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_one_time_secret'))
    )
    op.create_table('passkey',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('credential_id', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('transports', sa.String(length=60), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_passkey_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_account_id'), ['account_id'], unique=False)

    op.create_table('spent_challenge',
    sa.Column('challenge_sha256', sa.String(length=64), nullable=False),
    sa.Column('spent_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('challenge_sha256', name=op.f('pk_spent_challenge'))
    )
    op.create_table('recovery_code',
    sa.Column('code_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id_account')),
    sa.PrimaryKeyConstraint('code_sha256', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_account_id'), ['account_id'], unique=False)

    op.create_table('retention_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dry', sa.Boolean(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_retention_run_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_run'))
    )
    with op.batch_alter_table('retention_run', schema=None) as batch_op:
        batch_op.create_index('ix_retention_run_began', ['began_at'], unique=False)

    op.create_table('share_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.Uuid(), nullable=True),
    sa.Column('n_opened', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('packet', 'copy')", name=op.f('ck_share_link_kind_known')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_share_link_made_by_account')),
    sa.ForeignKeyConstraint(['revoked_by'], ['account.id'], name=op.f('fk_share_link_revoked_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_link')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_share_link_token_sha256'))
    )
    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_share_link_object_id'), ['object_id'], unique=False)

    op.create_table('incident',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('aware_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('risk', sa.String(length=8), nullable=False),
    sa.Column('n_people', sa.Integer(), nullable=True),
    sa.Column('n_records', sa.Integer(), nullable=True),
    sa.Column('data_kinds', sa.JSON(), nullable=False),
    sa.Column('consequences', sa.Text(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('told_office_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_people_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind IN ('lost_phone', 'wrong_recipient', 'intrusion', 'lost_data', 'other')", name=op.f('ck_incident_kind_known')),
    sa.CheckConstraint("risk IN ('unknown', 'none', 'some', 'high')", name=op.f('ck_incident_risk_known')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_incident_device_id_device')),
    sa.ForeignKeyConstraint(['recorded_by'], ['account.id'], name=op.f('fk_incident_recorded_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index('ix_incident_aware', ['aware_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_device_id'), ['device_id'], unique=False)

    op.create_table('carried_contact',
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('let_go_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_carried_contact_device_id_device')),
    sa.PrimaryKeyConstraint('device_id', 'visit_id', name=op.f('pk_carried_contact'))
    )
    with op.batch_alter_table('carried_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_carried_contact_visit_id'), ['visit_id'], unique=False)

    op.create_table('receipt_code',
    sa.Column('code_sha256', sa.String(length=64), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('open_sha256', sa.String(length=64), nullable=True),
    sa.Column('open_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_receipt_code_visit_id_visit')),
    sa.PrimaryKeyConstraint('code_sha256', name=op.f('pk_receipt_code')),
    sa.UniqueConstraint('open_sha256', name=op.f('uq_receipt_code_open_sha256'))
    )
    with op.batch_alter_table('receipt_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_code_visit_id'), ['visit_id'], unique=False)

    op.create_table('subject_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('via', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=True),
    sa.Column('asked', sa.Text(), nullable=True),
    sa.Column('contact', sa.String(length=200), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.String(length=500), nullable=True),
    sa.Column('blanked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('access', 'correct', 'withdraw', 'forget', 'object', 'restrict', 'other')", name=op.f('ck_subject_request_kind_known')),
    sa.CheckConstraint("state IN ('open', 'done', 'refused')", name=op.f('ck_subject_request_state_known')),
    sa.CheckConstraint("via IN ('code', 'paper', 'telephone', 'in_person', 'other')", name=op.f('ck_subject_request_via_known')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_subject_request_decided_by_account')),
    sa.ForeignKeyConstraint(['recorded_by'], ['account.id'], name=op.f('fk_subject_request_recorded_by_account')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_subject_request_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_request'))
    )
    with op.batch_alter_table('subject_request', schema=None) as batch_op:
        batch_op.create_index('ix_subject_request_due', ['state', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_subject_request_visit_id'), ['visit_id'], unique=False)

    op.create_table('incident_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_incident_step_by_account')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_step_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_step'))
    )
    with op.batch_alter_table('incident_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_step_incident_id'), ['incident_id'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('password_hash',
               existing_type=sa.VARCHAR(length=200),
               nullable=True)

    for table in _VERSIONS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('made_by', existing_type=sa.Uuid(), nullable=True)

    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entry_action', ['action', 'at'], unique=False)

    with op.batch_alter_table('document', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True))

    # Never made anew: its triggers would be lost.
    with op.batch_alter_table('photo', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True))
    _let_pictures_go(WITH_PICTURE, OR_DESTROYED)

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stage', sa.String(length=8), server_default='open', nullable=False))
        batch_op.add_column(sa.Column('proof', sa.String(length=12), server_default='password', nullable=False))
        batch_op.add_column(sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('agent', sa.String(length=80), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f('ck_sign_in_stage_known'), "stage IN ('open', 'factor', 'enrol')"
        )

    connection = op.get_bind()
    for statement in triggers.MAKE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    connection = op.get_bind()
    for statement in triggers.REMOVE[connection.dialect.name]:
        connection.exec_driver_sql(statement)

    # Versions made by nobody with an account are those of their record's recorder from here on.
    for table, (record, owner) in _VERSIONS.items():
        op.execute(
            f"UPDATE {table} SET made_by = (SELECT recorder_id FROM {record} "
            f"WHERE {record}.id = {table}.{owner}) WHERE made_by IS NULL"
        ) if record else op.execute(f"DELETE FROM {table} WHERE made_by IS NULL")
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('made_by', existing_type=sa.Uuid(), nullable=False)

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_sign_in_stage_known'), type_='check')
        batch_op.drop_column('agent')
        batch_op.drop_column('proved_at')
        batch_op.drop_column('proof')
        batch_op.drop_column('stage')

    with op.batch_alter_table('document', recreate='never') as batch_op:
        batch_op.drop_column('destroyed_at')

    # A destroyed photo cannot be shown; before this release it was called unreadable.
    op.execute("UPDATE photo SET state = 'unreadable' WHERE destroyed_at IS NOT NULL AND state = 'processed'")
    _let_pictures_go(OR_DESTROYED, WITH_PICTURE)
    with op.batch_alter_table('photo', recreate='never') as batch_op:
        batch_op.drop_column('destroyed_at')

    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entry_action')

    # Whoever had no password has one that fits nothing.
    op.execute("UPDATE account SET password_hash = '!' WHERE password_hash IS NULL")
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.alter_column('password_hash',
               existing_type=sa.VARCHAR(length=200),
               nullable=False)
        batch_op.drop_column('password_set_at')

    with op.batch_alter_table('incident_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incident_step_incident_id'))

    op.drop_table('incident_step')
    with op.batch_alter_table('subject_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_subject_request_visit_id'))
        batch_op.drop_index('ix_subject_request_due')

    op.drop_table('subject_request')
    with op.batch_alter_table('receipt_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_code_visit_id'))

    op.drop_table('receipt_code')
    with op.batch_alter_table('carried_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_carried_contact_visit_id'))

    op.drop_table('carried_contact')
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incident_device_id'))
        batch_op.drop_index('ix_incident_aware')

    op.drop_table('incident')
    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_share_link_object_id'))

    op.drop_table('share_link')
    with op.batch_alter_table('retention_run', schema=None) as batch_op:
        batch_op.drop_index('ix_retention_run_began')

    op.drop_table('retention_run')
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_code_account_id'))

    op.drop_table('recovery_code')
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkey_account_id'))

    op.drop_table('passkey')
    op.drop_table('spent_challenge')
    op.drop_table('one_time_secret')
    op.drop_table('legal_hold')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_account_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('destruction', schema=None) as batch_op:
        batch_op.drop_index('ix_destruction_at')

    op.drop_table('destruction')
    op.drop_table('controller')
    op.drop_table('try_count')
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasure_object_id'))

    op.drop_table('erasure')
