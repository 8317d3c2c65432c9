-- What the operator asks for by hand.

-- Draws of the pool's fees. What is still to be paid is the sum of these less what payouts pay to
-- `pool:fee`, those that became void left out; so a draw is paid once whatever happens to its payout.
CREATE TABLE fee_draw (
    currency  text        NOT NULL REFERENCES currency,
    -- The operator's word for it: the same again is the same.
    reference text        NOT NULL CHECK (length(reference) BETWEEN 1 AND 200),
    amount    bigint      NOT NULL CHECK (amount > 0),
    asked_at  timestamptz NOT NULL,
    PRIMARY KEY (currency, reference)
);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON fee_draw
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON fee_draw TO ngpool_payout;
GRANT SELECT ON fee_draw TO ngpool_web;
