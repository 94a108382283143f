"""The rows that `millions` fills a PostgreSQL database with, made there: no row passes Python.

Centre, day, kind and what is due are spread by steps that share no factor, so that none of them
tells anything of another.
"""

# ruff: noqa: S608 - every piece of these statements stands in this file

from __future__ import annotations

DAYS = 1_461  # four years, up to today
FIRST_DAY = f"(current_date - {DAYS - 1})"
_CAPTURED = (
    "captured_at, captured_offset_min, received_at, recorder_id, position_source, version, "
    "content_sha256, programme_version"
)
_WHEN = f"{FIRST_DAY}::timestamptz + n * interval '25 seconds'"
_CAPTURE = (
    f"{_WHEN}, 420, {_WHEN}, (SELECT id FROM account WHERE username = 'officer'), 'none', 1, "
    "md5(n::text) || md5(n::text), 'khok_nong_na_2567.1'"
)
VISITS = f"""
INSERT INTO visit (id, centre_id, visit_date, kind, group_name, n_male, n_female, n_other, n_child,
    n_total, topics, consent_followup, consent_photo, search_key, next_followup_on, leader_name,
    phone, {_CAPTURED})
SELECT gen_random_uuid(), c.ids[1 + n::bigint * 7919 % array_length(c.ids, 1)],
    {FIRST_DAY} + (n::bigint * 6373 % {DAYS})::int,
    (array['study','training','activity','private','inspection','purchase'])[1 + n / 7 % 6],
    'โรงเรียนที่ ' || n, 20, 22, 0, 20, 42, '["mulch"]', n / 11 % 5 = 0, false,
    'โรงเรียนที่ ' || n || CASE WHEN n / 13 % 1000 = 0 THEN ' ต้นกล้า' ELSE '' END,
    CASE WHEN n / 11 % 50 = 0 THEN current_date - 45 + (n % 120)::int END,
    CASE WHEN n / 11 % 5 = 0 THEN 'ครูสมศรี ' || n END,
    CASE WHEN n / 11 % 5 = 0 THEN '08' || lpad(n::text, 8, '0') END, {_CAPTURE}
FROM generate_series(:first + 1, :last) AS n,
    (SELECT array_agg(id ORDER BY code) AS ids FROM centre) AS c
"""
_SOME = "(SELECT id, centre_id, visit_date, row_number() OVER () AS n FROM visit) AS v"
FOLLOWUPS = f"""
INSERT INTO followup (id, visit_id, centre_id, followed_on, method, used, n_followed, n_used,
    topics, outcomes, search_key, {_CAPTURED})
SELECT gen_random_uuid(), v.id, v.centre_id, v.visit_date + 30, 'phone', 'used', 42, 30,
    '[]', '[]', '', {_CAPTURE}
FROM {_SOME} WHERE v.n % 10 = 0
"""
_DIGEST = "md5(v.n::text) || md5(v.id::text)"
PHOTOS = f"""
INSERT INTO photo (id, centre_id, subject_kind, subject_id, source, state, original_sha256,
    media_type, size_bytes, attempts, day, view_sha256, thumb_sha256, recipe, state_since,
    taken_source, orientation, band, flags, examined_at, {_CAPTURED})
SELECT gen_random_uuid(), v.centre_id, 'visit', v.id, 'camera', 'processed', {_DIGEST},
    'jpeg', 1000000, 1, v.visit_date, {_DIGEST}, {_DIGEST}, 2, now(),
    'none', 1, 'inside', '[]', now(), {_CAPTURE}
FROM {_SOME} WHERE v.n % 5 = 0
"""
