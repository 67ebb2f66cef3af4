-- The parties, as Postgres knows them. None of them owns a table, none may
-- pass by a policy, and none may log in.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['relevo_owner', 'relevo_tenant', 'relevo_operator', 'relevo_vendor', 'relevo_worker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS NOSUPERUSER', role);
        END IF;
    END LOOP;
END
$$;
