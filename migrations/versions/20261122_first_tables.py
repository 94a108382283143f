"""first tables

Revises: 
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('area',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name_th', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('postcode', sa.String(length=5), nullable=True),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.CheckConstraint("kind in ('province','district','subdistrict')", name=op.f('ck_area_kind_known')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_area'))
    )
    op.create_table('audit_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('object_id', sa.String(length=60), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('position', name=op.f('uq_audit_entry_position'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entry_object', ['kind', 'object_id'], unique=False)

    op.create_table('centre',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('name_key', sa.Text(), nullable=False),
    sa.Column('steward_name', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=24), nullable=True),
    sa.Column('plot_class', sa.String(length=8), nullable=False),
    sa.Column('status', sa.String(length=8), nullable=False),
    sa.Column('subdistrict_code', sa.String(length=8), nullable=False),
    sa.Column('moo', sa.Integer(), nullable=True),
    sa.Column('village', sa.String(length=80), nullable=True),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.Column('radius_m', sa.Double(), nullable=False),
    sa.Column('position_source', sa.String(length=8), nullable=False),
    sa.Column('size_rai', sa.Numeric(precision=8, scale=2), nullable=True),
    sa.Column('budget_source', sa.String(length=160), nullable=True),
    sa.Column('budget_year', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('active','paused','closed')", name=op.f('ck_centre_status_known')),
    sa.CheckConstraint('lat between -90 and 90 and lon between -180 and 180', name=op.f('ck_centre_on_earth')),
    sa.CheckConstraint('radius_m between 50 and 5000', name=op.f('ck_centre_radius_sane')),
    sa.ForeignKeyConstraint(['subdistrict_code'], ['area.code'], name=op.f('fk_centre_subdistrict_code_area')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centre')),
    sa.UniqueConstraint('code', name=op.f('uq_centre_code'))
    )
    with op.batch_alter_table('centre', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_centre_subdistrict_code'), ['subdistrict_code'], unique=False)

    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('username', sa.String(length=40), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('area_code', sa.String(length=8), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(role = 'volunteer') = (centre_id is not null)", name=op.f('ck_account_volunteer_has_a_centre')),
    sa.CheckConstraint("role in ('volunteer','officer','reviewer','admin')", name=op.f('ck_account_role_known')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_account_centre_id_centre')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('phone', name=op.f('uq_account_phone')),
    sa.UniqueConstraint('username', name=op.f('uq_account_username'))
    )
    op.create_table('packet',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scope_kind', sa.String(length=8), nullable=False),
    sa.Column('scope_code', sa.String(length=20), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
    sa.Column('quarter', sa.String(length=6), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('frozen', sa.JSON(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error_code', sa.String(length=40), nullable=True),
    sa.Column('step', sa.String(length=12), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('size_bytes', sa.BigInteger(), nullable=True),
    sa.Column('file_key', sa.String(length=120), nullable=True),
    sa.Column('n_files', sa.Integer(), nullable=True),
    sa.Column('n_gaps', sa.Integer(), nullable=True),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('requested_by', sa.Uuid(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("(scope_kind = 'centre') = (centre_id is not null)", name=op.f('ck_packet_centre_named')),
    sa.CheckConstraint("scope_kind in ('centre','district','province')", name=op.f('ck_packet_scope_kind_known')),
    sa.CheckConstraint("state <> 'ready' or (sha256 is not null and size_bytes is not null and file_key is not null)", name=op.f('ck_packet_ready_has_a_file')),
    sa.CheckConstraint("state in ('queued','building','ready','failed')", name=op.f('ck_packet_state_known')),
    sa.CheckConstraint('done between 0 and total', name=op.f('ck_packet_done_within_total')),
    sa.CheckConstraint('edition >= 1', name=op.f('ck_packet_edition_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_packet_centre_id_centre')),
    sa.ForeignKeyConstraint(['requested_by'], ['account.id'], name=op.f('fk_packet_requested_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_packet')),
    sa.UniqueConstraint('scope_kind', 'scope_code', 'quarter', 'edition', name=op.f('uq_packet_scope_kind_scope_code_quarter_edition'))
    )
    with op.batch_alter_table('packet', schema=None) as batch_op:
        batch_op.create_index('ix_packet_newest', ['requested_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_packet_sha256'), ['sha256'], unique=False)
        batch_op.create_index('ix_packet_waiting', ['state', 'state_since'], unique=False)

    op.create_table('photo',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.String(length=8), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('caption', sa.String(length=300), nullable=True),
    sa.Column('original_sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('crc32', sa.Integer(), nullable=True),
    sa.Column('media_type', sa.String(length=16), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=True),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error_code', sa.String(length=40), nullable=True),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_source', sa.String(length=12), nullable=False),
    sa.Column('camera', sa.String(length=80), nullable=True),
    sa.Column('orientation', sa.Integer(), nullable=False),
    sa.Column('direction_deg', sa.Double(), nullable=True),
    sa.Column('exif_lat', sa.Double(), nullable=True),
    sa.Column('exif_lon', sa.Double(), nullable=True),
    sa.Column('exif_accuracy_m', sa.Double(), nullable=True),
    sa.Column('distance_m', sa.Double(), nullable=True),
    sa.Column('band', sa.String(length=8), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.Column('recipe', sa.Integer(), nullable=True),
    sa.Column('view_sha256', sa.String(length=64), nullable=True),
    sa.Column('thumb_sha256', sa.String(length=64), nullable=True),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('captured_offset_min', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('clock_skew_s', sa.Integer(), nullable=True),
    sa.Column('recorder_id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('fix_age_s', sa.Double(), nullable=True),
    sa.Column('position_source', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('programme_version', sa.String(length=40), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("band IN ('inside', 'near', 'far', 'unknown')", name=op.f('ck_photo_band_known')),
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_photo_position_source_known')),
    sa.CheckConstraint("source IN ('camera', 'picker', 'unknown')", name=op.f('ck_photo_source_known')),
    sa.CheckConstraint("state <> 'processed' OR (view_sha256 IS NOT NULL AND thumb_sha256 IS NOT NULL)", name=op.f('ck_photo_processed_has_renditions')),
    sa.CheckConstraint("state IN ('received', 'processed', 'unreadable')", name=op.f('ck_photo_state_known')),
    sa.CheckConstraint("subject_kind IN ('visit', 'followup', 'centre')", name=op.f('ck_photo_subject_kind_known')),
    sa.CheckConstraint("taken_source IN ('exif', 'exif_bangkok', 'gps', 'exif_changed', 'none')", name=op.f('ck_photo_taken_source_known')),
    sa.CheckConstraint('(exif_lat IS NULL) = (exif_lon IS NULL)', name=op.f('ck_photo_exif_position_whole')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_photo_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_photo_accuracy_not_negative')),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_photo_attempts_not_negative')),
    sa.CheckConstraint('direction_deg BETWEEN 0 AND 360', name=op.f('ck_photo_direction_range')),
    sa.CheckConstraint('distance_m BETWEEN 0 AND 20100000', name=op.f('ck_photo_distance_on_earth')),
    sa.CheckConstraint('exif_lat BETWEEN -90 AND 90', name=op.f('ck_photo_exif_lat_range')),
    sa.CheckConstraint('exif_lon BETWEEN -180 AND 180', name=op.f('ck_photo_exif_lon_range')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_photo_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_photo_content_sha256_length')),
    sa.CheckConstraint('length(original_sha256) = 64', name=op.f('ck_photo_original_sha256_length')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_photo_lon_range')),
    sa.CheckConstraint('orientation BETWEEN 1 AND 8', name=op.f('ck_photo_orientation_range')),
    sa.CheckConstraint('size_bytes > 0', name=op.f('ck_photo_size_positive')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_photo_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_photo_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_photo_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo'))
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.create_index('ix_photo_centre', ['centre_id', 'day', 'id'], unique=False)
        batch_op.create_index('ix_photo_newest', ['day', 'id'], unique=False)
        batch_op.create_index('ix_photo_original', ['original_sha256'], unique=False)
        batch_op.create_index('ix_photo_subject', ['subject_kind', 'subject_id'], unique=False)
        batch_op.create_index('ix_photo_waiting', ['state', 'attempts', 'received_at'], unique=False)

    op.create_table('sign_in',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_account_id_account')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_sign_in'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_account_id'), ['account_id'], unique=False)

    op.create_table('visit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=False),
    sa.Column('visit_date', sa.Date(), nullable=False),
    sa.Column('time_in', sa.String(length=5), nullable=True),
    sa.Column('time_out', sa.String(length=5), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('group_name', sa.String(length=200), nullable=True),
    sa.Column('sector', sa.String(length=40), nullable=True),
    sa.Column('origin_subdistrict_code', sa.String(length=8), nullable=True),
    sa.Column('origin_text', sa.String(length=120), nullable=True),
    sa.Column('n_male', sa.Integer(), nullable=False),
    sa.Column('n_female', sa.Integer(), nullable=False),
    sa.Column('n_other', sa.Integer(), nullable=False),
    sa.Column('n_child', sa.Integer(), nullable=False),
    sa.Column('n_total', sa.Integer(), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('trainer', sa.String(length=120), nullable=True),
    sa.Column('satisfaction', sa.Integer(), nullable=True),
    sa.Column('suggestion', sa.Text(), nullable=True),
    sa.Column('consent_followup', sa.Boolean(), nullable=False),
    sa.Column('consent_photo', sa.Boolean(), nullable=False),
    sa.Column('leader_name', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=24), nullable=True),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('next_followup_on', sa.Date(), nullable=True),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('captured_offset_min', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('clock_skew_s', sa.Integer(), nullable=True),
    sa.Column('recorder_id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('fix_age_s', sa.Double(), nullable=True),
    sa.Column('position_source', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('programme_version', sa.String(length=40), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_visit_position_source_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_visit_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_visit_accuracy_not_negative')),
    sa.CheckConstraint('consent_followup OR (phone IS NULL AND leader_name IS NULL)', name=op.f('ck_visit_no_contact_without_consent')),
    sa.CheckConstraint('consent_followup OR next_followup_on IS NULL', name=op.f('ck_visit_no_followup_without_consent')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_visit_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_visit_content_sha256_length')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_visit_lon_range')),
    sa.CheckConstraint('n_child BETWEEN 0 AND n_total', name=op.f('ck_visit_children_among_them')),
    sa.CheckConstraint('n_male >= 0 AND n_female >= 0 AND n_other >= 0', name=op.f('ck_visit_counts_positive')),
    sa.CheckConstraint('n_total = n_male + n_female + n_other', name=op.f('ck_visit_total_is_the_sum')),
    sa.CheckConstraint('n_total > 0', name=op.f('ck_visit_somebody_came')),
    sa.CheckConstraint('satisfaction BETWEEN 1 AND 5', name=op.f('ck_visit_satisfaction_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_visit_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_visit_centre_id_centre')),
    sa.ForeignKeyConstraint(['origin_subdistrict_code'], ['area.code'], name=op.f('fk_visit_origin_subdistrict_code_area')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_visit_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index('ix_visit_book', ['centre_id', 'visit_date', 'id'], unique=False)
        batch_op.create_index('ix_visit_day', ['visit_date', 'id'], unique=False)
        batch_op.create_index('ix_visit_due', ['next_followup_on', 'id'], unique=False)

    op.create_table('followup',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=False),
    sa.Column('step_months', sa.Integer(), nullable=True),
    sa.Column('followed_on', sa.Date(), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('used', sa.String(length=12), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('outcomes', sa.JSON(), nullable=False),
    sa.Column('plot_rai', sa.Numeric(precision=8, scale=2), nullable=True),
    sa.Column('baht_saved_month', sa.Integer(), nullable=True),
    sa.Column('baht_earned_month', sa.Integer(), nullable=True),
    sa.Column('passed_on_to', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('next_step', sa.Text(), nullable=True),
    sa.Column('next_due_on', sa.Date(), nullable=True),
    sa.Column('n_followed', sa.Integer(), nullable=False),
    sa.Column('n_used', sa.Integer(), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('deleted_reason', sa.String(length=300), nullable=True),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('captured_offset_min', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('clock_skew_s', sa.Integer(), nullable=True),
    sa.Column('recorder_id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('fix_age_s', sa.Double(), nullable=True),
    sa.Column('position_source', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('programme_version', sa.String(length=40), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(used = 'unreachable') = (n_followed = 0)", name=op.f('ck_followup_reached_or_not')),
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_followup_position_source_known')),
    sa.CheckConstraint("used IN ('used','starting','not_yet','unreachable')", name=op.f('ck_followup_used_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_followup_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_followup_accuracy_not_negative')),
    sa.CheckConstraint('baht_saved_month >= 0 AND baht_earned_month >= 0', name=op.f('ck_followup_baht_positive')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_followup_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_followup_content_sha256_length')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_followup_lon_range')),
    sa.CheckConstraint('n_used BETWEEN 0 AND n_followed', name=op.f('ck_followup_used_among_followed')),
    sa.CheckConstraint('passed_on_to >= 0', name=op.f('ck_followup_passed_on_positive')),
    sa.CheckConstraint('plot_rai >= 0', name=op.f('ck_followup_plot_positive')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_followup_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_followup_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_followup_recorder_id_account')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_followup_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_followup'))
    )
    with op.batch_alter_table('followup', schema=None) as batch_op:
        batch_op.create_index('ix_followup_centre', ['centre_id', 'followed_on', 'id'], unique=False)
        batch_op.create_index('ix_followup_day', ['followed_on', 'id'], unique=False)
        batch_op.create_index('ix_followup_visit', ['visit_id', 'followed_on', 'id'], unique=False)

    op.create_table('visit_revision',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('action', sa.String(length=12), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_visit_revision_made_by_account')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_revision_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', 'version', name=op.f('pk_visit_revision'))
    )
    with op.batch_alter_table('visit_revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_revision_content_sha256'), ['content_sha256'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('visit_revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_revision_content_sha256'))

    op.drop_table('visit_revision')
    with op.batch_alter_table('followup', schema=None) as batch_op:
        batch_op.drop_index('ix_followup_visit')
        batch_op.drop_index('ix_followup_day')
        batch_op.drop_index('ix_followup_centre')

    op.drop_table('followup')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index('ix_visit_due')
        batch_op.drop_index('ix_visit_day')
        batch_op.drop_index('ix_visit_book')

    op.drop_table('visit')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_account_id'))

    op.drop_table('sign_in')
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_waiting')
        batch_op.drop_index('ix_photo_subject')
        batch_op.drop_index('ix_photo_original')
        batch_op.drop_index('ix_photo_newest')
        batch_op.drop_index('ix_photo_centre')

    op.drop_table('photo')
    with op.batch_alter_table('packet', schema=None) as batch_op:
        batch_op.drop_index('ix_packet_waiting')
        batch_op.drop_index(batch_op.f('ix_packet_sha256'))
        batch_op.drop_index('ix_packet_newest')

    op.drop_table('packet')
    op.drop_table('account')
    with op.batch_alter_table('centre', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_centre_subdistrict_code'))

    op.drop_table('centre')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entry_object')

    op.drop_table('audit_entry')
    op.drop_table('area')
