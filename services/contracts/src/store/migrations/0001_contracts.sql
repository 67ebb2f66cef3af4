-- What was promised to clients, by whom it is delivered, and the clocks that
-- keep the promise.

-- Tenants, as the directory told of them.
CREATE TABLE tenants (
    tenant_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    zone text NOT NULL,
    currency text NOT NULL
);
CALL isolate_from_tenant('tenants');

-- Calendars, policies and underpinning contracts are never changed.
CREATE TABLE calendars (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    display_name text NOT NULL,
    zone text NOT NULL,
    week jsonb NOT NULL,
    exceptions jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CALL keep_for_operator('calendars');

CREATE TABLE sla_policies (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    display_name text NOT NULL,
    targets jsonb NOT NULL,
    pause_reasons jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CALL keep_for_operator('sla_policies');

CREATE TABLE underpinning_contracts (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    vendor_id uuid NOT NULL,
    display_name text NOT NULL,
    calendar_id uuid NOT NULL,
    acceptance_seconds bigint NOT NULL,
    work_seconds bigint NOT NULL,
    rates jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT underpinning_contracts_of_a_known_calendar FOREIGN KEY (calendar_id) REFERENCES calendars (id)
);
CREATE INDEX underpinning_contracts_of_vendor ON underpinning_contracts (vendor_id, id DESC);
CALL keep_for_operator('underpinning_contracts');
CALL disclose('underpinning_contracts', 'true');
REVOKE INSERT, UPDATE ON underpinning_contracts FROM relevo_vendor;
REVOKE UPDATE ON calendars, sla_policies, underpinning_contracts FROM relevo_operator, relevo_worker;

CREATE TABLE contracts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    display_name text NOT NULL,
    state text NOT NULL,
    start_on date NOT NULL,
    end_on date,
    currency text NOT NULL,
    sla_policy_id uuid NOT NULL,
    calendar_id uuid NOT NULL,
    services text[] NOT NULL,
    deliveries jsonb NOT NULL,
    lines jsonb NOT NULL,
    tax_percent numeric NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT contracts_of_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    CONSTRAINT contracts_of_a_known_policy FOREIGN KEY (sla_policy_id) REFERENCES sla_policies (id),
    CONSTRAINT contracts_of_a_known_calendar FOREIGN KEY (calendar_id) REFERENCES calendars (id),
    CONSTRAINT contracts_end_after_they_start CHECK (end_on > start_on)
);
CREATE UNIQUE INDEX contracts_by_id ON contracts (id);
CREATE INDEX contracts_active ON contracts (tenant_id) WHERE state = 'ACTIVE';
CALL isolate('contracts');
REVOKE INSERT, UPDATE ON contracts FROM relevo_tenant;

-- How many seats a line has from a day on.
CREATE TABLE seat_counts (
    tenant_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    line text NOT NULL,
    effective_on date NOT NULL,
    seats integer NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, contract_id, line, effective_on),
    CONSTRAINT seat_counts_of_a_contract FOREIGN KEY (tenant_id, contract_id) REFERENCES contracts (tenant_id, id),
    CONSTRAINT seat_counts_are_not_negative CHECK (seats >= 0)
);
CALL isolate('seat_counts');
REVOKE INSERT, UPDATE ON seat_counts FROM relevo_tenant;

-- What a contract says of a ticket. Decided once.
CREATE TABLE entitlements (
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    decision text NOT NULL,
    contract_id uuid,
    sla_policy_id uuid,
    reason text NOT NULL,
    deliveries jsonb NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id),
    CONSTRAINT entitlements_under_a_contract FOREIGN KEY (tenant_id, contract_id) REFERENCES contracts (tenant_id, id)
);
CREATE UNIQUE INDEX entitlements_by_ticket ON entitlements (ticket_id);
CALL isolate('entitlements');
REVOKE INSERT, UPDATE ON entitlements FROM relevo_tenant;
REVOKE UPDATE ON entitlements FROM relevo_operator, relevo_worker;

-- What happened to tickets, in the order of its arrival or in any other.
CREATE TABLE entries (
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    source_id uuid NOT NULL,
    version bigint NOT NULL,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL,
    fact jsonb NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, source_id, version, kind)
);
CALL isolate('entries');
REVOKE INSERT, UPDATE ON entries FROM relevo_tenant;
REVOKE UPDATE ON entries FROM relevo_operator, relevo_worker;
-- What passes between the operator and its vendors is not the client's.
CREATE POLICY none_of_the_tenants ON entries AS RESTRICTIVE TO relevo_tenant USING (NOT fact ? 'handoff');

-- Derived from the entries, and derived again with each of them.
CREATE TABLE clocks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    kind text NOT NULL,
    metric text NOT NULL,
    handoff_id uuid,
    vendor_id uuid,
    priority text NOT NULL,
    promise_id uuid NOT NULL,
    calendar_id uuid NOT NULL,
    target_seconds bigint NOT NULL,
    state text NOT NULL,
    started_at timestamptz NOT NULL,
    consumed_micros bigint NOT NULL,
    running_since timestamptz,
    due_at timestamptz,
    stopped_at timestamptz,
    breached_at timestamptz,
    late_reclassification boolean NOT NULL,
    void_reason text NOT NULL,
    met_told boolean NOT NULL,
    missed_told boolean NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT clocks_one_per_promise UNIQUE NULLS NOT DISTINCT (tenant_id, ticket_id, kind, metric, handoff_id),
    CONSTRAINT clocks_paused_have_no_deadline CHECK (state <> 'PAUSED' OR due_at IS NULL),
    CONSTRAINT clocks_missed_at_an_instant CHECK (state <> 'MISSED' OR breached_at IS NOT NULL)
);
CREATE UNIQUE INDEX clocks_by_id ON clocks (id);
CREATE INDEX clocks_of_ticket ON clocks (ticket_id);
-- The timer: what ticks, by when it is due. A paused clock is not in it.
CREATE INDEX clocks_due ON clocks (due_at) WHERE state = 'RUNNING';
CALL isolate('clocks');
REVOKE INSERT, UPDATE ON clocks FROM relevo_tenant;
-- What was agreed with teams and vendors is not the client's.
CREATE POLICY promised_to_the_tenant ON clocks AS RESTRICTIVE TO relevo_tenant USING (kind = 'SLA');
