-- What every service's database has.

-- Whose rows this transaction may see. A pooled connection reads '' after a
-- commit, not NULL, and '*' stands for every tenant.
CREATE FUNCTION scope_tenant() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(NULLIF(current_setting('relevo.tenant', true), ''), '*')::uuid;

CREATE FUNCTION scope_is_every_tenant() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('relevo.tenant', true) = '*';

CREATE FUNCTION scope_vendor() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('relevo.vendor', true), '')::uuid;

CREATE FUNCTION scope_subject() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('relevo.subject', true), '');

-- A tenant's rows: seen by that tenant, by the operator and the platform in
-- their scope, and by no vendor.
CREATE PROCEDURE isolate(name regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO relevo_tenant, relevo_operator, relevo_worker', name);
    EXECUTE format('GRANT DELETE ON %s TO relevo_worker', name);
    EXECUTE format('CREATE POLICY tenant ON %s TO relevo_tenant USING (tenant_id = scope_tenant())', name);
    EXECUTE format('CREATE POLICY operator ON %s TO relevo_operator, relevo_worker USING (scope_is_every_tenant() OR tenant_id = scope_tenant())', name);
END
$$;

-- A tenant's rows that are none of its business, such as what a vendor costs.
CREATE PROCEDURE isolate_from_tenant(name regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    CALL isolate(name);
    EXECUTE format('DROP POLICY tenant ON %s', name);
    EXECUTE format('REVOKE ALL ON %s FROM relevo_tenant', name);
END
$$;

-- Rows that a vendor may read as well, where its id stands in vendor_id and
-- `disclosed` holds. It never writes: what it does is checked in its own scope
-- and carried out in the platform's.
CREATE PROCEDURE disclose(name regclass, disclosed text)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT SELECT ON %s TO relevo_vendor', name);
    EXECUTE format('CREATE POLICY vendor ON %s FOR SELECT TO relevo_vendor USING (vendor_id = scope_vendor() AND (%s))', name, disclosed);
END
$$;

-- The operator's own rows, of no tenant.
CREATE PROCEDURE keep_for_operator(name regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO relevo_operator, relevo_worker', name);
    EXECUTE format('GRANT DELETE ON %s TO relevo_worker', name);
    EXECUTE format('CREATE POLICY operator ON %s TO relevo_operator, relevo_worker USING (true)', name);
END
$$;

-- News that waits to be published, in the order of its making.
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (seq) WHERE published_at IS NULL;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT INSERT ON outbox TO relevo_tenant, relevo_operator, relevo_vendor;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO relevo_worker;
CREATE POLICY tenant ON outbox FOR INSERT TO relevo_tenant WITH CHECK (tenant_id = scope_tenant());
CREATE POLICY anyone ON outbox FOR INSERT TO relevo_operator, relevo_vendor WITH CHECK (true);
CREATE POLICY relay ON outbox TO relevo_worker USING (true);

-- What was heard already.
CREATE TABLE inbox (
    id uuid PRIMARY KEY,
    heard_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON inbox TO relevo_worker;
CREATE POLICY worker ON inbox TO relevo_worker USING (true);

-- What was heard and could not be taken in, with the reason.
CREATE TABLE dead_letters (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    reason text NOT NULL,
    deliveries bigint NOT NULL,
    died_at timestamptz NOT NULL DEFAULT now(),
    replayed_at timestamptz
);
CALL keep_for_operator('dead_letters');

-- What was answered to whom: a request that comes twice has its effect once.
CREATE TABLE requests (
    subject text NOT NULL,
    request_id text NOT NULL,
    method text NOT NULL,
    digest bytea NOT NULL,
    answer bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT requests_once PRIMARY KEY (subject, request_id)
);
ALTER TABLE requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON requests TO relevo_tenant, relevo_operator, relevo_vendor, relevo_worker;
GRANT DELETE ON requests TO relevo_worker;
CREATE POLICY own ON requests TO relevo_tenant, relevo_operator, relevo_vendor, relevo_worker USING (subject = scope_subject());

-- No party may read what a table says of another by way of its functions.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO relevo_tenant, relevo_operator, relevo_vendor, relevo_worker;
