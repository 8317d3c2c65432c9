-- Statistics: what pages show. They pay nobody, and may be thrown away.

-- How far the batches of a chain are counted in the tables below: each exactly once.
CREATE TABLE statistics_head (
    sharechain text   PRIMARY KEY REFERENCES sharechain_head,
    pos        bigint NOT NULL DEFAULT 0
);
GRANT SELECT, INSERT, UPDATE (pos) ON statistics_head TO ngpool_ledger;
GRANT SELECT ON statistics_head TO ngpool_web, ngpool_payout;

-- Workers that were seen, so that a user cannot make rows without bound.
CREATE TABLE worker (
    user_name  text        NOT NULL,
    worker     text        NOT NULL,
    first_seen timestamptz NOT NULL,
    last_share timestamptz NOT NULL,
    PRIMARY KEY (user_name, worker)
);
CREATE INDEX worker_last_share ON worker (last_share);
GRANT SELECT, INSERT, UPDATE (last_share), DELETE ON worker TO ngpool_ledger;
GRANT SELECT ON worker TO ngpool_web, ngpool_payout;

-- `bucket` is the start of the minute or hour; `day` its UTC day, which cuts the partitions.
CREATE TABLE worker_minute (
    user_name     text          NOT NULL,
    worker        text          NOT NULL,
    bucket        timestamptz   NOT NULL,
    sharechain    text          NOT NULL,
    port          text          NOT NULL,
    day           date          NOT NULL,
    shares        bigint        NOT NULL,
    work          numeric(39,0) NOT NULL,
    rejected      bigint        NOT NULL,
    rejected_work numeric(39,0) NOT NULL,
    PRIMARY KEY (user_name, worker, bucket, sharechain, port, day)
) PARTITION BY RANGE (day);
CREATE TABLE worker_hour (LIKE worker_minute INCLUDING ALL) PARTITION BY RANGE (day);

CREATE TABLE port_minute (
    bucket        timestamptz   NOT NULL,
    sharechain    text          NOT NULL,
    port          text          NOT NULL,
    day           date          NOT NULL,
    shares        bigint        NOT NULL,
    work          numeric(39,0) NOT NULL,
    rejected      bigint        NOT NULL,
    rejected_work numeric(39,0) NOT NULL,
    PRIMARY KEY (bucket, sharechain, port, day)
) PARTITION BY RANGE (day);
CREATE TABLE port_hour (LIKE port_minute INCLUDING ALL) PARTITION BY RANGE (day);

CREATE TABLE reject_minute (
    bucket     timestamptz   NOT NULL,
    sharechain text          NOT NULL,
    port       text          NOT NULL,
    reason     text          NOT NULL,
    day        date          NOT NULL,
    count      bigint        NOT NULL,
    work       numeric(39,0) NOT NULL,
    PRIMARY KEY (bucket, sharechain, port, reason, day)
) PARTITION BY RANGE (day);

CREATE TABLE worker_reject_hour (
    user_name  text          NOT NULL,
    worker     text          NOT NULL,
    bucket     timestamptz   NOT NULL,
    sharechain text          NOT NULL,
    port       text          NOT NULL,
    reason     text          NOT NULL,
    day        date          NOT NULL,
    count      bigint        NOT NULL,
    work       numeric(39,0) NOT NULL,
    PRIMARY KEY (user_name, worker, bucket, sharechain, port, reason, day)
) PARTITION BY RANGE (day);

INSERT INTO partitioned VALUES
    ('worker_minute', 'day'), ('port_minute', 'day'), ('reject_minute', 'day'),
    ('worker_hour', 'month'), ('port_hour', 'month'), ('worker_reject_hour', 'month');
GRANT SELECT, INSERT, UPDATE ON
    worker_minute, worker_hour, port_minute, port_hour, reject_minute, worker_reject_hour
    TO ngpool_ledger;
GRANT SELECT ON
    worker_minute, worker_hour, port_minute, port_hour, reject_minute, worker_reject_hour
    TO ngpool_web, ngpool_payout;

-- Drops the partitions of statistics that lie wholly before a day.
CREATE FUNCTION drop_statistics(p_minutes_before date, p_hours_before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    v_child   record;
    v_dropped integer := 0;
BEGIN
    -- One at a time: two would drop the same tables.
    PERFORM pg_advisory_xact_lock(hashtext('ngpool partitions statistics'));
    FOR v_child IN
        SELECT c.relname FROM partitioned p
        JOIN pg_class t ON t.relname = p.name AND t.relnamespace = 'public'::regnamespace
        JOIN pg_inherits i ON i.inhparent = t.oid
        JOIN pg_class c ON c.oid = i.inhrelid
        WHERE p.name <> 'share_batch'
          AND (to_date(right(c.relname, 8), 'YYYYMMDD') + ('1 ' || p.period)::interval)::date
              <= CASE p.period WHEN 'day' THEN p_minutes_before ELSE p_hours_before END
    LOOP
        EXECUTE format('DROP TABLE %I', v_child.relname);
        v_dropped := v_dropped + 1;
    END LOOP;
    RETURN v_dropped;
END
$$;
REVOKE ALL ON FUNCTION drop_statistics(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_statistics(date, date) TO ngpool_ledger;

-- Who is connected now, as the last round of each server said.
CREATE TABLE live_port (
    producer    bytea       PRIMARY KEY CHECK (octet_length(producer) = 16),
    sharechain  text        NOT NULL,
    port        text        NOT NULL,
    connections integer     NOT NULL,
    round       bigint      NOT NULL,
    seen_at     timestamptz NOT NULL
);
CREATE TABLE live_worker (
    producer    bytea            NOT NULL,
    user_name   text             NOT NULL,
    worker      text             NOT NULL,
    sharechain  text             NOT NULL,
    port        text             NOT NULL,
    connections integer          NOT NULL,
    difficulty  double precision NOT NULL,
    hash_rate   double precision NOT NULL,
    last_share  timestamptz,
    user_agent  text             NOT NULL,
    round       bigint           NOT NULL,
    seen_at     timestamptz      NOT NULL,
    PRIMARY KEY (producer, user_name, worker)
) WITH (fillfactor = 70);
CREATE INDEX live_worker_user ON live_worker (user_name, worker);
GRANT SELECT, INSERT, UPDATE, DELETE ON live_port, live_worker TO ngpool_ledger;
GRANT SELECT ON live_port, live_worker TO ngpool_web;

-- What the jobs found out about the nodes.
CREATE TABLE node_status (
    currency       text        NOT NULL,
    node           text        NOT NULL,
    state          text        NOT NULL,
    reason         text        NOT NULL,
    height         bigint      NOT NULL,
    headers        bigint      NOT NULL,
    best_hash      bytea,
    chain_work     bytea,
    peers          integer     NOT NULL,
    daemon_version text        NOT NULL,
    bits           bigint      NOT NULL,
    template_at    timestamptz,
    seen_at        timestamptz NOT NULL,
    PRIMARY KEY (currency, node)
);
-- The last run of each step of each job.
CREATE TABLE job_step (
    currency     text        NOT NULL,
    step         text        NOT NULL,
    last_run     timestamptz NOT NULL,
    last_success timestamptz,
    error        text        NOT NULL,
    PRIMARY KEY (currency, step)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON node_status, job_step TO ngpool_payout;
GRANT SELECT ON node_status, job_step TO ngpool_web, ngpool_ledger;
