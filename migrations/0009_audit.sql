-- What we hold compared with what we owe, output by output; and what stops payouts.

-- One audit of a currency at one tip.
CREATE TABLE solvency (
    currency      text        NOT NULL REFERENCES currency,
    at            timestamptz NOT NULL,
    -- clean: every coin is accounted for. drift: coins are missing. doubtful: it could not be told,
    -- because nodes disagree or the chain moved.
    verdict       text        NOT NULL CHECK (verdict IN ('clean', 'drift', 'doubtful')),
    -- Why it is not clean, for a person; empty when it is.
    reason        text        NOT NULL,
    height        bigint      NOT NULL CHECK (height >= 0),
    tip           bytea       NOT NULL CHECK (octet_length(tip) = 32),
    -- Outputs of ours that are unspent at the tip, and their sum.
    outputs       bigint      NOT NULL,
    on_chain      bigint      NOT NULL,
    -- What the books hold: on_chain = booked + in_transit + drift.
    booked        bigint      NOT NULL,
    in_transit    bigint      NOT NULL,
    drift         bigint      NOT NULL,
    -- Whose it is: booked = immature + payees + held + in_flight + pool.
    immature      bigint      NOT NULL,
    payees        bigint      NOT NULL,
    held          bigint      NOT NULL,
    in_flight     bigint      NOT NULL,
    pool          bigint      NOT NULL,
    -- Losses to reorganisations that the pool's own money does not cover.
    uncovered     bigint      NOT NULL CHECK (uncovered >= 0),
    -- The pool's accounts by name.
    pool_accounts jsonb       NOT NULL,
    -- Each output in transit or missing, with its reason; the newest thousand.
    items         jsonb       NOT NULL,
    PRIMARY KEY (currency, at),
    CHECK (booked = immature + payees + held + in_flight + pool),
    CHECK (on_chain = booked + in_transit + drift)
);
GRANT SELECT, INSERT, DELETE ON solvency TO ngpool_payout;
GRANT SELECT ON solvency TO ngpool_web;

-- While a row is here, no payout of the currency is prepared and none is broadcast that was not
-- before. The audit sets and lifts its own; an operator's stays until an operator lifts it.
CREATE TABLE payout_stop (
    currency text        NOT NULL REFERENCES currency,
    by       text        NOT NULL CHECK (by IN ('audit', 'operator')),
    reason   text        NOT NULL CHECK (reason <> ''),
    since    timestamptz NOT NULL,
    PRIMARY KEY (currency, by)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON payout_stop TO ngpool_payout;
GRANT SELECT ON payout_stop TO ngpool_web;

-- What a person should look at, because money may be going elsewhere. It stops nothing.
--
--   coinbase   subject: a block of ours whose coinbase pays somebody else too
--   script     subject: a script that blocks or the document pay, for which no signer ever signed
CREATE TABLE audit_alarm (
    currency text        NOT NULL REFERENCES currency,
    kind     text        NOT NULL CHECK (kind IN ('coinbase', 'script')),
    subject  bytea       NOT NULL,
    what     text        NOT NULL,
    since    timestamptz NOT NULL,
    -- An operator looked: it is kept, and counts no more.
    seen_at  timestamptz,
    PRIMARY KEY (currency, kind, subject)
);
GRANT SELECT, INSERT, UPDATE (what, seen_at), DELETE ON audit_alarm TO ngpool_payout;
GRANT SELECT ON audit_alarm TO ngpool_web;

-- Blocks of ours whose coinbase was looked at, output by output.
CREATE TABLE coinbase_seen (
    currency text  NOT NULL,
    hash     bytea NOT NULL,
    PRIMARY KEY (currency, hash),
    FOREIGN KEY (currency, hash) REFERENCES block
);
GRANT SELECT, INSERT ON coinbase_seen TO ngpool_payout;
GRANT SELECT ON coinbase_seen TO ngpool_web;
