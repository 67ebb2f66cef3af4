-- Who is who.

-- A tenant is its own tenant: the first row under its own policy.
CREATE TABLE tenants (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    display_name text NOT NULL,
    zone text NOT NULL,
    currency text NOT NULL,
    tax_number text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT tenants_are_their_own CHECK (tenant_id = id)
);
CREATE UNIQUE INDEX tenants_by_id ON tenants (id);
CALL isolate('tenants');

CREATE TABLE sites (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    display_name text NOT NULL,
    address text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    zone text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT sites_of_a_known_tenant FOREIGN KEY (tenant_id, tenant_id) REFERENCES tenants (tenant_id, id)
);
CREATE UNIQUE INDEX sites_by_id ON sites (id);
CALL isolate('sites');

CREATE TABLE contacts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    display_name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    site_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT contacts_of_a_known_tenant FOREIGN KEY (tenant_id, tenant_id) REFERENCES tenants (tenant_id, id),
    CONSTRAINT contacts_at_a_known_site FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id)
);
CREATE UNIQUE INDEX contacts_by_id ON contacts (id);
CALL isolate('contacts');

CREATE TABLE staff (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    display_name text NOT NULL,
    email text NOT NULL,
    roles text[] NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT staff_have_a_role CHECK (cardinality(roles) > 0)
);
CALL keep_for_operator('staff');

CREATE TABLE vendors (
    vendor_id uuid GENERATED ALWAYS AS (id) STORED,
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    display_name text NOT NULL,
    email text NOT NULL,
    created_at timestamptz NOT NULL
);
CALL keep_for_operator('vendors');
CALL disclose('vendors', 'true');

-- Keys of machines: only the hash is kept.
CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    display_name text NOT NULL,
    digest bytea NOT NULL,
    subject text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT api_keys_are_unique UNIQUE (digest)
);
CALL keep_for_operator('api_keys');

-- What tokens are signed with; the seed is sealed with the deployment's key.
CREATE TABLE signing_keys (
    id text PRIMARY KEY,
    public_key text NOT NULL,
    sealed_seed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- Signs no more; verifies until the last token signed with it has expired.
    retired_at timestamptz
);
CREATE UNIQUE INDEX signing_keys_one_signs ON signing_keys ((retired_at IS NULL)) WHERE retired_at IS NULL;
CALL keep_for_operator('signing_keys');
