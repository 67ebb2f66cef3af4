-- Facts, the invoices that bill them, and the books.

-- Equality in the same index as overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Written once: no caller and no mistake changes a row.
CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% stay as they are', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_stay';
END
$$;

CREATE PROCEDURE keep_as_written(name regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER stay BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_change()', name);
END
$$;

-- What was announced by the other services.

CREATE TABLE tenants (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    display_name text NOT NULL,
    zone text NOT NULL,
    currency text NOT NULL,
    tax_number text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT tenants_are_their_own CHECK (tenant_id = id)
);
CALL isolate_from_tenant('tenants');

-- As they were activated, calendar included: a price once promised stays.
CREATE TABLE contracts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    terms jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_from_tenant('contracts');

-- Which contract covers a ticket.
CREATE TABLE coverages (
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id)
);
CALL isolate_from_tenant('coverages');

CREATE TABLE rate_cards (
    id uuid PRIMARY KEY,
    vendor_id uuid NOT NULL,
    terms jsonb NOT NULL
);
CALL keep_for_operator('rate_cards');

-- A fact whose contract is not among `contracts` is held; nothing has to
-- release it but the contract's arrival.
CREATE TABLE facts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source text NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    contract_id uuid,
    ticket_id uuid,
    worker text NOT NULL,
    work_type text NOT NULL,
    line text NOT NULL,
    effective_on date,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    quantity bigint NOT NULL,
    billable boolean NOT NULL,
    digest bytea NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT facts_once UNIQUE (tenant_id, source, key),
    CONSTRAINT facts_of_a_kind CHECK (kind IN ('TIME', 'VISIT', 'TICKET', 'SEATS')),
    CONSTRAINT facts_of_time_end CHECK ((kind = 'TIME') = (ended_at IS NOT NULL) AND ended_at >= started_at),
    CONSTRAINT facts_of_seats_have_a_date CHECK ((kind = 'SEATS') = (effective_on IS NOT NULL)),
    CONSTRAINT facts_count CHECK (quantity >= 0)
);
CREATE INDEX facts_by_time ON facts (tenant_id, started_at);
CREATE INDEX facts_of_seats ON facts (tenant_id) WHERE kind = 'SEATS';
CALL isolate_from_tenant('facts');
CALL keep_as_written('facts');

-- Another content told under a fact's name. The first one holds; the month is
-- parked until somebody has looked at it.
CREATE TABLE disputes (
    tenant_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    digest bytea NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    dismissed_at timestamptz,
    PRIMARY KEY (tenant_id, fact_id, digest),
    CONSTRAINT disputes_of_a_fact FOREIGN KEY (tenant_id, fact_id) REFERENCES facts (tenant_id, id)
);
CALL isolate_from_tenant('disputes');

CREATE TABLE invoices (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    month_on date NOT NULL,
    state text NOT NULL,
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    -- As it is hashed; no jsonb, which would write it anew.
    document text NOT NULL,
    park_reasons text[] NOT NULL,
    number text,
    finalized_at timestamptz,
    content_hash text,
    previous_hash text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT invoices_one_a_month UNIQUE (tenant_id, month_on),
    CONSTRAINT invoices_number_once UNIQUE (number),
    CONSTRAINT invoices_chain_once UNIQUE (previous_hash, number),
    CONSTRAINT invoices_of_whole_months CHECK (extract(day FROM month_on) = 1),
    CONSTRAINT invoices_add_up CHECK (net_minor + tax_minor = total_minor),
    CONSTRAINT invoices_state_known CHECK (state IN ('DRAFT', 'PARKED', 'FINALIZED')),
    CONSTRAINT invoices_parked_for_a_reason CHECK ((state = 'PARKED') = (cardinality(park_reasons) > 0)),
    CONSTRAINT invoices_finalized_whole CHECK (
        (state = 'FINALIZED') = (num_nonnulls(number, finalized_at, content_hash, previous_hash) = 4)
        AND (state = 'FINALIZED') = (num_nonnulls(number, finalized_at, content_hash, previous_hash) > 0)
    )
);
CREATE UNIQUE INDEX invoices_by_id ON invoices (id);
CREATE INDEX invoices_by_month ON invoices (month_on);
CALL isolate('invoices');
-- A client reads what is finalised, and writes nothing.
ALTER POLICY tenant ON invoices USING (tenant_id = scope_tenant() AND state = 'FINALIZED');
REVOKE INSERT, UPDATE ON invoices FROM relevo_tenant;
CREATE TRIGGER stay BEFORE UPDATE OR DELETE ON invoices
    FOR EACH ROW WHEN (OLD.state = 'FINALIZED') EXECUTE FUNCTION refuse_change();

-- The last number of each series, and the end of its chain. Its row is locked
-- while a number is given out, so that none is skipped or given twice.
CREATE TABLE series (
    year integer PRIMARY KEY,
    count bigint NOT NULL,
    hash text NOT NULL
);
CALL keep_for_operator('series');

-- The lines of finalised invoices, as far as the database keeps rules on them.
CREATE TABLE billed_lines (
    tenant_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    nr integer NOT NULL,
    contract_id uuid NOT NULL,
    line text NOT NULL,
    -- The month served.
    month_on date NOT NULL,
    net_minor bigint NOT NULL,
    -- The days paid with it, of what is paid by the day.
    service_period daterange,
    PRIMARY KEY (tenant_id, invoice_id, nr),
    CONSTRAINT billed_lines_of_an_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id),
    -- No day is billed twice.
    CONSTRAINT service_periods_once EXCLUDE USING gist (tenant_id WITH =, contract_id WITH =, line WITH =, service_period WITH &&)
);
CALL isolate_from_tenant('billed_lines');
CALL keep_as_written('billed_lines');

-- What became of a fact: one line that bills it, or one reason why none does.
CREATE TABLE claims (
    tenant_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    nr integer,
    reason text,
    contract_id uuid,
    month_on date NOT NULL,
    drawn_seconds bigint NOT NULL,
    -- No fact is billed twice.
    CONSTRAINT claims_once PRIMARY KEY (tenant_id, fact_id),
    CONSTRAINT claims_of_a_fact FOREIGN KEY (tenant_id, fact_id) REFERENCES facts (tenant_id, id),
    CONSTRAINT claims_of_an_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id),
    CONSTRAINT claims_by_a_line FOREIGN KEY (tenant_id, invoice_id, nr) REFERENCES billed_lines (tenant_id, invoice_id, nr),
    CONSTRAINT claims_by_a_line_or_a_reason CHECK (num_nonnulls(nr, reason) = 1)
);
CREATE INDEX claims_drawn ON claims (tenant_id, contract_id, month_on) WHERE drawn_seconds > 0;
CALL isolate_from_tenant('claims');
CALL keep_as_written('claims');

-- What vendors' work costs, fact by fact: none of the client's business.
CREATE TABLE vendor_costs (
    tenant_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    contract_id uuid,
    ticket_id uuid,
    currency text NOT NULL,
    cost_minor bigint NOT NULL,
    basis jsonb NOT NULL,
    posted boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, fact_id),
    CONSTRAINT vendor_costs_of_a_fact FOREIGN KEY (tenant_id, fact_id) REFERENCES facts (tenant_id, id),
    CONSTRAINT vendor_costs_of_an_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id)
);
CREATE INDEX vendor_costs_by_invoice ON vendor_costs (tenant_id, invoice_id);
CALL isolate_from_tenant('vendor_costs');
CREATE TRIGGER stay BEFORE UPDATE OR DELETE ON vendor_costs
    FOR EACH ROW WHEN (OLD.posted) EXECUTE FUNCTION refuse_change();

-- Double entry: debits are positive, credits negative.
CREATE TABLE ledger_entries (
    tenant_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    nr integer NOT NULL,
    invoice_id uuid NOT NULL,
    account text NOT NULL,
    vendor_id uuid,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    posted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id, nr),
    CONSTRAINT ledger_entries_of_an_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id)
);
CALL isolate_from_tenant('ledger_entries');
CALL keep_as_written('ledger_entries');

CREATE FUNCTION ledger_balances() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_entries
        WHERE tenant_id = NEW.tenant_id AND transaction_id = NEW.transaction_id
        GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'a transaction does not sum to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balances';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();
