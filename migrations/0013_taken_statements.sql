-- Statements that a signer gave back after the database was put back from a backup, as they were
-- signed. What they are about is credited as they say, and then they follow in their chain.
CREATE TABLE taken_statement (
    currency   text        NOT NULL REFERENCES currency,
    sharechain text        NOT NULL,
    seq        bigint      NOT NULL CHECK (seq >= 1),
    previous   bytea       NOT NULL CHECK (octet_length(previous) = 32),
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    body       bytea       NOT NULL,
    signature  bytea       NOT NULL CHECK (octet_length(signature) = 64),
    key        bytea       NOT NULL CHECK (octet_length(key) = 32),
    hash       bytea       CHECK (octet_length(hash) = 32),
    period     bigint      CHECK (period >= 1),
    taken_at   timestamptz NOT NULL,
    PRIMARY KEY (currency, sharechain, seq),
    CHECK ((hash IS NULL) <> (period IS NULL))
);
CREATE INDEX taken_statement_block ON taken_statement (currency, hash);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON taken_statement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON taken_statement TO ngpool_payout;
GRANT SELECT ON taken_statement TO ngpool_web;
