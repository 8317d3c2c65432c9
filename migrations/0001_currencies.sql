-- Ground that the other migrations stand on.
--
-- Everything here belongs to ngpool_books, a role that nobody logs in as. Programs log in as members
-- of ngpool_ledger, ngpool_payout or ngpool_web and hold exactly what each file grants them.

-- For tables whose rows are final. Grants keep the workloads out; this keeps slips of the owner out.
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: its rows are final', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'NG003';
END
$$;

-- Books are keyed by the code and bound to the chain's first block: a currency that comes back with
-- another genesis is another currency.
CREATE TABLE currency (
    code       text        PRIMARY KEY CHECK (code ~ '^[A-Za-z0-9._-]{1,30}$'),
    genesis    bytea       NOT NULL CHECK (octet_length(genesis) = 32),
    adopted_at timestamptz NOT NULL
);
CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON currency
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON currency TO ngpool_ledger, ngpool_payout;
GRANT SELECT ON currency TO ngpool_web;

-- Tables that are cut by day or month, so that old rows go by dropping a table.
CREATE TABLE partitioned (
    name   text PRIMARY KEY,
    period text NOT NULL CHECK (period IN ('day', 'month'))
);

-- Makes the partitions of a table that hold the days from p_first to p_last and are not there yet.
-- A table is made on its own and then attached: that locks out no reader and no writer.
CREATE FUNCTION make_partitions(p_table text, p_first date, p_last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_period text;
    v_from   date;
    v_to     date;
    v_name   text;
    v_made   integer := 0;
BEGIN
    SELECT period INTO v_period FROM partitioned WHERE name = p_table;
    IF v_period IS NULL THEN
        RAISE EXCEPTION 'table % is not partitioned', p_table;
    END IF;
    IF p_last - p_first > 1000 THEN
        RAISE EXCEPTION 'partitions from % to % are too many', p_first, p_last;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ngpool partitions ' || p_table));
    v_from := date_trunc(v_period, p_first::timestamp)::date;
    WHILE v_from <= p_last LOOP
        v_to := (v_from + ('1 ' || v_period)::interval)::date;
        v_name := p_table || '_' || to_char(v_from, 'YYYYMMDD');
        IF to_regclass(format('public.%I', v_name)) IS NULL THEN
            -- Counters are updated in place, which needs room in their page; batches never are.
            EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL EXCLUDING INDEXES)
                            WITH (fillfactor = %s)',
                           v_name, p_table, CASE p_table WHEN 'share_batch' THEN 100 ELSE 70 END);
            EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                           p_table, v_name, v_from, v_to);
            v_made := v_made + 1;
        END IF;
        v_from := v_to;
    END LOOP;
    RETURN v_made;
END
$$;
REVOKE ALL ON FUNCTION make_partitions(text, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_partitions(text, date, date) TO ngpool_ledger;
