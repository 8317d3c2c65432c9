-- Shares: one row a batch, exactly as it was shipped, at the position its transaction took.

-- The head of a chain of batches. A position is taken by updating this row in the transaction that
-- stores the batch, so positions are the order of commits and a reader of `pos` sees every batch up
-- to it. Numbers from a sequence or a clock are handed out before the commit and do not.
CREATE TABLE sharechain_head (
    sharechain text        PRIMARY KEY CHECK (sharechain ~ '^[A-Za-z0-9._-]{1,63}$'),
    pos        bigint      NOT NULL DEFAULT 0 CHECK (pos >= 0),
    created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE (pos) ON sharechain_head TO ngpool_ledger;
GRANT SELECT ON sharechain_head TO ngpool_payout, ngpool_web;

-- A producer is a journal. Exactly the batch `next` is taken, in the transaction that stores it:
-- this row, not an index over the batches, makes a batch unique, because the batches are cut by day.
CREATE TABLE producer (
    id         bytea       PRIMARY KEY CHECK (octet_length(id) = 16),
    sharechain text        NOT NULL REFERENCES sharechain_head,
    port       text        NOT NULL,
    next       bigint      NOT NULL DEFAULT 1 CHECK (next >= 1),
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE (sharechain, port, next, digest, last_seen) ON producer TO ngpool_ledger;
GRANT SELECT ON producer TO ngpool_payout, ngpool_web;

CREATE TABLE share_batch (
    sharechain text        NOT NULL,
    pos        bigint      NOT NULL CHECK (pos > 0),
    -- UTC day of arrival: never a time that a miner or a server in the field could choose.
    day        date        NOT NULL,
    arrived_at timestamptz NOT NULL,
    producer   bytea       NOT NULL,
    number     bigint      NOT NULL,
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    -- The bytes as shipped: what the digest is of.
    content    bytea       NOT NULL,
    -- Read off the content when it was stored: work per set of currencies, {"LTC,DOGE": "work"},
    -- so that a window can step over a batch without decoding it.
    totals     jsonb       NOT NULL,
    slices     integer     NOT NULL,
    shares     bigint      NOT NULL,
    PRIMARY KEY (sharechain, pos, day)
) PARTITION BY RANGE (day);
CREATE INDEX share_batch_producer ON share_batch (producer, number);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON share_batch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
INSERT INTO partitioned VALUES ('share_batch', 'day');
GRANT SELECT, INSERT ON share_batch TO ngpool_ledger;
GRANT SELECT ON share_batch TO ngpool_payout, ngpool_web;

-- Sealed sums of runs of positions: chunk n of level l covers the 32^l positions after n * 32^l.
-- They are a pure function of the batches, so whoever seals one first wrote what anybody would have.
CREATE TABLE share_chunk (
    sharechain text        NOT NULL REFERENCES sharechain_head,
    level      smallint    NOT NULL CHECK (level BETWEEN 1 AND 6),
    number     bigint      NOT NULL CHECK (number >= 0),
    last_pos   bigint      NOT NULL,
    totals     jsonb       NOT NULL,
    -- Per user and set of currencies: work and shares. Sorted, so that equal sums are equal bytes.
    sums       bytea       NOT NULL,
    -- The value of the same entries in each currency, read only where work is paid by value.
    weights    bytea       NOT NULL,
    -- SHA-256 of chain, level, number, sums and weights.
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    sealed_at  timestamptz NOT NULL,
    PRIMARY KEY (sharechain, level, number),
    UNIQUE (sharechain, last_pos, level)
);
CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON share_chunk
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON share_chunk TO ngpool_ledger;
GRANT SELECT ON share_chunk TO ngpool_payout, ngpool_web;

-- lz4 is several times faster to read back than the default; PostgreSQL may be built without it.
DO $$
BEGIN
    ALTER TABLE share_batch ALTER COLUMN content SET COMPRESSION lz4;
    ALTER TABLE share_chunk ALTER COLUMN sums SET COMPRESSION lz4;
    ALTER TABLE share_chunk ALTER COLUMN weights SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;

-- The oldest position each chain still needs, by the word of its ledger: twice every window.
CREATE TABLE share_keep (
    sharechain text   PRIMARY KEY REFERENCES sharechain_head,
    from_pos   bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE (from_pos) ON share_keep TO ngpool_ledger;
GRANT SELECT ON share_keep TO ngpool_payout, ngpool_web;

-- Drops the partitions of batches that lie wholly before p_before and that no chain needs, and the
-- chunks behind what is kept. A chain that never said what it needs keeps everything it has.
CREATE FUNCTION drop_share_partitions(p_before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- Dropping waits for readers of the table; new ones would queue behind it.
SET lock_timeout = '2s' AS $$
DECLARE
    v_child   record;
    v_needed  boolean;
    v_dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ngpool partitions share_batch'));
    FOR v_child IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.share_batch'::regclass
          AND to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= p_before
        ORDER BY c.relname
    LOOP
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM sharechain_head h LEFT JOIN share_keep k USING (sharechain)
                 WHERE EXISTS (SELECT FROM %I b WHERE b.sharechain = h.sharechain
                               AND b.pos >= coalesce(k.from_pos, 0)))', v_child.relname)
            INTO v_needed;
        -- Days go in order: a window never has a hole.
        EXIT WHEN v_needed;
        EXECUTE format('DROP TABLE %I', v_child.relname);
        v_dropped := v_dropped + 1;
    END LOOP;
    DELETE FROM share_chunk c USING share_keep k
        WHERE k.sharechain = c.sharechain AND c.last_pos < k.from_pos;
    RETURN v_dropped;
END
$$;
REVOKE ALL ON FUNCTION drop_share_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_share_partitions(date) TO ngpool_ledger;
