"""Finding words in millions of entries on PostgreSQL: an index of three-letter pieces (pg_trgm).

Without it a word that nobody wrote is looked for in every entry: 20 s at five million.  Where the
extension may not be made or is not installed, all works as before, only slower.  SQLite reads
its entries, which are fewer.  Applied by migration 0005 and to tables made from the models.
"""

NAME = "ix_visit_words"
MAKE = f"""
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX {NAME} ON visit USING gin (search_key gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm cannot be used here: searching for words will read the whole book';
END $$
"""
REMOVE = f"DROP INDEX IF EXISTS {NAME}"
