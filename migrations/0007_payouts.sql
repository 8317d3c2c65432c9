-- Payouts: who is paid, by which versions of which transaction, and what became of them.
--
--   prepare   payee:<id>     -49   payout:<n>    +49
--             utxo:spendable +50   utxo:reserved -50
--   confirm   payout:<n>     -49   network_fee   -1     (paid back from `fee`)
--             utxo:reserved  +50
--
-- Every step is one transaction of the database and takes the follower's lock of the currency, so
-- that a coin is never counted twice: what a payout has taken stands in payout_reserve.

CREATE TABLE payout (
    currency          text        NOT NULL REFERENCES currency,
    -- 1 for the first of the currency, then without a gap: the signer counts them.
    number            bigint      NOT NULL CHECK (number >= 1),
    kind              text        NOT NULL CHECK (kind IN ('payees', 'child', 'consolidation')),
    state             text        NOT NULL
        CHECK (state IN ('prepared', 'signed', 'broadcast', 'confirmed', 'void')),
    state_at          timestamptz NOT NULL,
    -- Why it is in its state, or why it stays there.
    reason            text        NOT NULL DEFAULT '',
    created_at        timestamptz NOT NULL,
    -- The coin that every version spends. Absent for a number that the signer recorded void and
    -- that nothing else is known of.
    anchor_txid       bytea       CHECK (octet_length(anchor_txid) = 32),
    anchor_vout       bigint      CHECK (anchor_vout >= 0),
    -- The payout that a child pulls into a block.
    parent            bigint,
    -- The signer is asked to record it void.
    void_asked_at     timestamptz,
    -- How often it was booked (prepared, taken up again) and confirmed: makes the ids of each turn's
    -- postings.
    bookings          integer     NOT NULL DEFAULT 1,
    confirmations     integer     NOT NULL DEFAULT 0,
    -- Which version confirmed, under which txid (a third party may change it), where, for which fee.
    confirmed_version integer,
    confirmed_txid    bytea       CHECK (octet_length(confirmed_txid) = 32),
    confirmed_height  bigint,
    confirmed_hash    bytea       CHECK (octet_length(confirmed_hash) = 32),
    -- The number before it, so that the database itself refuses a gap.
    previous          bigint      GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
    PRIMARY KEY (currency, number),
    -- Deferred: a number that another payout gets is empty for a moment.
    FOREIGN KEY (currency, previous) REFERENCES payout (currency, number) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (currency, parent) REFERENCES payout (currency, number) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((anchor_txid IS NULL) = (anchor_vout IS NULL)),
    CHECK (anchor_txid IS NOT NULL OR state = 'void'),
    CHECK ((parent IS NOT NULL) = (kind = 'child')),
    CHECK ((state = 'confirmed') = (confirmed_txid IS NOT NULL)),
    CHECK ((confirmed_txid IS NULL) = (confirmed_version IS NULL)
       AND (confirmed_txid IS NULL) = (confirmed_height IS NULL)
       AND (confirmed_txid IS NULL) = (confirmed_hash IS NULL))
);
-- One in preparation at a time; two runs of prepare cannot both win.
CREATE UNIQUE INDEX payout_prepared ON payout (currency) WHERE state = 'prepared';
CREATE UNIQUE INDEX payout_anchor ON payout (currency, anchor_txid, anchor_vout) WHERE state <> 'void';
CREATE INDEX payout_live ON payout (currency, number) WHERE state IN ('prepared', 'signed', 'broadcast');
CREATE INDEX payout_confirmed ON payout (currency, confirmed_txid) WHERE state = 'confirmed';
GRANT SELECT, INSERT, UPDATE (state, state_at, reason, void_asked_at, bookings, confirmations,
        confirmed_version, confirmed_txid, confirmed_height, confirmed_hash)
    ON payout TO ngpool_payout;
GRANT SELECT ON payout TO ngpool_web;

-- Who is paid: every version pays the same.
CREATE TABLE payout_part (
    currency  text   NOT NULL,
    number    bigint NOT NULL,
    payee     text   NOT NULL,
    script    bytea  NOT NULL,
    -- Value of his output.
    amount    bigint NOT NULL CHECK (amount > 0),
    -- His part of the fee where payees pay it.
    fee_share bigint NOT NULL CHECK (fee_share >= 0),
    PRIMARY KEY (currency, number, payee),
    FOREIGN KEY (currency, number) REFERENCES payout
);
CREATE INDEX payout_part_payee ON payout_part (payee, currency, number);
CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON payout_part
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE payout_version (
    currency     text        NOT NULL,
    number       bigint      NOT NULL,
    version      integer     NOT NULL CHECK (version >= 1),
    -- Inputs - outputs.
    fee          bigint      NOT NULL CHECK (fee >= 0),
    -- What the signer is given; absent for one that came from the signer.
    psbt         bytea,
    -- The transaction without signatures: what a signed one is held against.
    unsigned     bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- The whole transaction. Only these bytes are ever sent.
    transaction  bytea,
    txid         bytea       CHECK (octet_length(txid) = 32),
    signed_at    timestamptz,
    -- When the signer said that it counts as signed while others have yet to sign.
    waiting_at   timestamptz,
    -- When it was sent first.
    broadcast_at timestamptz,
    -- What the nodes said when it was sent last, and when.
    answer       text        NOT NULL DEFAULT '',
    answer_at    timestamptz,
    PRIMARY KEY (currency, number, version),
    FOREIGN KEY (currency, number) REFERENCES payout,
    CHECK ((transaction IS NULL) = (txid IS NULL) AND (transaction IS NULL) = (signed_at IS NULL)),
    CHECK (broadcast_at IS NULL OR transaction IS NOT NULL)
);
CREATE INDEX payout_version_txid ON payout_version (currency, txid);
GRANT SELECT, INSERT, UPDATE (transaction, txid, signed_at, waiting_at, broadcast_at, answer, answer_at)
    ON payout_version TO ngpool_payout;
GRANT SELECT ON payout_version TO ngpool_web;

-- What is signed or sent stays what it is.
CREATE FUNCTION payout_version_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.transaction IS NOT NULL AND OLD.transaction IS DISTINCT FROM NEW.transaction
        OR OLD.unsigned IS DISTINCT FROM NEW.unsigned OR OLD.fee <> NEW.fee THEN
        RAISE EXCEPTION 'version % of payout % is signed: it is final', OLD.version, OLD.number
            USING ERRCODE = 'NG003';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER changed BEFORE UPDATE ON payout_version
    FOR EACH ROW EXECUTE FUNCTION payout_version_changed();
CREATE TRIGGER final BEFORE TRUNCATE ON payout_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER final BEFORE TRUNCATE ON payout
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE payout_input (
    currency text    NOT NULL,
    number   bigint  NOT NULL,
    version  integer NOT NULL,
    -- Its place in the transaction, from 0.
    place    integer NOT NULL CHECK (place >= 0),
    txid     bytea   NOT NULL CHECK (octet_length(txid) = 32),
    vout     bigint  NOT NULL CHECK (vout >= 0),
    amount   bigint  NOT NULL CHECK (amount >= 0),
    script   bytea   NOT NULL,
    PRIMARY KEY (currency, number, version, place),
    UNIQUE (currency, txid, vout, number, version),
    FOREIGN KEY (currency, number, version) REFERENCES payout_version
);
-- The outputs that come back to us.
CREATE TABLE payout_change (
    currency text    NOT NULL,
    number   bigint  NOT NULL,
    version  integer NOT NULL,
    vout     bigint  NOT NULL CHECK (vout >= 0),
    amount   bigint  NOT NULL CHECK (amount >= 0),
    script   bytea   NOT NULL,
    PRIMARY KEY (currency, number, version, vout),
    FOREIGN KEY (currency, number, version) REFERENCES payout_version
);
CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON payout_input
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON payout_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A number that the signer has given to another payout (the database was restored from a backup) is
-- freed for it: only while it is void and nothing under it was ever signed.
CREATE FUNCTION payout_row_deleted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payout WHERE currency = OLD.currency AND number = OLD.number
               AND state <> 'void')
        OR EXISTS (SELECT FROM payout_version WHERE currency = OLD.currency AND number = OLD.number
               AND (transaction IS NOT NULL OR waiting_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'payout % is not void and unsigned: it is final', OLD.number
            USING ERRCODE = 'NG003';
    END IF;
    RETURN OLD;
END
$$;
-- So is the number of a version that was never signed.
CREATE FUNCTION version_row_deleted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payout_version WHERE currency = OLD.currency AND number = OLD.number
               AND version = OLD.version
               AND (transaction IS NOT NULL OR waiting_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'version % of payout % is signed: it is final', OLD.version, OLD.number
            USING ERRCODE = 'NG003';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER deleted BEFORE DELETE ON payout_part
    FOR EACH ROW EXECUTE FUNCTION payout_row_deleted();
CREATE TRIGGER deleted BEFORE DELETE ON payout_input
    FOR EACH ROW EXECUTE FUNCTION version_row_deleted();
CREATE TRIGGER deleted BEFORE DELETE ON payout_change
    FOR EACH ROW EXECUTE FUNCTION version_row_deleted();
CREATE TRIGGER deleted BEFORE DELETE ON payout_version
    FOR EACH ROW EXECUTE FUNCTION version_row_deleted();
CREATE TRIGGER deleted BEFORE DELETE ON payout
    FOR EACH ROW EXECUTE FUNCTION payout_row_deleted();
CREATE FUNCTION forget_payout(p_currency text, p_number bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM payout_part WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout_input WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout_change WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout_version WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout WHERE currency = p_currency AND number = p_number;
$$;
CREATE FUNCTION forget_payout_version(p_currency text, p_number bigint, p_version integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM payout_input
        WHERE currency = p_currency AND number = p_number AND version = p_version;
    DELETE FROM payout_change
        WHERE currency = p_currency AND number = p_number AND version = p_version;
    DELETE FROM payout_version
        WHERE currency = p_currency AND number = p_number AND version = p_version;
$$;
REVOKE ALL ON FUNCTION forget_payout(text, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION forget_payout_version(text, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_payout(text, bigint) TO ngpool_payout;
GRANT EXECUTE ON FUNCTION forget_payout_version(text, bigint, integer) TO ngpool_payout;
GRANT SELECT, INSERT ON payout_part, payout_input, payout_change TO ngpool_payout;
GRANT SELECT ON payout_part, payout_input, payout_change TO ngpool_web;

-- Coins that live payouts have taken: the key is what stops two of them from taking one.
CREATE TABLE payout_reserve (
    currency text    NOT NULL,
    txid     bytea   NOT NULL CHECK (octet_length(txid) = 32),
    vout     bigint  NOT NULL CHECK (vout >= 0),
    number   bigint  NOT NULL,
    amount   bigint  NOT NULL CHECK (amount >= 0),
    -- Whether the books hold the coin: it is on utxo:reserved. False for the change of a payout that
    -- is not confirmed, and while the block that made the coin is orphaned.
    held     boolean NOT NULL,
    PRIMARY KEY (currency, txid, vout),
    FOREIGN KEY (currency, number) REFERENCES payout
);
CREATE INDEX payout_reserve_number ON payout_reserve (currency, number);
GRANT SELECT, INSERT, UPDATE (held), DELETE ON payout_reserve TO ngpool_payout;
GRANT SELECT ON payout_reserve TO ngpool_web;

-- Transactions of the best chain that spend an output of ours, whole: a payout is recognised by its
-- inputs and outputs, never by its txid.
CREATE TABLE chain_spender (
    currency    text     NOT NULL REFERENCES currency,
    txid        bytea    NOT NULL CHECK (octet_length(txid) = 32),
    height      bigint   NOT NULL,
    hash        bytea    NOT NULL CHECK (octet_length(hash) = 32),
    in_txids    bytea[]  NOT NULL,
    in_vouts    bigint[] NOT NULL,
    out_amounts bigint[] NOT NULL,
    out_scripts bytea[]  NOT NULL,
    PRIMARY KEY (currency, txid)
);
CREATE INDEX chain_spender_hash ON chain_spender (currency, hash);
GRANT SELECT, INSERT, UPDATE, DELETE ON chain_spender TO ngpool_payout;
GRANT SELECT ON chain_spender TO ngpool_web;

-- Every txid under which a version is known: as it was signed, and as it was seen in a block.
CREATE TABLE payout_txid (
    currency text    NOT NULL,
    txid     bytea   NOT NULL CHECK (octet_length(txid) = 32),
    number   bigint  NOT NULL,
    version  integer NOT NULL,
    PRIMARY KEY (currency, txid),
    FOREIGN KEY (currency, number, version) REFERENCES payout_version
);
GRANT SELECT, INSERT ON payout_txid TO ngpool_payout;
GRANT SELECT ON payout_txid TO ngpool_web;

-- Whether the books hold a coin: the coinbase of a credited block, a deposit, or the change of a
-- confirmed payout, that no confirmed payout has spent.
CREATE FUNCTION in_books(p_currency text, p_txid bytea, p_vout bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT (EXISTS (SELECT FROM block
                    WHERE currency = p_currency AND coinbase_txid = p_txid AND state = 'mature')
         OR EXISTS (SELECT FROM chain_output
                    WHERE currency = p_currency AND txid = p_txid AND vout = p_vout AND booked)
         OR EXISTS (SELECT FROM payout p
                    JOIN payout_change c ON c.currency = p.currency AND c.number = p.number
                        AND c.version = p.confirmed_version
                    WHERE p.currency = p_currency AND p.state = 'confirmed'
                      AND p.confirmed_txid = p_txid AND c.vout = p_vout))
       AND NOT EXISTS (SELECT FROM payout_input i
                    JOIN payout p ON p.currency = i.currency AND p.number = i.number
                        AND p.confirmed_version = i.version
                    WHERE i.currency = p_currency AND i.txid = p_txid AND i.vout = p_vout
                      AND p.state = 'confirmed')
$$;

-- What a payee or the operator set for his payouts.
CREATE TABLE payee_setting (
    currency    text        NOT NULL REFERENCES currency,
    payee       text        NOT NULL,
    -- Least that is paid to him, base units; NULL for the currency's.
    minimum     bigint      CHECK (minimum > 0),
    -- Nothing is paid to him while this is set.
    hold        boolean     NOT NULL DEFAULT false,
    hold_reason text        NOT NULL DEFAULT '',
    -- Payouts up to so much pass the holds by amount and by a new address: the operator looked.
    released    bigint      CHECK (released > 0),
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (currency, payee)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON payee_setting TO ngpool_payout;
GRANT SELECT ON payee_setting TO ngpool_web;

-- What signers answered, as it came in: all that the web may say about payouts.
CREATE TABLE signer_message (
    currency    text        NOT NULL,
    -- SHA-256 of the body: a repeat is the same row.
    digest      bytea       NOT NULL CHECK (octet_length(digest) = 32),
    received_at timestamptz NOT NULL,
    body        bytea       NOT NULL,
    -- NULL until the payout job has dealt with it, and what came of it.
    handled_at  timestamptz,
    outcome     text        NOT NULL DEFAULT '',
    PRIMARY KEY (currency, digest)
);
CREATE INDEX signer_message_open ON signer_message (currency, received_at) WHERE handled_at IS NULL;
GRANT SELECT, INSERT (currency, digest, received_at, body) ON signer_message TO ngpool_web;
GRANT SELECT, UPDATE (handled_at, outcome), DELETE ON signer_message TO ngpool_payout;

-- When a signer asked last, and how far its books went then.
CREATE TABLE signer_seen (
    currency text        PRIMARY KEY,
    at       timestamptz NOT NULL,
    -- As the signer says it.
    position jsonb       NOT NULL,
    -- Number of its last payout, out of the position.
    payout   bigint      NOT NULL CHECK (payout >= 0)
);
GRANT SELECT, INSERT, UPDATE ON signer_seen TO ngpool_web;
GRANT SELECT ON signer_seen TO ngpool_payout;

-- Why no payout of a currency may be begun or sent; NULL when it may.
CREATE FUNCTION payouts_stopped(p_currency text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_reason text;
BEGIN
    -- Made by the migration of the audit.
    IF to_regclass('public.payout_stop') IS NOT NULL THEN
        SELECT reason INTO v_reason FROM payout_stop WHERE currency = p_currency LIMIT 1;
    END IF;
    RETURN v_reason;
END
$$;

-- Everything that is wrong with the books of payouts; no rows when nothing is.
CREATE FUNCTION payouts_check(p_currency text) RETURNS TABLE (what text, name text, off_by numeric)
LANGUAGE sql STABLE AS $$
    SELECT 'reserved', 'utxo:reserved', coalesce(b.amount, 0) + coalesce(r.amount, 0)
        FROM (SELECT sum(amount) AS amount FROM payout_reserve
              WHERE currency = p_currency AND held) r
        LEFT JOIN (SELECT amount FROM balance
                   WHERE currency = p_currency AND account = 'utxo:reserved') b ON true
        WHERE coalesce(b.amount, 0) <> -coalesce(r.amount, 0)
    UNION ALL
    SELECT 'payout', coalesce(p.account, b.account), coalesce(b.amount, 0) - coalesce(p.amount, 0)
        FROM (SELECT 'payout:' || q.number AS account, sum(x.amount + x.fee_share) AS amount
              FROM payout q JOIN payout_part x USING (currency, number)
              WHERE q.currency = p_currency AND q.state IN ('prepared', 'signed', 'broadcast')
              GROUP BY q.number) p
        FULL JOIN (SELECT account, amount FROM balance
                   WHERE currency = p_currency AND kind = 'payout' AND amount <> 0) b USING (account)
        WHERE coalesce(b.amount, 0) <> coalesce(p.amount, 0)
    UNION ALL
    SELECT 'version', v.number || '/' || v.version,
           coalesce(i.amount, 0) - coalesce(c.amount, 0) - coalesce(p.amount, 0) - v.fee
        FROM payout_version v
        LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM payout_input x
            WHERE x.currency = v.currency AND x.number = v.number AND x.version = v.version) i ON true
        LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM payout_change x
            WHERE x.currency = v.currency AND x.number = v.number AND x.version = v.version) c ON true
        LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM payout_part x
            WHERE x.currency = v.currency AND x.number = v.number) p ON true
        WHERE v.currency = p_currency
          AND coalesce(i.amount, 0) <> coalesce(c.amount, 0) + coalesce(p.amount, 0) + v.fee
$$;
REVOKE ALL ON FUNCTION payouts_check(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payouts_check(text) TO ngpool_payout, ngpool_web;
