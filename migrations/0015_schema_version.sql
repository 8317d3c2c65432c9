-- Every program looks whether the schema is as new as it needs before it says that it is ready.
GRANT SELECT (version, success) ON _sqlx_migrations TO ngpool_ledger, ngpool_payout, ngpool_web;
