-- Payees for whom a signer refused a payout: they are left out until then, so that the others are paid.
CREATE TABLE payee_refusal (
    currency text        NOT NULL REFERENCES currency,
    payee    text        NOT NULL,
    -- The payout that was refused.
    number   bigint      NOT NULL CHECK (number >= 1),
    -- In the signer's words.
    reason   text        NOT NULL,
    at       timestamptz NOT NULL,
    -- When the signer may be asked again.
    until    timestamptz NOT NULL,
    PRIMARY KEY (currency, payee)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON payee_refusal TO ngpool_payout;
GRANT SELECT ON payee_refusal TO ngpool_web;
