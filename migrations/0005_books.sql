-- The books: double entry, append only, kept by the database.
--
-- A movement is a transaction whose entries sum to zero. Coins we hold stand on the utxo accounts and
-- are negative there; whoever they are held for stands on the other side and is positive:
--
--   accept   utxo:coinbase  -50    block:<hash>   +50
--   mature   block:<hash>   -50    payee:<id>     +49   fee +1
--            utxo:coinbase  +50    utxo:spendable -50
--
-- A workload can do one thing: call post().

CREATE TABLE book_transaction (
    currency  text        NOT NULL REFERENCES currency,
    -- Derived from what it says, never a serial: a restored database names the same thing the same way.
    id        bytea       NOT NULL CHECK (octet_length(id) = 32),
    kind      text        NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    cause     jsonb       NOT NULL,
    -- SHA-256 of the entries in the order of their accounts.
    digest    bytea       NOT NULL CHECK (octet_length(digest) = 32),
    entries   integer     NOT NULL CHECK (entries >= 2),
    posted_at timestamptz NOT NULL,
    PRIMARY KEY (currency, id)
);
CREATE INDEX book_transaction_time ON book_transaction (posted_at, currency, id);

CREATE TABLE book_entry (
    currency  text   NOT NULL,
    id        bytea  NOT NULL,
    account   text   NOT NULL CHECK (account ~
        '^(utxo:(coinbase|spendable|reserved)|block:[0-9a-f]{64}|payee:.{1,200}|payout:[0-9]{1,18}|fee|donation|bonus|pps_reserve|network_fee|orphan_loss|capital|unallocated)$'),
    amount    bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (currency, account, id),
    FOREIGN KEY (currency, id) REFERENCES book_transaction
);
CREATE INDEX book_entry_transaction ON book_entry (currency, id);

-- What each account holds. The CHECK is what stops two spends of one balance: sums would let both pass.
CREATE TABLE balance (
    currency text   NOT NULL,
    account  text   NOT NULL,
    kind     text   NOT NULL GENERATED ALWAYS AS (split_part(account, ':', 1)) STORED,
    amount   bigint NOT NULL,
    PRIMARY KEY (currency, account),
    CONSTRAINT balance_not_overdrawn CHECK (
        CASE
            WHEN kind IN ('payee', 'block', 'payout', 'fee', 'donation', 'bonus', 'capital', 'unallocated')
                THEN amount >= 0
            WHEN kind IN ('utxo', 'orphan_loss') THEN amount <= 0
            -- pps_reserve may fall below zero for as long as its ruin bound says; network_fee is
            -- lent and paid back.
            ELSE true
        END)
);

-- Once per statement, whatever its number of rows: ten thousand credits cost one pass.
CREATE FUNCTION book_entry_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_wrong record;
BEGIN
    SELECT a.currency, encode(a.id, 'hex') AS id, a.total, a.n, t.entries INTO v_wrong
        FROM (SELECT currency, id, sum(amount) AS total, count(*) AS n FROM added GROUP BY 1, 2) a
        JOIN book_transaction t USING (currency, id)
        WHERE a.total <> 0 OR a.n <> t.entries
           OR (SELECT count(*) FROM book_entry e WHERE e.currency = a.currency AND e.id = a.id) <> a.n
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entries of % transaction % sum to % over % of % entries',
                v_wrong.currency, v_wrong.id, v_wrong.total, v_wrong.n, v_wrong.entries
            USING ERRCODE = 'NG001';
    END IF;
    -- A row that is there is moved, not inserted: an INSERT … ON CONFLICT checks its own row first,
    -- and a debit alone is below zero. In the order of accounts, so that no two postings wait for
    -- each other.
    INSERT INTO balance (currency, account, amount)
        SELECT DISTINCT currency, account, 0 FROM added ORDER BY 1, 2
        ON CONFLICT DO NOTHING;
    PERFORM FROM balance b JOIN (SELECT DISTINCT currency, account FROM added) a USING (currency, account)
        ORDER BY b.currency, b.account FOR NO KEY UPDATE OF b;
    UPDATE balance b SET amount = b.amount + a.total
        FROM (SELECT currency, account, sum(amount)::bigint AS total FROM added GROUP BY 1, 2) a
        WHERE b.currency = a.currency AND b.account = a.account;
    RETURN NULL;
END
$$;
CREATE TRIGGER added AFTER INSERT ON book_entry
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION book_entry_added();
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON book_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON book_transaction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER final BEFORE DELETE OR TRUNCATE ON balance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Posts a transaction. Returns whether it is new: the same id with the same entries is a repeat and
-- changes nothing; the same id with others is refused.
CREATE FUNCTION post(
    p_currency text, p_id bytea, p_kind text, p_cause jsonb, p_at timestamptz,
    p_accounts text[], p_amounts bigint[]
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_digest bytea;
    v_other  book_transaction%ROWTYPE;
BEGIN
    IF cardinality(p_accounts) IS DISTINCT FROM cardinality(p_amounts) THEN
        RAISE EXCEPTION 'a transaction has % accounts and % amounts',
            cardinality(p_accounts), cardinality(p_amounts) USING ERRCODE = 'NG001';
    END IF;
    SELECT sha256(convert_to(string_agg(account || ' ' || amount, E'\n' ORDER BY account COLLATE "C"), 'UTF8'))
        INTO v_digest FROM unnest(p_accounts, p_amounts) AS e(account, amount);
    INSERT INTO book_transaction (currency, id, kind, cause, digest, entries, posted_at)
        VALUES (p_currency, p_id, p_kind, p_cause, v_digest, cardinality(p_accounts), p_at)
        ON CONFLICT (currency, id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO STRICT v_other FROM book_transaction WHERE currency = p_currency AND id = p_id;
        IF v_other.digest <> v_digest OR v_other.kind <> p_kind THEN
            RAISE EXCEPTION '% transaction % was posted before with other entries',
                p_currency, encode(p_id, 'hex') USING ERRCODE = 'NG002';
        END IF;
        RETURN false;
    END IF;
    INSERT INTO book_entry (currency, id, account, amount)
        SELECT p_currency, p_id, account, amount FROM unnest(p_accounts, p_amounts) AS e(account, amount)
        ORDER BY account;
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION post(text, bytea, text, jsonb, timestamptz, text[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION book_entry_added() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post(text, bytea, text, jsonb, timestamptz, text[], bigint[]) TO ngpool_payout;
GRANT SELECT ON book_transaction, book_entry, balance TO ngpool_payout, ngpool_web;

-- Everything that is wrong with the books of a currency; no rows when nothing is.
CREATE FUNCTION books_check(p_currency text) RETURNS TABLE (what text, name text, off_by numeric)
LANGUAGE sql STABLE AS $$
    SELECT 'transaction', encode(t.id, 'hex'), coalesce(sum(e.amount), 0)
        FROM book_transaction t LEFT JOIN book_entry e USING (currency, id)
        WHERE t.currency = p_currency
        GROUP BY t.id, t.entries
        HAVING coalesce(sum(e.amount), 0) <> 0 OR count(e.account) <> t.entries
    UNION ALL
    SELECT 'balance', coalesce(b.account, e.account), coalesce(b.amount, 0) - coalesce(e.amount, 0)
        FROM (SELECT account, amount FROM balance WHERE currency = p_currency) b
        FULL JOIN (SELECT account, sum(amount) AS amount FROM book_entry
                   WHERE currency = p_currency GROUP BY account) e USING (account)
        WHERE coalesce(b.amount, 0) <> coalesce(e.amount, 0)
    UNION ALL
    SELECT 'split', encode(p.hash, 'hex') || ' ' || p.sharechain,
           p.amount - p.fee - coalesce((SELECT sum(c.amount) FROM block_credit c
               WHERE c.currency = p.currency AND c.hash = p.hash AND c.sharechain = p.sharechain), 0)
        FROM block_part p WHERE p.currency = p_currency
          AND p.amount - p.fee <> coalesce((SELECT sum(c.amount) FROM block_credit c
               WHERE c.currency = p.currency AND c.hash = p.hash AND c.sharechain = p.sharechain), 0)
    UNION ALL
    SELECT 'reward', encode(b.hash, 'hex'), b.reward - coalesce(sum(p.amount), 0)
        FROM block b LEFT JOIN block_part p USING (currency, hash)
        WHERE b.currency = p_currency AND b.accepted_at IS NOT NULL
        GROUP BY b.hash, b.reward HAVING b.reward <> coalesce(sum(p.amount), 0)
$$;
REVOKE ALL ON FUNCTION books_check(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION books_check(text) TO ngpool_payout, ngpool_web;
