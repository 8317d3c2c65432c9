-- The currencies that a chain of batches has work of, each with the position of its first. No window of
-- a currency reaches further back: one that came later, or was never mined, holds nothing from before.
CREATE TABLE share_currency (
    sharechain   text          NOT NULL REFERENCES sharechain_head,
    currency     text          NOT NULL,
    first_pos    bigint        NOT NULL CHECK (first_pos > 0),
    -- The largest that its ledger has heard of, so that one that starts knows how long windows are;
    -- 0 while none has said.
    network_work numeric(39,0) NOT NULL DEFAULT 0 CHECK (network_work >= 0),
    PRIMARY KEY (sharechain, currency)
);
GRANT SELECT, INSERT, UPDATE (network_work) ON share_currency TO ngpool_ledger;
GRANT SELECT ON share_currency TO ngpool_payout, ngpool_web;

-- What is there already. Where days were dropped before, nobody knows what was in them: 1.
INSERT INTO share_currency (sharechain, currency, first_pos)
SELECT b.sharechain, code, CASE WHEN min(k.oldest) > 1 THEN 1 ELSE min(b.pos) END
FROM share_batch b
JOIN (SELECT sharechain, min(pos) AS oldest FROM share_batch GROUP BY sharechain) k
    USING (sharechain),
    LATERAL jsonb_object_keys(b.totals) AS key,
    LATERAL unnest(string_to_array(key, ',')) AS code
GROUP BY b.sharechain, code;
