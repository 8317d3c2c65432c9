-- The chain as the settle job followed it, block by block, both ways.

-- Blocks of the best chain that were followed, the newest thousand or so: what to walk back over.
CREATE TABLE followed_block (
    currency text        NOT NULL REFERENCES currency,
    height   bigint      NOT NULL CHECK (height >= 0),
    hash     bytea       NOT NULL CHECK (octet_length(hash) = 32),
    block_at timestamptz NOT NULL,
    PRIMARY KEY (currency, height)
);
GRANT SELECT, INSERT, DELETE ON followed_block TO ngpool_payout;
GRANT SELECT ON followed_block TO ngpool_web;

-- Every output that pays a script of ours: which block created it, and who spent it where.
CREATE TABLE chain_output (
    currency       text    NOT NULL REFERENCES currency,
    txid           bytea   NOT NULL CHECK (octet_length(txid) = 32),
    vout           bigint  NOT NULL CHECK (vout >= 0),
    amount         bigint  NOT NULL CHECK (amount >= 0),
    script         bytea   NOT NULL,
    coinbase       boolean NOT NULL,
    -- NULL while the block that created it is not on the best chain.
    created_height bigint,
    created_hash   bytea,
    -- NULL while no block of the best chain spends it.
    spent_height   bigint,
    spent_hash     bytea,
    spent_txid     bytea,
    -- Booked to `unallocated`; the count makes the ids of each turn's postings.
    booked         boolean NOT NULL DEFAULT false,
    bookings       integer NOT NULL DEFAULT 0,
    PRIMARY KEY (currency, txid, vout),
    CHECK ((created_height IS NULL) = (created_hash IS NULL)),
    CHECK ((spent_height IS NULL) = (spent_hash IS NULL) AND (spent_height IS NULL) = (spent_txid IS NULL))
);
CREATE INDEX chain_output_created ON chain_output (currency, created_height);
CREATE INDEX chain_output_spent ON chain_output (currency, spent_height);
CREATE INDEX chain_output_unbooked ON chain_output (currency) WHERE NOT booked;
GRANT SELECT, INSERT, UPDATE ON chain_output TO ngpool_payout;
GRANT SELECT ON chain_output TO ngpool_web;
