"""the letter's whole cycle

Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from app.photos import record_triggers
from app.visits import tally_triggers, word_index

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# From these PostgreSQL counts without reading the rows.
COVERED = {
    'ix_visit_due': ('visit', ['next_followup_on', 'id'], ['centre_id', 'deleted_at']),
    'ix_followup_day': ('followup', ['followed_on', 'id'], ['centre_id', 'deleted_at']),
    'ix_photo_newest': ('photo', ['day', 'id'], ['centre_id', 'state', 'deleted_at', 'record_gone']),
}

_KIND_COLUMNS = (('held_item', 'kind'), ('capture_proof', 'record_kind'))


def upgrade() -> None:
    op.create_table('visit_tally',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('visits', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('male', sa.Integer(), nullable=False),
    sa.Column('female', sa.Integer(), nullable=False),
    sa.Column('other', sa.Integer(), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.Column('folded', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_visit_tally_centre_id_centre')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_tally'))
    )
    with op.batch_alter_table('visit_tally', schema=None) as batch_op:
        batch_op.create_index('ix_visit_tally_sum', ['month', 'centre_id', 'kind'], unique=False)
        batch_op.create_index('ix_visit_tally_fresh', ['id'], unique=False, sqlite_where=sa.text('folded = 0'), postgresql_where=sa.text('NOT folded'))

    dialect = op.get_bind().dialect.name
    if dialect == 'postgresql':
        op.execute(word_index.MAKE)
    for statement in (tally_triggers.FILL[dialect], *tally_triggers.MAKE[dialect]):
        op.execute(sa.text(statement))

    op.create_table('activity',
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('sides', sa.JSON(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.String(length=200), nullable=True),
    sa.Column('partners', sa.JSON(), nullable=False),
    sa.Column('n_male', sa.Integer(), nullable=False),
    sa.Column('n_female', sa.Integer(), nullable=False),
    sa.Column('n_youth', sa.Integer(), nullable=False),
    sa.Column('n_total', sa.Integer(), nullable=False),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('problems', sa.Text(), nullable=True),
    sa.Column('plan_item_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
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
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_activity_position_source_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_activity_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_activity_accuracy_not_negative')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_activity_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_activity_content_sha256_length')),
    sa.CheckConstraint('length(district_code) = 4', name=op.f('ck_activity_district_is_a_code')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_activity_lon_range')),
    sa.CheckConstraint('n_male >= 0 AND n_female >= 0 AND n_youth >= 0', name=op.f('ck_activity_counts_positive')),
    sa.CheckConstraint('n_total = n_male + n_female', name=op.f('ck_activity_total_is_the_sum')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_activity_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_activity_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_activity_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity'))
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index('ix_activity_centre', ['centre_id', 'held_on', 'id'], unique=False)
        batch_op.create_index('ix_activity_district', ['district_code', 'held_on', 'id'], unique=False)

    op.create_table('assessment',
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('assessor', sa.String(length=200), nullable=False),
    sa.Column('co_assessors', sa.Text(), nullable=True),
    sa.Column('scores', sa.JSON(), nullable=False),
    sa.Column('problems', sa.Text(), nullable=True),
    sa.Column('needs', sa.Text(), nullable=True),
    sa.Column('strategies', sa.JSON(), nullable=False),
    sa.Column('target_grade', sa.String(length=20), nullable=True),
    sa.Column('proposed_grade', sa.String(length=20), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Double(), nullable=False),
    sa.Column('sides', sa.JSON(), nullable=False),
    sa.Column('computed_grade', sa.String(length=20), nullable=False),
    sa.Column('decided_grade', sa.String(length=20), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
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
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_assessment_position_source_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_assessment_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_assessment_accuracy_not_negative')),
    sa.CheckConstraint('centre_id IS NOT NULL', name=op.f('ck_assessment_of_a_centre')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_assessment_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_assessment_content_sha256_length')),
    sa.CheckConstraint('length(district_code) = 4', name=op.f('ck_assessment_district_is_a_code')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_assessment_lon_range')),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_assessment_percent_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_assessment_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_assessment_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_assessment_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index('ix_assessment_centre', ['centre_id', 'assessed_on', 'id'], unique=False)
        batch_op.create_index('ix_assessment_district', ['district_code', 'assessed_on', 'id'], unique=False)

    op.create_table('document',
    sa.Column('dated_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('subject_kind', sa.String(length=20), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=True),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('file_bytes', sa.Integer(), nullable=False),
    sa.Column('file_type', sa.String(length=100), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('file_received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
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
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_document_position_source_known')),
    sa.CheckConstraint("state IN ('awaited', 'received')", name=op.f('ck_document_state_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_document_position_whole')),
    sa.CheckConstraint('(subject_kind IS NULL) = (subject_id IS NULL)', name=op.f('ck_document_subject_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_document_accuracy_not_negative')),
    sa.CheckConstraint('file_bytes > 0', name=op.f('ck_document_file_bytes_positive')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_document_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_document_content_sha256_length')),
    sa.CheckConstraint('length(district_code) = 4', name=op.f('ck_document_district_is_a_code')),
    sa.CheckConstraint('length(file_sha256) = 64', name=op.f('ck_document_file_sha256_length')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_document_lon_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_document_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_document_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_document_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index('ix_document_centre', ['centre_id', 'dated_on', 'id'], unique=False)
        batch_op.create_index('ix_document_district', ['district_code', 'dated_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_file_sha256'), ['file_sha256'], unique=False)
        batch_op.create_index('ix_document_subject', ['subject_id'], unique=False)

    op.create_table('network_order',
    sa.Column('dated_on', sa.Date(), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('order_no', sa.String(length=60), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('members', sa.JSON(), nullable=False),
    sa.Column('sectors', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
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
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_network_order_position_source_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_network_order_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_network_order_accuracy_not_negative')),
    sa.CheckConstraint('centre_id IS NULL', name=op.f('ck_network_order_of_a_district')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_network_order_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_network_order_content_sha256_length')),
    sa.CheckConstraint('length(district_code) = 4', name=op.f('ck_network_order_district_is_a_code')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_network_order_lon_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_network_order_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_network_order_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_network_order_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_order'))
    )
    with op.batch_alter_table('network_order', schema=None) as batch_op:
        batch_op.create_index('ix_network_order_centre', ['centre_id', 'dated_on', 'id'], unique=False)
        batch_op.create_index('ix_network_order_district', ['district_code', 'dated_on', 'id'], unique=False)

    op.create_table('plan_item',
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=20), nullable=False),
    sa.Column('strategy', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('target', sa.String(length=300), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('budget_baht', sa.Integer(), nullable=False),
    sa.Column('budget_source', sa.String(length=20), nullable=False),
    sa.Column('responsible', sa.String(length=200), nullable=False),
    sa.Column('partners', sa.JSON(), nullable=False),
    sa.Column('carried_from', sa.Uuid(), nullable=True),
    sa.Column('dropped_reason', sa.String(length=300), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
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
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_plan_item_position_source_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_plan_item_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_plan_item_accuracy_not_negative')),
    sa.CheckConstraint('budget_baht >= 0', name=op.f('ck_plan_item_budget_positive')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_plan_item_ends_after_start')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_plan_item_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_plan_item_content_sha256_length')),
    sa.CheckConstraint('length(district_code) = 4', name=op.f('ck_plan_item_district_is_a_code')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_plan_item_lon_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_plan_item_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_plan_item_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_plan_item_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_item'))
    )
    with op.batch_alter_table('plan_item', schema=None) as batch_op:
        batch_op.create_index('ix_plan_item_centre', ['centre_id', 'starts_on', 'id'], unique=False)
        batch_op.create_index('ix_plan_item_district', ['district_code', 'starts_on', 'id'], unique=False)
        batch_op.create_index('ix_plan_item_year', ['district_code', 'fiscal_year'], unique=False)

    op.create_table('post',
    sa.Column('posted_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=1000), nullable=True),
    sa.Column('side', sa.String(length=20), nullable=True),
    sa.Column('read_on', sa.Date(), nullable=True),
    sa.Column('views', sa.Integer(), nullable=True),
    sa.Column('likes', sa.Integer(), nullable=True),
    sa.Column('shares', sa.Integer(), nullable=True),
    sa.Column('screenshot_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
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
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_post_position_source_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_post_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_post_accuracy_not_negative')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_post_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_post_content_sha256_length')),
    sa.CheckConstraint('length(district_code) = 4', name=op.f('ck_post_district_is_a_code')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_post_lon_range')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_post_version_positive')),
    sa.CheckConstraint('views >= 0 AND likes >= 0 AND shares >= 0', name=op.f('ck_post_counts_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_post_centre_id_centre')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_post_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index('ix_post_centre', ['centre_id', 'posted_on', 'id'], unique=False)
        batch_op.create_index('ix_post_district', ['district_code', 'posted_on', 'id'], unique=False)

    op.create_table('programme_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=30), nullable=False),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.CheckConstraint('(published_at IS NULL) = (published_by IS NULL)', name=op.f('ck_programme_version_published_whole')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_programme_version_version_positive')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_programme_version_made_by_account')),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_programme_version_published_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_version'))
    )
    with op.batch_alter_table('programme_version', schema=None) as batch_op:
        batch_op.create_index('ix_programme_version_year', ['fiscal_year', 'published_at'], unique=False)
        batch_op.create_index('uq_programme_version_name', ['key', 'fiscal_year', 'version'], unique=True)

    op.create_table('push_subscription',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('sign_in_sha256', sa.String(length=64), nullable=False),
    sa.Column('endpoint', sa.Text(), nullable=False),
    sa.Column('p256dh', sa.String(length=100), nullable=False),
    sa.Column('auth', sa.String(length=40), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_push_subscription_account_id_account')),
    sa.ForeignKeyConstraint(['sign_in_sha256'], ['sign_in.token_sha256'], name=op.f('fk_push_subscription_sign_in_sha256_sign_in')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_subscription')),
    sa.UniqueConstraint('endpoint', name=op.f('uq_push_subscription_endpoint'))
    )
    with op.batch_alter_table('push_subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_subscription_account_id'), ['account_id'], unique=False)

    op.create_table('quarter_seal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('quarter', sa.String(length=6), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('sealed_by', sa.Uuid(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('unsealed_by', sa.Uuid(), nullable=True),
    sa.Column('unsealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unseal_reason', sa.String(length=300), nullable=True),
    sa.CheckConstraint('(unsealed_at IS NULL) = (unsealed_by IS NULL)', name=op.f('ck_quarter_seal_unsealed_whole')),
    sa.ForeignKeyConstraint(['sealed_by'], ['account.id'], name=op.f('fk_quarter_seal_sealed_by_account')),
    sa.ForeignKeyConstraint(['unsealed_by'], ['account.id'], name=op.f('fk_quarter_seal_unsealed_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarter_seal'))
    )
    with op.batch_alter_table('quarter_seal', schema=None) as batch_op:
        batch_op.create_index('uq_quarter_seal_closed', ['district_code', 'quarter'], unique=True, sqlite_where=sa.text('unsealed_at IS NULL'), postgresql_where=sa.text('unsealed_at IS NULL'))

    op.create_table('record_revision',
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('action', sa.String(length=12), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_record_revision_made_by_account')),
    sa.PrimaryKeyConstraint('record_id', 'version', name=op.f('pk_record_revision'))
    )
    with op.batch_alter_table('record_revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_revision_content_sha256'), ['content_sha256'], unique=False)

    op.create_table('reminder',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('programme', sa.String(length=36), nullable=False),
    sa.Column('occurrence', sa.String(length=40), nullable=False),
    sa.Column('unit_code', sa.String(length=20), nullable=False),
    sa.Column('units', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('days_before', sa.Integer(), nullable=False),
    sa.Column('due_by', sa.Date(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pushed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=40), nullable=True),
    sa.CheckConstraint("kind IN ('due', 'late', 'submitted', 'returned', 'accepted')", name=op.f('ck_reminder_kind_known')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_reminder_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('account_id', 'programme', 'occurrence', 'unit_code', 'kind', 'days_before', 'due_by', 'edition', name='uq_reminder_step')
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index('ix_reminder_inbox', ['account_id', 'made_at', 'id'], unique=False)
        batch_op.create_index('ix_reminder_unread', ['account_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.create_index('ix_reminder_untold', ['account_id'], unique=False, sqlite_where=sa.text('pushed_at IS NULL OR mailed_at IS NULL'), postgresql_where=sa.text('pushed_at IS NULL OR mailed_at IS NULL'))

    op.create_table('reminder_choice',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_on', sa.Date(), nullable=True),
    sa.Column('calendar_turn', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('NOT by_mail OR email IS NOT NULL', name=op.f('ck_reminder_choice_mail_somewhere')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_reminder_choice_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_reminder_choice'))
    )
    op.create_table('submission',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('programme', sa.String(length=36), nullable=False),
    sa.Column('occurrence', sa.String(length=40), nullable=False),
    sa.Column('quarter', sa.String(length=6), nullable=False),
    sa.Column('unit_code', sa.String(length=20), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
    sa.Column('due_by', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('reason_key', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('submitted', 'returned', 'accepted', 'waived')", name=op.f('ck_submission_state_known')),
    sa.CheckConstraint('edition >= 0', name=op.f('ck_submission_edition_counts')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_submission_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_submission_centre_id_centre')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_submission_decided_by_account')),
    sa.ForeignKeyConstraint(['submitted_by'], ['account.id'], name=op.f('fk_submission_submitted_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('programme', 'occurrence', 'unit_code', name='uq_submission_unit')
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index('ix_submission_quarter', ['quarter', 'district_code'], unique=False)
        batch_op.create_index('ix_submission_queue', ['state', 'due_by', 'id'], unique=False)

    op.create_table('grade_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('assessment_version', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_grade_decision_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_grade_decision_decided_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade_decision'))
    )
    with op.batch_alter_table('grade_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grade_decision_assessment_id'), ['assessment_id'], unique=False)

    op.create_table('item_verdict',
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('item_kind', sa.String(length=20), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('item_version', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('reason_key', sa.String(length=20), nullable=True),
    sa.Column('note', sa.String(length=1000), nullable=True),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("verdict IN ('ok', 'return')", name=op.f('ck_item_verdict_verdict_known')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_item_verdict_made_by_account')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_item_verdict_submission_id_submission')),
    sa.PrimaryKeyConstraint('submission_id', 'item_kind', 'item_id', name=op.f('pk_item_verdict'))
    )
    op.create_table('plan_result',
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('reported_on', sa.Date(), nullable=False),
    sa.Column('done_percent', sa.Integer(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('output', sa.Text(), nullable=True),
    sa.Column('spent_baht', sa.Integer(), nullable=False),
    sa.Column('obstacles', sa.Text(), nullable=True),
    sa.Column('suggestions', sa.Text(), nullable=True),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('district_code', sa.String(length=4), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('centre_id', sa.Uuid(), nullable=True),
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
    sa.CheckConstraint("position_source IN ('device', 'exif', 'pin', 'none')", name=op.f('ck_plan_result_position_source_known')),
    sa.CheckConstraint('(lat IS NULL) = (lon IS NULL)', name=op.f('ck_plan_result_position_whole')),
    sa.CheckConstraint('accuracy_m >= 0', name=op.f('ck_plan_result_accuracy_not_negative')),
    sa.CheckConstraint('done_percent BETWEEN 0 AND 100', name=op.f('ck_plan_result_done_percent_range')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_plan_result_lat_range')),
    sa.CheckConstraint('length(content_sha256) = 64', name=op.f('ck_plan_result_content_sha256_length')),
    sa.CheckConstraint('length(district_code) = 4', name=op.f('ck_plan_result_district_is_a_code')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_plan_result_lon_range')),
    sa.CheckConstraint('spent_baht >= 0', name=op.f('ck_plan_result_spent_positive')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_plan_result_version_positive')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_plan_result_centre_id_centre')),
    sa.ForeignKeyConstraint(['item_id'], ['plan_item.id'], name=op.f('fk_plan_result_item_id_plan_item')),
    sa.ForeignKeyConstraint(['recorder_id'], ['account.id'], name=op.f('fk_plan_result_recorder_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_result'))
    )
    with op.batch_alter_table('plan_result', schema=None) as batch_op:
        batch_op.create_index('ix_plan_result_centre', ['centre_id', 'reported_on', 'id'], unique=False)
        batch_op.create_index('ix_plan_result_district', ['district_code', 'reported_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_result_item_id'), ['item_id'], unique=False)

    op.create_table('submission_edition',
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=True),
    sa.Column('sent_by', sa.Uuid(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['sent_by'], ['account.id'], name=op.f('fk_submission_edition_sent_by_account')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_submission_edition_submission_id_submission')),
    sa.PrimaryKeyConstraint('submission_id', 'number', name=op.f('pk_submission_edition'))
    )
    op.create_table('submission_step',
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason_key', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_submission_step_made_by_account')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_submission_step_submission_id_submission')),
    sa.PrimaryKeyConstraint('submission_id', 'number', name=op.f('pk_submission_step'))
    )

    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('centre', 'plot_class', type_=sa.String(length=20))
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_photo_subject_kind_known'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_photo_subject_kind_known'),
            "subject_kind IN ('visit', 'followup', 'activity', 'centre')",
        )
        batch_op.add_column(sa.Column('record_gone', sa.Boolean(), server_default=sa.false(), nullable=False))
    for table, column in _KIND_COLUMNS:  # "network_order" has thirteen letters
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=sa.String(length=12), type_=sa.String(length=20), existing_nullable=False)
    for statement in (*record_triggers.CATCH_UP, *(s for some in record_triggers.MAKE[dialect].values() for s in some)):
        op.execute(sa.text(statement))
    for name, (table, columns, include) in COVERED.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, postgresql_include=include)


def downgrade() -> None:
    for name, (table, columns, _include) in COVERED.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
    # What phones sent of kinds that the older version does not know goes with their tables.
    for table, column in _KIND_COLUMNS:
        op.execute(f"delete from {table} where {column} not in ('visit', 'followup', 'photo', 'contact_seen')")
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=sa.String(length=20), type_=sa.String(length=12), existing_nullable=False)
    for statement in record_triggers.REMOVE[op.get_bind().dialect.name]:
        op.execute(statement)
    # The older version knows no photos of activities: they stay, with their centre.
    op.execute("update photo set subject_kind = 'centre', subject_id = centre_id where subject_kind = 'activity'")
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('centre', 'plot_class', type_=sa.String(length=8), postgresql_using='left(plot_class, 8)')
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_photo_subject_kind_known'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_photo_subject_kind_known'),
            "subject_kind IN ('visit', 'followup', 'centre')",
        )
        batch_op.drop_column('record_gone')

    op.drop_table('submission_step')
    op.drop_table('submission_edition')
    with op.batch_alter_table('plan_result', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_result_item_id'))
        batch_op.drop_index('ix_plan_result_district')
        batch_op.drop_index('ix_plan_result_centre')

    op.drop_table('plan_result')
    op.drop_table('item_verdict')
    with op.batch_alter_table('grade_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grade_decision_assessment_id'))

    op.drop_table('grade_decision')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index('ix_submission_queue')
        batch_op.drop_index('ix_submission_quarter')

    op.drop_table('submission')
    op.drop_table('reminder_choice')
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.drop_index('ix_reminder_untold', sqlite_where=sa.text('pushed_at IS NULL OR mailed_at IS NULL'), postgresql_where=sa.text('pushed_at IS NULL OR mailed_at IS NULL'))
        batch_op.drop_index('ix_reminder_unread', sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.drop_index('ix_reminder_inbox')

    op.drop_table('reminder')
    with op.batch_alter_table('record_revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_record_revision_content_sha256'))

    op.drop_table('record_revision')
    with op.batch_alter_table('quarter_seal', schema=None) as batch_op:
        batch_op.drop_index('uq_quarter_seal_closed', sqlite_where=sa.text('unsealed_at IS NULL'), postgresql_where=sa.text('unsealed_at IS NULL'))

    op.drop_table('quarter_seal')
    with op.batch_alter_table('push_subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_push_subscription_account_id'))

    op.drop_table('push_subscription')
    with op.batch_alter_table('programme_version', schema=None) as batch_op:
        batch_op.drop_index('uq_programme_version_name')
        batch_op.drop_index('ix_programme_version_year')

    op.drop_table('programme_version')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index('ix_post_district')
        batch_op.drop_index('ix_post_centre')

    op.drop_table('post')
    with op.batch_alter_table('plan_item', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_item_year')
        batch_op.drop_index('ix_plan_item_district')
        batch_op.drop_index('ix_plan_item_centre')

    op.drop_table('plan_item')
    with op.batch_alter_table('network_order', schema=None) as batch_op:
        batch_op.drop_index('ix_network_order_district')
        batch_op.drop_index('ix_network_order_centre')

    op.drop_table('network_order')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index('ix_document_subject')
        batch_op.drop_index(batch_op.f('ix_document_file_sha256'))
        batch_op.drop_index('ix_document_district')
        batch_op.drop_index('ix_document_centre')

    op.drop_table('document')
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_index('ix_assessment_district')
        batch_op.drop_index('ix_assessment_centre')

    op.drop_table('assessment')
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_index('ix_activity_district')
        batch_op.drop_index('ix_activity_centre')

    op.drop_table('activity')
    op.execute(word_index.REMOVE)
    for statement in tally_triggers.REMOVE[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table('visit_tally', schema=None) as batch_op:
        batch_op.drop_index('ix_visit_tally_fresh')
        batch_op.drop_index('ix_visit_tally_sum')

    op.drop_table('visit_tally')
