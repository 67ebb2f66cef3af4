-- Tickets, the conversation about them, the work on them, and their way
-- through the tiers. The numbers of states and the like are those of the proto.

-- The last number given out, per tenant.
CREATE TABLE counters (
    tenant_id uuid PRIMARY KEY,
    last bigint NOT NULL
);
CALL isolate('counters');

CREATE TABLE tickets (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    number bigint NOT NULL,
    kind integer NOT NULL,
    state integer NOT NULL,
    wait_reasons integer[] NOT NULL,
    subject text NOT NULL,
    description text NOT NULL,
    impact integer NOT NULL,
    urgency integer NOT NULL,
    priority integer NOT NULL,
    channel integer NOT NULL,
    contact_id uuid,
    site_id uuid,
    service text NOT NULL,
    queue text NOT NULL,
    was_queued boolean NOT NULL,
    assignee_id uuid,
    tier integer NOT NULL,
    reassignment_count integer NOT NULL,
    reopen_count integer NOT NULL,
    handoff_count integer NOT NULL,
    handoff_id uuid,
    solution text NOT NULL,
    entitlement jsonb,
    opened_at timestamptz NOT NULL,
    first_responded_at timestamptz,
    resolved_at timestamptz,
    closed_at timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT tickets_numbered_once UNIQUE (tenant_id, number),
    CONSTRAINT tickets_wait_for_a_reason CHECK ((state = 4) = (cardinality(wait_reasons) > 0))
);
CREATE UNIQUE INDEX tickets_by_id ON tickets (id);
-- The open ones, newest first: the list that everybody looks at all day.
CREATE INDEX tickets_open ON tickets (tenant_id, id DESC) WHERE state < 5;
CALL isolate('tickets');

-- Every change of a ticket. Never changed itself.
CREATE TABLE changes (
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    version bigint NOT NULL,
    kind text NOT NULL,
    fields jsonb NOT NULL,
    actor text NOT NULL,
    acting text NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, version),
    CONSTRAINT changes_of_a_ticket FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);
CALL isolate('changes');
REVOKE UPDATE ON changes FROM relevo_tenant, relevo_operator, relevo_worker;

CREATE TABLE handoffs (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    ticket_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    tier integer NOT NULL,
    state integer NOT NULL,
    rank integer NOT NULL,
    package jsonb NOT NULL,
    disclosure text[] NOT NULL,
    -- Exactly what the vendor reads of the ticket, and nothing else.
    disclosed jsonb NOT NULL,
    emergency_reason text NOT NULL,
    offer_seconds integer NOT NULL,
    offered_at timestamptz NOT NULL,
    offer_expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    proposed_at timestamptz,
    ended_at timestamptz,
    decline_reason text NOT NULL,
    return_code integer NOT NULL,
    proposal text NOT NULL,
    missing text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT handoffs_of_a_ticket FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);
CREATE UNIQUE INDEX handoffs_by_id ON handoffs (id);
CREATE INDEX handoffs_of_ticket ON handoffs (tenant_id, ticket_id, id);
-- Two vendors never hold the same tier of the same ticket.
CREATE UNIQUE INDEX handoffs_one_holder ON handoffs (tenant_id, ticket_id, tier) WHERE state IN (1, 2, 3);
CREATE INDEX handoffs_offered ON handoffs (offer_expires_at) WHERE state = 1;
CREATE INDEX handoffs_of_vendor ON handoffs (vendor_id, id DESC);
CALL isolate_from_tenant('handoffs');
-- Offered, accepted, proposed, approved: what was declined, returned, recalled
-- or has expired is no longer the vendor's to see.
CALL disclose('handoffs', 'state IN (1, 2, 3, 4)');

-- Who read what was disclosed, and when.
CREATE TABLE vendor_reads (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    handoff_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    subject text NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_from_tenant('vendor_reads');

CREATE TABLE messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    audience integer NOT NULL,
    author text NOT NULL,
    acting text NOT NULL,
    party text NOT NULL,
    vendor_id uuid,
    handoff_id uuid,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT messages_of_a_ticket FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id),
    CONSTRAINT messages_shared_with_somebody CHECK ((audience = 3) = (vendor_id IS NOT NULL))
);
CREATE INDEX messages_of_ticket ON messages (tenant_id, ticket_id, id);
CALL isolate('messages');
-- A tenant reads what is PUBLIC, whatever a query forgets to say.
DROP POLICY tenant ON messages;
CREATE POLICY tenant ON messages TO relevo_tenant USING (tenant_id = scope_tenant() AND audience = 1);
CALL disclose('messages', 'audience = 3');

CREATE TABLE time_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    ticket_id uuid NOT NULL,
    worker text NOT NULL,
    vendor_id uuid,
    handoff_id uuid,
    work_type text NOT NULL,
    tier integer NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    billable boolean NOT NULL,
    note text NOT NULL,
    approved_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT time_entries_of_a_ticket FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id),
    CONSTRAINT time_entries_end_after_they_start CHECK (ended_at > started_at)
);
CREATE UNIQUE INDEX time_entries_by_id ON time_entries (id);
CREATE INDEX time_entries_of_ticket ON time_entries (tenant_id, ticket_id, id);
CALL isolate_from_tenant('time_entries');
CALL disclose('time_entries', 'true');
