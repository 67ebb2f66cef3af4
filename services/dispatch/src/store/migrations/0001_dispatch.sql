-- Who goes where, and when.

-- An equality inside an exclusion constraint needs it; it is a trusted
-- extension, so the owner of the database may make it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE technicians (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    staff_id uuid NOT NULL,
    display_name text NOT NULL,
    skills text[] NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    zone text NOT NULL,
    hours jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT technicians_are_one_per_staff UNIQUE (staff_id)
);
CALL keep_for_operator('technicians');

-- What the directory told of them.
CREATE TABLE sites (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    zone text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX sites_by_id ON sites (id);
CALL isolate('sites');

CREATE TABLE visits (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    ticket_id uuid NOT NULL,
    site_id uuid NOT NULL,
    contract_id uuid,
    purpose text NOT NULL,
    duration_minutes integer NOT NULL,
    skills text[] NOT NULL,
    priority text NOT NULL,
    state text NOT NULL,
    technician_id uuid,
    start_at timestamptz,
    end_at timestamptz,
    -- What the client was told last: the plan is news only where it differs.
    promised_technician_id uuid,
    promised_start_at timestamptz,
    requested_at timestamptz NOT NULL,
    published_at timestamptz,
    travelled_at timestamptz,
    arrived_at timestamptz,
    completed_at timestamptz,
    outcome text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT visits_at_a_known_site FOREIGN KEY (tenant_id, site_id) REFERENCES sites (tenant_id, id),
    CONSTRAINT visits_of_a_known_technician FOREIGN KEY (technician_id) REFERENCES technicians (id),
    CONSTRAINT visits_take_time CHECK (duration_minutes > 0),
    CONSTRAINT visits_are_planned_as_a_whole CHECK (num_nulls(technician_id, start_at, end_at) IN (0, 3)),
    CONSTRAINT visits_end_after_they_start CHECK (end_at > start_at),
    CONSTRAINT visits_committed_are_planned CHECK (
        technician_id IS NOT NULL OR state IN ('REQUESTED', 'CANCELLED')
    ),
    -- Across tenants: a technician has one body.
    CONSTRAINT visits_one_place_at_a_time EXCLUDE USING gist (
        technician_id WITH =, tstzrange(start_at, end_at) WITH &&
    ) WHERE (state IN ('PLANNED', 'PROMISED', 'EN_ROUTE', 'ON_SITE'))
);
CREATE UNIQUE INDEX visits_by_id ON visits (id);
CREATE INDEX visits_by_ticket ON visits (ticket_id);
CREATE INDEX visits_by_technician ON visits (technician_id, id);
CREATE INDEX visits_committed ON visits (start_at) WHERE state IN ('PLANNED', 'PROMISED', 'EN_ROUTE', 'ON_SITE');
CALL isolate('visits');
-- Nobody but the operator and the platform moves a visit.
REVOKE INSERT, UPDATE ON sites, visits FROM relevo_tenant;
