-- Methods: the terms of a cut, finders' bonuses and donations, and work that a reserve buys.

-- What else holds for a block from the moment it is cut. NULL in rows from before: no bonus, nothing
-- given, nothing bought, and the split window of the settings.
ALTER TABLE cut
    ADD COLUMN split_window_milli bigint CHECK (split_window_milli > 0),
    ADD COLUMN bonus              jsonb,
    -- Where the round of this block began: the greatest position below its own at which the chain was
    -- cut for a block of the currency, whatever became of that one.
    ADD COLUMN round_pos          bigint CHECK (round_pos >= 0),
    -- The donations and the switches between buying and not that were known: numbers of their lists.
    ADD COLUMN donations          bigint CHECK (donations >= 0),
    ADD COLUMN switches           bigint CHECK (switches >= 0);
CREATE INDEX cut_position ON cut (currency, sharechain, pos);

ALTER TABLE block_part
    ADD COLUMN bonus      bigint        NOT NULL DEFAULT 0 CHECK (bonus >= 0),
    ADD COLUMN donation   bigint        NOT NULL DEFAULT 0 CHECK (donation >= 0),
    -- What the reserve got for the work in the window that it bought.
    ADD COLUMN reserve    bigint        NOT NULL DEFAULT 0 CHECK (reserve >= 0),
    ADD COLUMN win_bought numeric(39,0) NOT NULL DEFAULT 0;
ALTER TABLE block_credit
    -- The finder's bonus within his amount, and what he gave of both.
    ADD COLUMN bonus    bigint NOT NULL DEFAULT 0 CHECK (bonus >= 0),
    ADD COLUMN donation bigint NOT NULL DEFAULT 0 CHECK (donation >= 0);

-- What payees give to the pool: the newest row of a payee holds. Numbers are taken from the head in the
-- transaction that adds the row, so they are the order of commits, and a cut that notes one has seen
-- every row up to it.
CREATE TABLE donation_head (
    currency text   PRIMARY KEY REFERENCES currency,
    number   bigint NOT NULL DEFAULT 0 CHECK (number >= 0)
);
GRANT SELECT, INSERT, UPDATE (number) ON donation_head TO ngpool_payout;
GRANT SELECT ON donation_head TO ngpool_ledger, ngpool_web;
CREATE TABLE payee_donation (
    currency text        NOT NULL REFERENCES currency,
    number   bigint      NOT NULL CHECK (number >= 1),
    payee    text        NOT NULL,
    ppm      integer     NOT NULL CHECK (ppm BETWEEN 0 AND 1000000),
    set_at   timestamptz NOT NULL,
    PRIMARY KEY (currency, number)
);
CREATE INDEX payee_donation_payee ON payee_donation (payee, currency, number DESC);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON payee_donation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON payee_donation TO ngpool_payout;
GRANT SELECT ON payee_donation TO ngpool_web;

-- From which position on the reserve buys the work of a chain, and from which it does not. Work after
-- from_pos follows the row, up to the next row's. A row that begins to buy is added while the chain's
-- head is locked, at its position: no cut that does not know the row reaches past it.
CREATE TABLE pps_switch (
    currency   text        NOT NULL REFERENCES currency,
    sharechain text        NOT NULL REFERENCES sharechain_head,
    number     bigint      NOT NULL CHECK (number >= 1),
    from_pos   bigint      NOT NULL CHECK (from_pos >= 0),
    buys       boolean     NOT NULL,
    reason     text        NOT NULL,
    -- How the reserve stood: held, coming with blocks that are not mature, needed (NULL: no reserve is
    -- enough).
    held       bigint      NOT NULL,
    coming     bigint      NOT NULL,
    needed     bigint,
    at         timestamptz NOT NULL,
    PRIMARY KEY (currency, sharechain, number)
);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON pps_switch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON pps_switch TO ngpool_payout;
GRANT SELECT ON pps_switch TO ngpool_ledger, ngpool_web;

-- Holds the head of a chain still until the end of the transaction; its position.
CREATE FUNCTION lock_sharechain(p_sharechain text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pos FROM sharechain_head WHERE sharechain = p_sharechain FOR NO KEY UPDATE
$$;
REVOKE ALL ON FUNCTION lock_sharechain(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_sharechain(text) TO ngpool_payout;

-- Up to where the work of a chain is paid, and on which terms the open period goes on.
CREATE TABLE pps_head (
    currency   text        NOT NULL REFERENCES currency,
    sharechain text        NOT NULL REFERENCES sharechain_head,
    pos        bigint      NOT NULL CHECK (pos >= 0),
    -- Number of the newest period.
    period     bigint      NOT NULL DEFAULT 0 CHECK (period >= 0),
    buys       boolean     NOT NULL,
    opened_at  timestamptz NOT NULL,
    -- As the settings had them when the period began; a change holds from the next.
    terms      jsonb       NOT NULL,
    PRIMARY KEY (currency, sharechain)
);
GRANT SELECT, INSERT, UPDATE (pos, period, buys, opened_at, terms) ON pps_head TO ngpool_payout;
GRANT SELECT ON pps_head TO ngpool_ledger, ngpool_web;

-- Periods that were paid, final.
CREATE TABLE pps_period (
    currency   text          NOT NULL,
    sharechain text          NOT NULL,
    number     bigint        NOT NULL CHECK (number >= 1),
    -- The work after this position, up to that one.
    after_pos  bigint        NOT NULL CHECK (after_pos >= 0),
    to_pos     bigint        NOT NULL,
    opened_at  timestamptz   NOT NULL,
    closed_at  timestamptz   NOT NULL,
    terms      jsonb         NOT NULL,
    -- What an expected block was bought for: subsidy, and mean fees of the last blocks of the chain.
    subsidy    bigint        NOT NULL CHECK (subsidy >= 0),
    fees       bigint        NOT NULL CHECK (fees >= 0),
    fee_ppm    integer       NOT NULL CHECK (fee_ppm BETWEEN 0 AND 1000000),
    work       numeric(39,0) NOT NULL,
    -- Out of the reserve: credits, donations, and what the operator took to the pool's fees.
    amount     bigint        NOT NULL CHECK (amount >= 0),
    donation   bigint        NOT NULL CHECK (donation >= 0),
    fee        bigint        NOT NULL CHECK (fee >= 0),
    PRIMARY KEY (currency, sharechain, number),
    FOREIGN KEY (currency, sharechain) REFERENCES pps_head,
    CHECK (to_pos >= after_pos)
);
CREATE TABLE pps_credit (
    currency   text          NOT NULL,
    sharechain text          NOT NULL,
    number     bigint        NOT NULL,
    payee      text          NOT NULL,
    work       numeric(39,0) NOT NULL,
    -- Expected blocks, scaled by 2^64, and their value by the shares' own jobs, scaled by 2^32.
    expected   numeric(39,0) NOT NULL,
    value      numeric(39,0) NOT NULL,
    amount     bigint        NOT NULL CHECK (amount >= 0),
    donation   bigint        NOT NULL CHECK (donation >= 0),
    -- What was less than a unit and goes to his next period, scaled by 2^32.
    credit_left   bigint     NOT NULL CHECK (credit_left BETWEEN 0 AND 4294967295),
    donation_left bigint     NOT NULL CHECK (donation_left BETWEEN 0 AND 4294967295),
    PRIMARY KEY (currency, sharechain, number, payee),
    FOREIGN KEY (currency, sharechain, number) REFERENCES pps_period
);
CREATE INDEX pps_credit_payee ON pps_credit (payee, currency, sharechain, number DESC);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON pps_period
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON pps_credit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON pps_period, pps_credit TO ngpool_payout;
GRANT SELECT ON pps_period, pps_credit TO ngpool_ledger, ngpool_web;

-- What each payee carries from one period to the next.
CREATE TABLE pps_carried (
    currency   text   NOT NULL,
    sharechain text   NOT NULL,
    payee      text   NOT NULL,
    credit     bigint NOT NULL CHECK (credit BETWEEN 0 AND 4294967295),
    donation   bigint NOT NULL CHECK (donation BETWEEN 0 AND 4294967295),
    PRIMARY KEY (currency, sharechain, payee)
);
GRANT SELECT, INSERT, UPDATE (credit, donation) ON pps_carried TO ngpool_payout;
GRANT SELECT ON pps_carried TO ngpool_web;

-- What the operator takes from a reserve to the pool's fees, with the next period that has room for it.
CREATE TABLE pps_release (
    currency   text        NOT NULL,
    sharechain text        NOT NULL,
    -- The operator's word for it: the same again is the same.
    reference  text        NOT NULL CHECK (length(reference) BETWEEN 1 AND 100),
    amount     bigint      NOT NULL CHECK (amount > 0),
    asked_at   timestamptz NOT NULL,
    period     bigint,
    PRIMARY KEY (currency, sharechain, reference),
    FOREIGN KEY (currency, sharechain) REFERENCES pps_head
);
GRANT SELECT, INSERT, UPDATE (period) ON pps_release TO ngpool_payout;
GRANT SELECT ON pps_release TO ngpool_web;

-- A statement is about a block or about a period.
ALTER TABLE statement
    ALTER COLUMN hash DROP NOT NULL,
    ADD COLUMN period bigint,
    ADD CONSTRAINT statement_subject CHECK ((hash IS NULL) <> (period IS NULL)),
    ADD CONSTRAINT statement_period UNIQUE (currency, sharechain, period),
    ADD CONSTRAINT statement_of_period FOREIGN KEY (currency, sharechain, period) REFERENCES pps_period;

-- What the coinbase of a followed block pays in all: subsidy and fees. NULL when it was followed
-- before this was asked for.
ALTER TABLE followed_block ADD COLUMN coinbase_value bigint CHECK (coinbase_value >= 0);

-- The reserve pays what it has: work is bought with coins that are there.
ALTER TABLE balance DROP CONSTRAINT balance_not_overdrawn;
ALTER TABLE balance ADD CONSTRAINT balance_not_overdrawn CHECK (
    CASE
        WHEN kind IN ('payee', 'block', 'payout', 'fee', 'donation', 'bonus', 'capital', 'unallocated',
                      'pps_reserve')
            THEN amount >= 0
        WHEN kind IN ('utxo', 'orphan_loss') THEN amount <= 0
        -- network_fee is lent and paid back.
        ELSE true
    END);

CREATE OR REPLACE FUNCTION books_check(p_currency text)
RETURNS TABLE (what text, name text, off_by numeric)
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
    -- What a part is made of, and its sums of bonuses and donations.
    SELECT 'split', encode(p.hash, 'hex') || ' ' || p.sharechain, s.off_by
        FROM block_part p CROSS JOIN LATERAL (
            SELECT p.amount - p.fee - p.reserve - p.donation - coalesce(sum(c.amount), 0) AS off_by,
                   coalesce(sum(c.donation), 0) AS donation, coalesce(sum(c.bonus), 0) AS bonus
            FROM block_credit c WHERE c.currency = p.currency AND c.hash = p.hash
              AND c.sharechain = p.sharechain) s
        WHERE p.currency = p_currency
          AND (s.off_by <> 0 OR s.donation <> p.donation OR s.bonus <> p.bonus)
    UNION ALL
    SELECT 'reward', encode(b.hash, 'hex'), b.reward - coalesce(sum(p.amount), 0)
        FROM block b LEFT JOIN block_part p USING (currency, hash)
        WHERE b.currency = p_currency AND b.accepted_at IS NOT NULL
        GROUP BY b.hash, b.reward HAVING b.reward <> coalesce(sum(p.amount), 0)
    UNION ALL
    SELECT 'period', p.sharechain || ' ' || p.number, s.off_by
        FROM pps_period p CROSS JOIN LATERAL (
            SELECT p.amount - p.fee - p.donation - coalesce(sum(c.amount), 0) AS off_by,
                   coalesce(sum(c.donation), 0) AS donation
            FROM pps_credit c WHERE c.currency = p.currency AND c.sharechain = p.sharechain
              AND c.number = p.number) s
        WHERE p.currency = p_currency AND (s.off_by <> 0 OR s.donation <> p.donation)
$$;
