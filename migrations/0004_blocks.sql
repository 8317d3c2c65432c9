-- Blocks: what was reported, what the nodes said, where each sharechain was cut, who gets what.

CREATE TABLE block (
    currency      text          NOT NULL REFERENCES currency,
    hash          bytea         NOT NULL CHECK (octet_length(hash) = 32),
    height        bigint        NOT NULL CHECK (height >= 0),
    previous_hash bytea         NOT NULL CHECK (octet_length(previous_hash) = 32),
    bits          bigint        NOT NULL,
    -- Expected hashes of a block at `bits`.
    network_work  numeric(39,0) NOT NULL CHECK (network_work > 0),
    pow_hash      bytea         NOT NULL CHECK (octet_length(pow_hash) = 32),
    sharechain    text          NOT NULL,
    port          text          NOT NULL,
    finder        text          NOT NULL,
    finder_worker text          NOT NULL,
    coinbase_txid bytea         NOT NULL CHECK (octet_length(coinbase_txid) = 32),
    coinbase_vout bigint        NOT NULL,
    script        bytea         NOT NULL,
    reward        bigint        NOT NULL CHECK (reward >= 0),
    found_at      timestamptz   NOT NULL,
    reported_at   timestamptz   NOT NULL,
    -- Every node has given a final answer.
    final         boolean       NOT NULL,

    state         text          NOT NULL DEFAULT 'reported'
        CHECK (state IN ('reported', 'accepted', 'rejected', 'mature', 'orphaned')),
    state_at      timestamptz   NOT NULL,
    state_reason  text          NOT NULL DEFAULT '',
    confirmations bigint        NOT NULL DEFAULT 0,
    -- Split and posted; stays set when the block is orphaned.
    accepted_at   timestamptz,
    -- Credited to the payees; stays set when the block is lost afterwards.
    matured_at    timestamptz,
    -- How often it was orphaned: makes the ids of each turn's postings.
    orphaned      integer       NOT NULL DEFAULT 0,
    PRIMARY KEY (currency, hash),
    CHECK (state <> 'mature' OR (accepted_at IS NOT NULL AND matured_at IS NOT NULL)),
    CHECK (state <> 'accepted' OR (accepted_at IS NOT NULL AND matured_at IS NULL))
);
CREATE INDEX block_found ON block (found_at DESC, currency DESC, hash DESC);
CREATE INDEX block_state ON block (currency, state);
CREATE INDEX block_finder ON block (finder, found_at DESC);
CREATE INDEX block_coinbase ON block (currency, coinbase_txid);
GRANT SELECT, INSERT, UPDATE (final) ON block TO ngpool_ledger;
GRANT SELECT, UPDATE (state, state_at, state_reason, confirmations, accepted_at, matured_at, orphaned)
    ON block TO ngpool_payout;
GRANT SELECT ON block TO ngpool_web;

CREATE TABLE block_answer (
    currency text        NOT NULL,
    hash     bytea       NOT NULL,
    node     text        NOT NULL,
    outcome  integer     NOT NULL,
    reason   text        NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (currency, hash, node),
    FOREIGN KEY (currency, hash) REFERENCES block
);
GRANT SELECT, INSERT, UPDATE ON block_answer TO ngpool_ledger;
GRANT SELECT ON block_answer TO ngpool_payout, ngpool_web;

-- Where a sharechain stood when a block was found, and the terms that held then.
CREATE TABLE cut (
    currency     text          NOT NULL,
    hash         bytea         NOT NULL,
    sharechain   text          NOT NULL REFERENCES sharechain_head,
    pos          bigint        NOT NULL CHECK (pos >= 0),
    network_work numeric(39,0) NOT NULL,
    reward       bigint        NOT NULL,
    method       jsonb         NOT NULL,
    fee_ppm      integer       NOT NULL CHECK (fee_ppm BETWEEN 0 AND 1000000),
    -- Servers that did not ship in time; their work counts for later blocks.
    unanswered   text[]        NOT NULL,
    cut_at       timestamptz   NOT NULL,
    PRIMARY KEY (currency, hash, sharechain),
    FOREIGN KEY (currency, hash) REFERENCES block
);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON cut
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON cut TO ngpool_ledger;
GRANT SELECT ON cut TO ngpool_payout, ngpool_web;

-- The frozen split: one row a sharechain that got a part, one row a payee in it.
CREATE TABLE block_part (
    currency    text          NOT NULL,
    hash        bytea         NOT NULL,
    sharechain  text          NOT NULL,
    split_work  numeric(39,0) NOT NULL,
    -- Length of the method's window, what of it was filled, and how far back it reached.
    win_length  numeric(39,0) NOT NULL,
    win_work    numeric(39,0) NOT NULL,
    win_pos     bigint        NOT NULL,
    amount      bigint        NOT NULL CHECK (amount >= 0),
    fee         bigint        NOT NULL CHECK (fee >= 0),
    frozen_at   timestamptz   NOT NULL,
    PRIMARY KEY (currency, hash, sharechain),
    FOREIGN KEY (currency, hash) REFERENCES block
);
CREATE TABLE block_credit (
    currency   text          NOT NULL,
    hash       bytea         NOT NULL,
    payee      text          NOT NULL,
    sharechain text          NOT NULL,
    work       numeric(39,0) NOT NULL,
    amount     bigint        NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (currency, hash, payee, sharechain),
    FOREIGN KEY (currency, hash, sharechain) REFERENCES block_part
);
CREATE INDEX block_credit_payee ON block_credit (payee, currency);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON block_part
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON block_credit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON block_part, block_credit TO ngpool_payout;
GRANT SELECT ON block_part, block_credit TO ngpool_web, ngpool_ledger;

-- The signed statements, a chain per currency and sharechain.
CREATE TABLE statement (
    currency   text        NOT NULL,
    sharechain text        NOT NULL,
    seq        bigint      NOT NULL CHECK (seq >= 1),
    previous   bytea       NOT NULL CHECK (octet_length(previous) = 32),
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    body       bytea       NOT NULL,
    signature  bytea       NOT NULL CHECK (octet_length(signature) = 64),
    key        bytea       NOT NULL CHECK (octet_length(key) = 32),
    hash       bytea       NOT NULL,
    signed_at  timestamptz NOT NULL,
    PRIMARY KEY (currency, sharechain, seq),
    UNIQUE (currency, hash, sharechain),
    FOREIGN KEY (currency, hash, sharechain) REFERENCES block_part
);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON statement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON statement TO ngpool_payout;
GRANT SELECT ON statement TO ngpool_web;
