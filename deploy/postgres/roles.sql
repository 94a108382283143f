-- Who may do what in the database.  Run it as superuser, connected to Lakthan's own database, before
-- the first `flask db upgrade` and once more after every one; again is harmless.
--
--   lakthan_owner   owns the tables: `flask db upgrade`, `flask restore`
--   lakthan_app     web, clock, workers of photos and packets: reads and writes rows, changes no table
--   lakthan_upkeep  the worker of upkeep: the same, and may write tables anew after a forgetting
--   lakthan_backup  `flask backup`: reads
--
-- Passwords are set apart (deploy/postgres/passwords.sh): none stands in a file of the program.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['lakthan_owner', 'lakthan_app', 'lakthan_upkeep', 'lakthan_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), wanted);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('ALTER DATABASE %I OWNER TO lakthan_owner', current_database());
END
$$;

ALTER SCHEMA public OWNER TO lakthan_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO lakthan_app, lakthan_upkeep, lakthan_backup;

GRANT lakthan_app TO lakthan_upkeep;

-- Rows, not tables: no TRUNCATE, no REFERENCES, no TRIGGER.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO lakthan_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO lakthan_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lakthan_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lakthan_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lakthan_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO lakthan_app;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO lakthan_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO lakthan_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE lakthan_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO lakthan_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE lakthan_owner IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO lakthan_backup;

DO $$
BEGIN
    -- The log of who did what is only ever added to and sealed; its triggers say so, and whoever
    -- may not change the table cannot take them away.
    IF to_regclass('public.audit_entry') IS NOT NULL THEN
        REVOKE DELETE ON public.audit_entry FROM lakthan_app;
    END IF;
    IF to_regclass('public.alembic_version') IS NOT NULL THEN
        REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM lakthan_app;
    END IF;
    -- What was forgotten leaves the disk by VACUUM FULL.  From PostgreSQL 17 on that is a right of
    -- its own; before, only the tables' owner has it, so the one worker is given the owner's.
    IF current_setting('server_version_num')::int >= 170000 THEN
        EXECUTE 'GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO lakthan_upkeep';
        EXECUTE 'GRANT MAINTAIN ON pg_catalog.pg_statistic TO lakthan_upkeep';
        EXECUTE 'ALTER DEFAULT PRIVILEGES FOR ROLE lakthan_owner IN SCHEMA public'
            ' GRANT MAINTAIN ON TABLES TO lakthan_upkeep';
    ELSE
        GRANT lakthan_owner TO lakthan_upkeep;
    END IF;
END
$$;
