--
-- PostgreSQL database dump
--



SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: book_entry_added(); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.book_entry_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.book_entry_added() OWNER TO ngpool_books;

--
-- Name: books_check(text); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.books_check(p_currency text) RETURNS TABLE(what text, name text, off_by numeric)
    LANGUAGE sql STABLE
    AS $$
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


ALTER FUNCTION public.books_check(p_currency text) OWNER TO ngpool_books;

--
-- Name: drop_share_partitions(date); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.drop_share_partitions(p_before date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET lock_timeout TO '2s'
    AS $$
DECLARE
    v_child   record;
    v_needed  boolean;
    v_dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ngpool partitions share_batch'));
    FOR v_child IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.share_batch'::regclass
          AND to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= p_before
        ORDER BY c.relname
    LOOP
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM sharechain_head h LEFT JOIN share_keep k USING (sharechain)
                 WHERE EXISTS (SELECT FROM %I b WHERE b.sharechain = h.sharechain
                               AND b.pos >= coalesce(k.from_pos, 0)))', v_child.relname)
            INTO v_needed;
        -- Days go in order: a window never has a hole.
        EXIT WHEN v_needed;
        EXECUTE format('DROP TABLE %I', v_child.relname);
        v_dropped := v_dropped + 1;
    END LOOP;
    DELETE FROM share_chunk c USING share_keep k
        WHERE k.sharechain = c.sharechain AND c.last_pos < k.from_pos;
    RETURN v_dropped;
END
$$;


ALTER FUNCTION public.drop_share_partitions(p_before date) OWNER TO ngpool_books;

--
-- Name: drop_statistics(date, date); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.drop_statistics(p_minutes_before date, p_hours_before date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET lock_timeout TO '2s'
    AS $$
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


ALTER FUNCTION public.drop_statistics(p_minutes_before date, p_hours_before date) OWNER TO ngpool_books;

--
-- Name: forget_payout(text, bigint); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.forget_payout(p_currency text, p_number bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    DELETE FROM payout_part WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout_input WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout_change WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout_version WHERE currency = p_currency AND number = p_number;
    DELETE FROM payout WHERE currency = p_currency AND number = p_number;
$$;


ALTER FUNCTION public.forget_payout(p_currency text, p_number bigint) OWNER TO ngpool_books;

--
-- Name: forget_payout_version(text, bigint, integer); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.forget_payout_version(p_currency text, p_number bigint, p_version integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    DELETE FROM payout_input
        WHERE currency = p_currency AND number = p_number AND version = p_version;
    DELETE FROM payout_change
        WHERE currency = p_currency AND number = p_number AND version = p_version;
    DELETE FROM payout_version
        WHERE currency = p_currency AND number = p_number AND version = p_version;
$$;


ALTER FUNCTION public.forget_payout_version(p_currency text, p_number bigint, p_version integer) OWNER TO ngpool_books;

--
-- Name: in_books(text, bytea, bigint); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.in_books(p_currency text, p_txid bytea, p_vout bigint) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
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


ALTER FUNCTION public.in_books(p_currency text, p_txid bytea, p_vout bigint) OWNER TO ngpool_books;

--
-- Name: lock_sharechain(text); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.lock_sharechain(p_sharechain text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT pos FROM sharechain_head WHERE sharechain = p_sharechain FOR NO KEY UPDATE
$$;


ALTER FUNCTION public.lock_sharechain(p_sharechain text) OWNER TO ngpool_books;

--
-- Name: make_partitions(text, date, date); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.make_partitions(p_table text, p_first date, p_last date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.make_partitions(p_table text, p_first date, p_last date) OWNER TO ngpool_books;

--
-- Name: payout_row_deleted(); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.payout_row_deleted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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


ALTER FUNCTION public.payout_row_deleted() OWNER TO ngpool_books;

--
-- Name: payout_version_changed(); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.payout_version_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.transaction IS NOT NULL AND OLD.transaction IS DISTINCT FROM NEW.transaction
        OR OLD.unsigned IS DISTINCT FROM NEW.unsigned OR OLD.fee <> NEW.fee THEN
        RAISE EXCEPTION 'version % of payout % is signed: it is final', OLD.version, OLD.number
            USING ERRCODE = 'NG003';
    END IF;
    RETURN NEW;
END
$$;


ALTER FUNCTION public.payout_version_changed() OWNER TO ngpool_books;

--
-- Name: payouts_check(text); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.payouts_check(p_currency text) RETURNS TABLE(what text, name text, off_by numeric)
    LANGUAGE sql STABLE
    AS $$
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


ALTER FUNCTION public.payouts_check(p_currency text) OWNER TO ngpool_books;

--
-- Name: payouts_stopped(text); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.payouts_stopped(p_currency text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
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


ALTER FUNCTION public.payouts_stopped(p_currency text) OWNER TO ngpool_books;

--
-- Name: post(text, bytea, text, jsonb, timestamp with time zone, text[], bigint[]); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.post(p_currency text, p_id bytea, p_kind text, p_cause jsonb, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.post(p_currency text, p_id bytea, p_kind text, p_cause jsonb, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[]) OWNER TO ngpool_books;

--
-- Name: refuse_change(); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: its rows are final', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'NG003';
END
$$;


ALTER FUNCTION public.refuse_change() OWNER TO ngpool_books;

--
-- Name: version_row_deleted(); Type: FUNCTION; Schema: public; Owner: ngpool_books
--

CREATE FUNCTION public.version_row_deleted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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


ALTER FUNCTION public.version_row_deleted() OWNER TO ngpool_books;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: _sqlx_migrations; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);


ALTER TABLE public._sqlx_migrations OWNER TO ngpool_books;

--
-- Name: audit_alarm; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.audit_alarm (
    currency text NOT NULL,
    kind text NOT NULL,
    subject bytea NOT NULL,
    what text NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    CONSTRAINT audit_alarm_kind_check CHECK ((kind = ANY (ARRAY['coinbase'::text, 'script'::text])))
);


ALTER TABLE public.audit_alarm OWNER TO ngpool_books;

--
-- Name: balance; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.balance (
    currency text NOT NULL,
    account text NOT NULL,
    kind text GENERATED ALWAYS AS (split_part(account, ':'::text, 1)) STORED NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT balance_not_overdrawn CHECK (
CASE
    WHEN (kind = ANY (ARRAY['payee'::text, 'block'::text, 'payout'::text, 'fee'::text, 'donation'::text, 'bonus'::text, 'capital'::text, 'unallocated'::text, 'pps_reserve'::text])) THEN (amount >= 0)
    WHEN (kind = ANY (ARRAY['utxo'::text, 'orphan_loss'::text])) THEN (amount <= 0)
    ELSE true
END)
);


ALTER TABLE public.balance OWNER TO ngpool_books;

--
-- Name: block; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.block (
    currency text NOT NULL,
    hash bytea NOT NULL,
    height bigint NOT NULL,
    previous_hash bytea NOT NULL,
    bits bigint NOT NULL,
    network_work numeric(39,0) NOT NULL,
    pow_hash bytea NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    finder text NOT NULL,
    finder_worker text NOT NULL,
    coinbase_txid bytea NOT NULL,
    coinbase_vout bigint NOT NULL,
    script bytea NOT NULL,
    reward bigint NOT NULL,
    found_at timestamp with time zone NOT NULL,
    reported_at timestamp with time zone NOT NULL,
    final boolean NOT NULL,
    state text DEFAULT 'reported'::text NOT NULL,
    state_at timestamp with time zone NOT NULL,
    state_reason text DEFAULT ''::text NOT NULL,
    confirmations bigint DEFAULT 0 NOT NULL,
    accepted_at timestamp with time zone,
    matured_at timestamp with time zone,
    orphaned integer DEFAULT 0 NOT NULL,
    CONSTRAINT block_check CHECK (((state <> 'mature'::text) OR ((accepted_at IS NOT NULL) AND (matured_at IS NOT NULL)))),
    CONSTRAINT block_check1 CHECK (((state <> 'accepted'::text) OR ((accepted_at IS NOT NULL) AND (matured_at IS NULL)))),
    CONSTRAINT block_coinbase_txid_check CHECK ((octet_length(coinbase_txid) = 32)),
    CONSTRAINT block_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT block_height_check CHECK ((height >= 0)),
    CONSTRAINT block_network_work_check CHECK ((network_work > (0)::numeric)),
    CONSTRAINT block_pow_hash_check CHECK ((octet_length(pow_hash) = 32)),
    CONSTRAINT block_previous_hash_check CHECK ((octet_length(previous_hash) = 32)),
    CONSTRAINT block_reward_check CHECK ((reward >= 0)),
    CONSTRAINT block_state_check CHECK ((state = ANY (ARRAY['reported'::text, 'accepted'::text, 'rejected'::text, 'mature'::text, 'orphaned'::text])))
);


ALTER TABLE public.block OWNER TO ngpool_books;

--
-- Name: block_answer; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.block_answer (
    currency text NOT NULL,
    hash bytea NOT NULL,
    node text NOT NULL,
    outcome integer NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL
);


ALTER TABLE public.block_answer OWNER TO ngpool_books;

--
-- Name: block_credit; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.block_credit (
    currency text NOT NULL,
    hash bytea NOT NULL,
    payee text NOT NULL,
    sharechain text NOT NULL,
    work numeric(39,0) NOT NULL,
    amount bigint NOT NULL,
    bonus bigint DEFAULT 0 NOT NULL,
    donation bigint DEFAULT 0 NOT NULL,
    CONSTRAINT block_credit_amount_check CHECK ((amount >= 0)),
    CONSTRAINT block_credit_bonus_check CHECK ((bonus >= 0)),
    CONSTRAINT block_credit_donation_check CHECK ((donation >= 0))
);


ALTER TABLE public.block_credit OWNER TO ngpool_books;

--
-- Name: block_part; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.block_part (
    currency text NOT NULL,
    hash bytea NOT NULL,
    sharechain text NOT NULL,
    split_work numeric(39,0) NOT NULL,
    win_length numeric(39,0) NOT NULL,
    win_work numeric(39,0) NOT NULL,
    win_pos bigint NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    frozen_at timestamp with time zone NOT NULL,
    bonus bigint DEFAULT 0 NOT NULL,
    donation bigint DEFAULT 0 NOT NULL,
    reserve bigint DEFAULT 0 NOT NULL,
    win_bought numeric(39,0) DEFAULT 0 NOT NULL,
    CONSTRAINT block_part_amount_check CHECK ((amount >= 0)),
    CONSTRAINT block_part_bonus_check CHECK ((bonus >= 0)),
    CONSTRAINT block_part_donation_check CHECK ((donation >= 0)),
    CONSTRAINT block_part_fee_check CHECK ((fee >= 0)),
    CONSTRAINT block_part_reserve_check CHECK ((reserve >= 0))
);


ALTER TABLE public.block_part OWNER TO ngpool_books;

--
-- Name: book_entry; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.book_entry (
    currency text NOT NULL,
    id bytea NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT book_entry_account_check CHECK ((account ~ '^(utxo:(coinbase|spendable|reserved)|block:[0-9a-f]{64}|payee:.{1,200}|payout:[0-9]{1,18}|fee|donation|bonus|pps_reserve|network_fee|orphan_loss|capital|unallocated)$'::text)),
    CONSTRAINT book_entry_amount_check CHECK ((amount <> 0))
);


ALTER TABLE public.book_entry OWNER TO ngpool_books;

--
-- Name: book_transaction; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.book_transaction (
    currency text NOT NULL,
    id bytea NOT NULL,
    kind text NOT NULL,
    cause jsonb NOT NULL,
    digest bytea NOT NULL,
    entries integer NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    CONSTRAINT book_transaction_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT book_transaction_entries_check CHECK ((entries >= 2)),
    CONSTRAINT book_transaction_id_check CHECK ((octet_length(id) = 32)),
    CONSTRAINT book_transaction_kind_check CHECK ((kind ~ '^[a-z_]{1,40}$'::text))
);


ALTER TABLE public.book_transaction OWNER TO ngpool_books;

--
-- Name: chain_output; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.chain_output (
    currency text NOT NULL,
    txid bytea NOT NULL,
    vout bigint NOT NULL,
    amount bigint NOT NULL,
    script bytea NOT NULL,
    coinbase boolean NOT NULL,
    created_height bigint,
    created_hash bytea,
    spent_height bigint,
    spent_hash bytea,
    spent_txid bytea,
    booked boolean DEFAULT false NOT NULL,
    bookings integer DEFAULT 0 NOT NULL,
    CONSTRAINT chain_output_amount_check CHECK ((amount >= 0)),
    CONSTRAINT chain_output_check CHECK (((created_height IS NULL) = (created_hash IS NULL))),
    CONSTRAINT chain_output_check1 CHECK ((((spent_height IS NULL) = (spent_hash IS NULL)) AND ((spent_height IS NULL) = (spent_txid IS NULL)))),
    CONSTRAINT chain_output_txid_check CHECK ((octet_length(txid) = 32)),
    CONSTRAINT chain_output_vout_check CHECK ((vout >= 0))
);


ALTER TABLE public.chain_output OWNER TO ngpool_books;

--
-- Name: chain_spender; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.chain_spender (
    currency text NOT NULL,
    txid bytea NOT NULL,
    height bigint NOT NULL,
    hash bytea NOT NULL,
    in_txids bytea[] NOT NULL,
    in_vouts bigint[] NOT NULL,
    out_amounts bigint[] NOT NULL,
    out_scripts bytea[] NOT NULL,
    CONSTRAINT chain_spender_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT chain_spender_txid_check CHECK ((octet_length(txid) = 32))
);


ALTER TABLE public.chain_spender OWNER TO ngpool_books;

--
-- Name: coinbase_seen; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.coinbase_seen (
    currency text NOT NULL,
    hash bytea NOT NULL
);


ALTER TABLE public.coinbase_seen OWNER TO ngpool_books;

--
-- Name: currency; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.currency (
    code text NOT NULL,
    genesis bytea NOT NULL,
    adopted_at timestamp with time zone NOT NULL,
    CONSTRAINT currency_code_check CHECK ((code ~ '^[A-Za-z0-9._-]{1,30}$'::text)),
    CONSTRAINT currency_genesis_check CHECK ((octet_length(genesis) = 32))
);


ALTER TABLE public.currency OWNER TO ngpool_books;

--
-- Name: cut; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.cut (
    currency text NOT NULL,
    hash bytea NOT NULL,
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    network_work numeric(39,0) NOT NULL,
    reward bigint NOT NULL,
    method jsonb NOT NULL,
    fee_ppm integer NOT NULL,
    unanswered text[] NOT NULL,
    cut_at timestamp with time zone NOT NULL,
    split_window_milli bigint,
    bonus jsonb,
    round_pos bigint,
    donations bigint,
    switches bigint,
    CONSTRAINT cut_donations_check CHECK ((donations >= 0)),
    CONSTRAINT cut_fee_ppm_check CHECK (((fee_ppm >= 0) AND (fee_ppm <= 1000000))),
    CONSTRAINT cut_pos_check CHECK ((pos >= 0)),
    CONSTRAINT cut_round_pos_check CHECK ((round_pos >= 0)),
    CONSTRAINT cut_split_window_milli_check CHECK ((split_window_milli > 0)),
    CONSTRAINT cut_switches_check CHECK ((switches >= 0))
);


ALTER TABLE public.cut OWNER TO ngpool_books;

--
-- Name: donation_head; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.donation_head (
    currency text NOT NULL,
    number bigint DEFAULT 0 NOT NULL,
    CONSTRAINT donation_head_number_check CHECK ((number >= 0))
);


ALTER TABLE public.donation_head OWNER TO ngpool_books;

--
-- Name: fee_draw; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.fee_draw (
    currency text NOT NULL,
    reference text NOT NULL,
    amount bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    CONSTRAINT fee_draw_amount_check CHECK ((amount > 0)),
    CONSTRAINT fee_draw_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 200)))
);


ALTER TABLE public.fee_draw OWNER TO ngpool_books;

--
-- Name: followed_block; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.followed_block (
    currency text NOT NULL,
    height bigint NOT NULL,
    hash bytea NOT NULL,
    block_at timestamp with time zone NOT NULL,
    coinbase_value bigint,
    CONSTRAINT followed_block_coinbase_value_check CHECK ((coinbase_value >= 0)),
    CONSTRAINT followed_block_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT followed_block_height_check CHECK ((height >= 0))
);


ALTER TABLE public.followed_block OWNER TO ngpool_books;

--
-- Name: job_step; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.job_step (
    currency text NOT NULL,
    step text NOT NULL,
    last_run timestamp with time zone NOT NULL,
    last_success timestamp with time zone,
    error text NOT NULL
);


ALTER TABLE public.job_step OWNER TO ngpool_books;

--
-- Name: live_port; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.live_port (
    producer bytea NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    connections integer NOT NULL,
    round bigint NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT live_port_producer_check CHECK ((octet_length(producer) = 16))
);


ALTER TABLE public.live_port OWNER TO ngpool_books;

--
-- Name: live_worker; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.live_worker (
    producer bytea NOT NULL,
    user_name text NOT NULL,
    worker text NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    connections integer NOT NULL,
    difficulty double precision NOT NULL,
    hash_rate double precision NOT NULL,
    last_share timestamp with time zone,
    user_agent text NOT NULL,
    round bigint NOT NULL,
    seen_at timestamp with time zone NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.live_worker OWNER TO ngpool_books;

--
-- Name: node_status; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.node_status (
    currency text NOT NULL,
    node text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    height bigint NOT NULL,
    headers bigint NOT NULL,
    best_hash bytea,
    chain_work bytea,
    peers integer NOT NULL,
    daemon_version text NOT NULL,
    bits bigint NOT NULL,
    template_at timestamp with time zone,
    seen_at timestamp with time zone NOT NULL
);


ALTER TABLE public.node_status OWNER TO ngpool_books;

--
-- Name: partitioned; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.partitioned (
    name text NOT NULL,
    period text NOT NULL,
    CONSTRAINT partitioned_period_check CHECK ((period = ANY (ARRAY['day'::text, 'month'::text])))
);


ALTER TABLE public.partitioned OWNER TO ngpool_books;

--
-- Name: payee_donation; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payee_donation (
    currency text NOT NULL,
    number bigint NOT NULL,
    payee text NOT NULL,
    ppm integer NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT payee_donation_number_check CHECK ((number >= 1)),
    CONSTRAINT payee_donation_ppm_check CHECK (((ppm >= 0) AND (ppm <= 1000000)))
);


ALTER TABLE public.payee_donation OWNER TO ngpool_books;

--
-- Name: payee_setting; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payee_setting (
    currency text NOT NULL,
    payee text NOT NULL,
    minimum bigint,
    hold boolean DEFAULT false NOT NULL,
    hold_reason text DEFAULT ''::text NOT NULL,
    released bigint,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT payee_setting_minimum_check CHECK ((minimum > 0)),
    CONSTRAINT payee_setting_released_check CHECK ((released > 0))
);


ALTER TABLE public.payee_setting OWNER TO ngpool_books;

--
-- Name: payout; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout (
    currency text NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    state_at timestamp with time zone NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    anchor_txid bytea,
    anchor_vout bigint,
    parent bigint,
    void_asked_at timestamp with time zone,
    bookings integer DEFAULT 1 NOT NULL,
    confirmations integer DEFAULT 0 NOT NULL,
    confirmed_version integer,
    confirmed_txid bytea,
    confirmed_height bigint,
    confirmed_hash bytea,
    previous bigint GENERATED ALWAYS AS (NULLIF((number - 1), 0)) STORED,
    CONSTRAINT payout_anchor_txid_check CHECK ((octet_length(anchor_txid) = 32)),
    CONSTRAINT payout_anchor_vout_check CHECK ((anchor_vout >= 0)),
    CONSTRAINT payout_check CHECK (((anchor_txid IS NULL) = (anchor_vout IS NULL))),
    CONSTRAINT payout_check1 CHECK (((anchor_txid IS NOT NULL) OR (state = 'void'::text))),
    CONSTRAINT payout_check2 CHECK (((parent IS NOT NULL) = (kind = 'child'::text))),
    CONSTRAINT payout_check3 CHECK (((state = 'confirmed'::text) = (confirmed_txid IS NOT NULL))),
    CONSTRAINT payout_check4 CHECK ((((confirmed_txid IS NULL) = (confirmed_version IS NULL)) AND ((confirmed_txid IS NULL) = (confirmed_height IS NULL)) AND ((confirmed_txid IS NULL) = (confirmed_hash IS NULL)))),
    CONSTRAINT payout_confirmed_hash_check CHECK ((octet_length(confirmed_hash) = 32)),
    CONSTRAINT payout_confirmed_txid_check CHECK ((octet_length(confirmed_txid) = 32)),
    CONSTRAINT payout_kind_check CHECK ((kind = ANY (ARRAY['payees'::text, 'child'::text, 'consolidation'::text]))),
    CONSTRAINT payout_number_check CHECK ((number >= 1)),
    CONSTRAINT payout_state_check CHECK ((state = ANY (ARRAY['prepared'::text, 'signed'::text, 'broadcast'::text, 'confirmed'::text, 'void'::text])))
);


ALTER TABLE public.payout OWNER TO ngpool_books;

--
-- Name: payout_change; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout_change (
    currency text NOT NULL,
    number bigint NOT NULL,
    version integer NOT NULL,
    vout bigint NOT NULL,
    amount bigint NOT NULL,
    script bytea NOT NULL,
    CONSTRAINT payout_change_amount_check CHECK ((amount >= 0)),
    CONSTRAINT payout_change_vout_check CHECK ((vout >= 0))
);


ALTER TABLE public.payout_change OWNER TO ngpool_books;

--
-- Name: payout_input; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout_input (
    currency text NOT NULL,
    number bigint NOT NULL,
    version integer NOT NULL,
    place integer NOT NULL,
    txid bytea NOT NULL,
    vout bigint NOT NULL,
    amount bigint NOT NULL,
    script bytea NOT NULL,
    CONSTRAINT payout_input_amount_check CHECK ((amount >= 0)),
    CONSTRAINT payout_input_place_check CHECK ((place >= 0)),
    CONSTRAINT payout_input_txid_check CHECK ((octet_length(txid) = 32)),
    CONSTRAINT payout_input_vout_check CHECK ((vout >= 0))
);


ALTER TABLE public.payout_input OWNER TO ngpool_books;

--
-- Name: payout_part; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout_part (
    currency text NOT NULL,
    number bigint NOT NULL,
    payee text NOT NULL,
    script bytea NOT NULL,
    amount bigint NOT NULL,
    fee_share bigint NOT NULL,
    CONSTRAINT payout_part_amount_check CHECK ((amount > 0)),
    CONSTRAINT payout_part_fee_share_check CHECK ((fee_share >= 0))
);


ALTER TABLE public.payout_part OWNER TO ngpool_books;

--
-- Name: payout_reserve; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout_reserve (
    currency text NOT NULL,
    txid bytea NOT NULL,
    vout bigint NOT NULL,
    number bigint NOT NULL,
    amount bigint NOT NULL,
    held boolean NOT NULL,
    CONSTRAINT payout_reserve_amount_check CHECK ((amount >= 0)),
    CONSTRAINT payout_reserve_txid_check CHECK ((octet_length(txid) = 32)),
    CONSTRAINT payout_reserve_vout_check CHECK ((vout >= 0))
);


ALTER TABLE public.payout_reserve OWNER TO ngpool_books;

--
-- Name: payout_stop; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout_stop (
    currency text NOT NULL,
    by text NOT NULL,
    reason text NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT payout_stop_by_check CHECK ((by = ANY (ARRAY['audit'::text, 'operator'::text]))),
    CONSTRAINT payout_stop_reason_check CHECK ((reason <> ''::text))
);


ALTER TABLE public.payout_stop OWNER TO ngpool_books;

--
-- Name: payout_txid; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout_txid (
    currency text NOT NULL,
    txid bytea NOT NULL,
    number bigint NOT NULL,
    version integer NOT NULL,
    CONSTRAINT payout_txid_txid_check CHECK ((octet_length(txid) = 32))
);


ALTER TABLE public.payout_txid OWNER TO ngpool_books;

--
-- Name: payout_version; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.payout_version (
    currency text NOT NULL,
    number bigint NOT NULL,
    version integer NOT NULL,
    fee bigint NOT NULL,
    psbt bytea,
    unsigned bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    transaction bytea,
    txid bytea,
    signed_at timestamp with time zone,
    waiting_at timestamp with time zone,
    broadcast_at timestamp with time zone,
    answer text DEFAULT ''::text NOT NULL,
    answer_at timestamp with time zone,
    CONSTRAINT payout_version_check CHECK ((((transaction IS NULL) = (txid IS NULL)) AND ((transaction IS NULL) = (signed_at IS NULL)))),
    CONSTRAINT payout_version_check1 CHECK (((broadcast_at IS NULL) OR (transaction IS NOT NULL))),
    CONSTRAINT payout_version_fee_check CHECK ((fee >= 0)),
    CONSTRAINT payout_version_txid_check CHECK ((octet_length(txid) = 32)),
    CONSTRAINT payout_version_version_check CHECK ((version >= 1))
);


ALTER TABLE public.payout_version OWNER TO ngpool_books;

--
-- Name: port_hour; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_hour (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
PARTITION BY RANGE (day);


ALTER TABLE public.port_hour OWNER TO ngpool_books;

--
-- Name: port_hour_20261101; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_hour_20261101 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_hour_20261101 OWNER TO ngpool_books;

--
-- Name: port_hour_20261201; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_hour_20261201 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_hour_20261201 OWNER TO ngpool_books;

--
-- Name: port_minute; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
PARTITION BY RANGE (day);


ALTER TABLE public.port_minute OWNER TO ngpool_books;

--
-- Name: port_minute_20261123; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261123 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261123 OWNER TO ngpool_books;

--
-- Name: port_minute_20261124; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261124 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261124 OWNER TO ngpool_books;

--
-- Name: port_minute_20261125; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261125 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261125 OWNER TO ngpool_books;

--
-- Name: port_minute_20261126; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261126 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261126 OWNER TO ngpool_books;

--
-- Name: port_minute_20261127; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261127 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261127 OWNER TO ngpool_books;

--
-- Name: port_minute_20261128; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261128 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261128 OWNER TO ngpool_books;

--
-- Name: port_minute_20261129; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261129 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261129 OWNER TO ngpool_books;

--
-- Name: port_minute_20261130; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261130 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261130 OWNER TO ngpool_books;

--
-- Name: port_minute_20261201; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.port_minute_20261201 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.port_minute_20261201 OWNER TO ngpool_books;

--
-- Name: pps_carried; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.pps_carried (
    currency text NOT NULL,
    sharechain text NOT NULL,
    payee text NOT NULL,
    credit bigint NOT NULL,
    donation bigint NOT NULL,
    CONSTRAINT pps_carried_credit_check CHECK (((credit >= 0) AND (credit <= '4294967295'::bigint))),
    CONSTRAINT pps_carried_donation_check CHECK (((donation >= 0) AND (donation <= '4294967295'::bigint)))
);


ALTER TABLE public.pps_carried OWNER TO ngpool_books;

--
-- Name: pps_credit; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.pps_credit (
    currency text NOT NULL,
    sharechain text NOT NULL,
    number bigint NOT NULL,
    payee text NOT NULL,
    work numeric(39,0) NOT NULL,
    expected numeric(39,0) NOT NULL,
    value numeric(39,0) NOT NULL,
    amount bigint NOT NULL,
    donation bigint NOT NULL,
    credit_left bigint NOT NULL,
    donation_left bigint NOT NULL,
    CONSTRAINT pps_credit_amount_check CHECK ((amount >= 0)),
    CONSTRAINT pps_credit_credit_left_check CHECK (((credit_left >= 0) AND (credit_left <= '4294967295'::bigint))),
    CONSTRAINT pps_credit_donation_check CHECK ((donation >= 0)),
    CONSTRAINT pps_credit_donation_left_check CHECK (((donation_left >= 0) AND (donation_left <= '4294967295'::bigint)))
);


ALTER TABLE public.pps_credit OWNER TO ngpool_books;

--
-- Name: pps_head; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.pps_head (
    currency text NOT NULL,
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    period bigint DEFAULT 0 NOT NULL,
    buys boolean NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    terms jsonb NOT NULL,
    CONSTRAINT pps_head_period_check CHECK ((period >= 0)),
    CONSTRAINT pps_head_pos_check CHECK ((pos >= 0))
);


ALTER TABLE public.pps_head OWNER TO ngpool_books;

--
-- Name: pps_period; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.pps_period (
    currency text NOT NULL,
    sharechain text NOT NULL,
    number bigint NOT NULL,
    after_pos bigint NOT NULL,
    to_pos bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    terms jsonb NOT NULL,
    subsidy bigint NOT NULL,
    fees bigint NOT NULL,
    fee_ppm integer NOT NULL,
    work numeric(39,0) NOT NULL,
    amount bigint NOT NULL,
    donation bigint NOT NULL,
    fee bigint NOT NULL,
    CONSTRAINT pps_period_after_pos_check CHECK ((after_pos >= 0)),
    CONSTRAINT pps_period_amount_check CHECK ((amount >= 0)),
    CONSTRAINT pps_period_check CHECK ((to_pos >= after_pos)),
    CONSTRAINT pps_period_donation_check CHECK ((donation >= 0)),
    CONSTRAINT pps_period_fee_check CHECK ((fee >= 0)),
    CONSTRAINT pps_period_fee_ppm_check CHECK (((fee_ppm >= 0) AND (fee_ppm <= 1000000))),
    CONSTRAINT pps_period_fees_check CHECK ((fees >= 0)),
    CONSTRAINT pps_period_number_check CHECK ((number >= 1)),
    CONSTRAINT pps_period_subsidy_check CHECK ((subsidy >= 0))
);


ALTER TABLE public.pps_period OWNER TO ngpool_books;

--
-- Name: pps_release; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.pps_release (
    currency text NOT NULL,
    sharechain text NOT NULL,
    reference text NOT NULL,
    amount bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    period bigint,
    CONSTRAINT pps_release_amount_check CHECK ((amount > 0)),
    CONSTRAINT pps_release_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 100)))
);


ALTER TABLE public.pps_release OWNER TO ngpool_books;

--
-- Name: pps_switch; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.pps_switch (
    currency text NOT NULL,
    sharechain text NOT NULL,
    number bigint NOT NULL,
    from_pos bigint NOT NULL,
    buys boolean NOT NULL,
    reason text NOT NULL,
    held bigint NOT NULL,
    coming bigint NOT NULL,
    needed bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT pps_switch_from_pos_check CHECK ((from_pos >= 0)),
    CONSTRAINT pps_switch_number_check CHECK ((number >= 1))
);


ALTER TABLE public.pps_switch OWNER TO ngpool_books;

--
-- Name: producer; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.producer (
    id bytea NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    next bigint DEFAULT 1 NOT NULL,
    digest bytea NOT NULL,
    first_seen timestamp with time zone NOT NULL,
    last_seen timestamp with time zone NOT NULL,
    CONSTRAINT producer_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT producer_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT producer_next_check CHECK ((next >= 1))
);


ALTER TABLE public.producer OWNER TO ngpool_books;

--
-- Name: reject_minute; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
PARTITION BY RANGE (day);


ALTER TABLE public.reject_minute OWNER TO ngpool_books;

--
-- Name: reject_minute_20261123; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261123 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261123 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261124; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261124 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261124 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261125; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261125 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261125 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261126; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261126 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261126 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261127; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261127 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261127 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261128; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261128 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261128 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261129; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261129 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261129 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261130; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261130 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261130 OWNER TO ngpool_books;

--
-- Name: reject_minute_20261201; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.reject_minute_20261201 (
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.reject_minute_20261201 OWNER TO ngpool_books;

--
-- Name: share_batch; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
PARTITION BY RANGE (day);
ALTER TABLE ONLY public.share_batch ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch OWNER TO ngpool_books;

--
-- Name: share_batch_20261124; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261124 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261124 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261124 OWNER TO ngpool_books;

--
-- Name: share_batch_20261125; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261125 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261125 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261125 OWNER TO ngpool_books;

--
-- Name: share_batch_20261126; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261126 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261126 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261126 OWNER TO ngpool_books;

--
-- Name: share_batch_20261127; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261127 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261127 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261127 OWNER TO ngpool_books;

--
-- Name: share_batch_20261128; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261128 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261128 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261128 OWNER TO ngpool_books;

--
-- Name: share_batch_20261129; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261129 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261129 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261129 OWNER TO ngpool_books;

--
-- Name: share_batch_20261130; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261130 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261130 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261130 OWNER TO ngpool_books;

--
-- Name: share_batch_20261201; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_batch_20261201 (
    sharechain text NOT NULL,
    pos bigint NOT NULL,
    day date NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    producer bytea NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    totals jsonb NOT NULL,
    slices integer NOT NULL,
    shares bigint NOT NULL,
    CONSTRAINT share_batch_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_batch_pos_check CHECK ((pos > 0))
)
WITH (fillfactor='100');
ALTER TABLE ONLY public.share_batch_20261201 ALTER COLUMN content SET COMPRESSION lz4;


ALTER TABLE public.share_batch_20261201 OWNER TO ngpool_books;

--
-- Name: share_chunk; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_chunk (
    sharechain text NOT NULL,
    level smallint NOT NULL,
    number bigint NOT NULL,
    last_pos bigint NOT NULL,
    totals jsonb NOT NULL,
    sums bytea NOT NULL,
    weights bytea NOT NULL,
    digest bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT share_chunk_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT share_chunk_level_check CHECK (((level >= 1) AND (level <= 6))),
    CONSTRAINT share_chunk_number_check CHECK ((number >= 0))
);
ALTER TABLE ONLY public.share_chunk ALTER COLUMN sums SET COMPRESSION lz4;
ALTER TABLE ONLY public.share_chunk ALTER COLUMN weights SET COMPRESSION lz4;


ALTER TABLE public.share_chunk OWNER TO ngpool_books;

--
-- Name: share_currency; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_currency (
    sharechain text NOT NULL,
    currency text NOT NULL,
    first_pos bigint NOT NULL,
    network_work numeric(39,0) DEFAULT 0 NOT NULL,
    CONSTRAINT share_currency_first_pos_check CHECK ((first_pos > 0)),
    CONSTRAINT share_currency_network_work_check CHECK ((network_work >= (0)::numeric))
);


ALTER TABLE public.share_currency OWNER TO ngpool_books;

--
-- Name: share_keep; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.share_keep (
    sharechain text NOT NULL,
    from_pos bigint NOT NULL
);


ALTER TABLE public.share_keep OWNER TO ngpool_books;

--
-- Name: sharechain_head; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.sharechain_head (
    sharechain text NOT NULL,
    pos bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT sharechain_head_pos_check CHECK ((pos >= 0)),
    CONSTRAINT sharechain_head_sharechain_check CHECK ((sharechain ~ '^[A-Za-z0-9._-]{1,63}$'::text))
);


ALTER TABLE public.sharechain_head OWNER TO ngpool_books;

--
-- Name: signer_message; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.signer_message (
    currency text NOT NULL,
    digest bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    body bytea NOT NULL,
    handled_at timestamp with time zone,
    outcome text DEFAULT ''::text NOT NULL,
    CONSTRAINT signer_message_digest_check CHECK ((octet_length(digest) = 32))
);


ALTER TABLE public.signer_message OWNER TO ngpool_books;

--
-- Name: signer_seen; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.signer_seen (
    currency text NOT NULL,
    at timestamp with time zone NOT NULL,
    "position" jsonb NOT NULL,
    payout bigint NOT NULL,
    CONSTRAINT signer_seen_payout_check CHECK ((payout >= 0))
);


ALTER TABLE public.signer_seen OWNER TO ngpool_books;

--
-- Name: solvency; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.solvency (
    currency text NOT NULL,
    at timestamp with time zone NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    height bigint NOT NULL,
    tip bytea NOT NULL,
    outputs bigint NOT NULL,
    on_chain bigint NOT NULL,
    booked bigint NOT NULL,
    in_transit bigint NOT NULL,
    drift bigint NOT NULL,
    immature bigint NOT NULL,
    payees bigint NOT NULL,
    held bigint NOT NULL,
    in_flight bigint NOT NULL,
    pool bigint NOT NULL,
    uncovered bigint NOT NULL,
    pool_accounts jsonb NOT NULL,
    items jsonb NOT NULL,
    CONSTRAINT solvency_check CHECK ((booked = ((((immature + payees) + held) + in_flight) + pool))),
    CONSTRAINT solvency_check1 CHECK ((on_chain = ((booked + in_transit) + drift))),
    CONSTRAINT solvency_height_check CHECK ((height >= 0)),
    CONSTRAINT solvency_tip_check CHECK ((octet_length(tip) = 32)),
    CONSTRAINT solvency_uncovered_check CHECK ((uncovered >= 0)),
    CONSTRAINT solvency_verdict_check CHECK ((verdict = ANY (ARRAY['clean'::text, 'drift'::text, 'doubtful'::text])))
);


ALTER TABLE public.solvency OWNER TO ngpool_books;

--
-- Name: statement; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.statement (
    currency text NOT NULL,
    sharechain text NOT NULL,
    seq bigint NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL,
    key bytea NOT NULL,
    hash bytea,
    signed_at timestamp with time zone NOT NULL,
    period bigint,
    CONSTRAINT statement_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT statement_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT statement_previous_check CHECK ((octet_length(previous) = 32)),
    CONSTRAINT statement_seq_check CHECK ((seq >= 1)),
    CONSTRAINT statement_signature_check CHECK ((octet_length(signature) = 64)),
    CONSTRAINT statement_subject CHECK (((hash IS NULL) <> (period IS NULL)))
);


ALTER TABLE public.statement OWNER TO ngpool_books;

--
-- Name: statistics_head; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.statistics_head (
    sharechain text NOT NULL,
    pos bigint DEFAULT 0 NOT NULL
);


ALTER TABLE public.statistics_head OWNER TO ngpool_books;

--
-- Name: worker; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker (
    user_name text NOT NULL,
    worker text NOT NULL,
    first_seen timestamp with time zone NOT NULL,
    last_share timestamp with time zone NOT NULL
);


ALTER TABLE public.worker OWNER TO ngpool_books;

--
-- Name: worker_hour; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_hour (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
PARTITION BY RANGE (day);


ALTER TABLE public.worker_hour OWNER TO ngpool_books;

--
-- Name: worker_hour_20261101; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_hour_20261101 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_hour_20261101 OWNER TO ngpool_books;

--
-- Name: worker_hour_20261201; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_hour_20261201 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_hour_20261201 OWNER TO ngpool_books;

--
-- Name: worker_minute; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
PARTITION BY RANGE (day);


ALTER TABLE public.worker_minute OWNER TO ngpool_books;

--
-- Name: worker_minute_20261123; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261123 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261123 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261124; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261124 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261124 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261125; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261125 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261125 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261126; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261126 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261126 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261127; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261127 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261127 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261128; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261128 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261128 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261129; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261129 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261129 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261130; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261130 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261130 OWNER TO ngpool_books;

--
-- Name: worker_minute_20261201; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_minute_20261201 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    day date NOT NULL,
    shares bigint NOT NULL,
    work numeric(39,0) NOT NULL,
    rejected bigint NOT NULL,
    rejected_work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_minute_20261201 OWNER TO ngpool_books;

--
-- Name: worker_reject_hour; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_reject_hour (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
PARTITION BY RANGE (day);


ALTER TABLE public.worker_reject_hour OWNER TO ngpool_books;

--
-- Name: worker_reject_hour_20261101; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_reject_hour_20261101 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_reject_hour_20261101 OWNER TO ngpool_books;

--
-- Name: worker_reject_hour_20261201; Type: TABLE; Schema: public; Owner: ngpool_books
--

CREATE TABLE public.worker_reject_hour_20261201 (
    user_name text NOT NULL,
    worker text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    sharechain text NOT NULL,
    port text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    work numeric(39,0) NOT NULL
)
WITH (fillfactor='70');


ALTER TABLE public.worker_reject_hour_20261201 OWNER TO ngpool_books;

--
-- Name: port_hour_20261101; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_hour ATTACH PARTITION public.port_hour_20261101 FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');


--
-- Name: port_hour_20261201; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_hour ATTACH PARTITION public.port_hour_20261201 FOR VALUES FROM ('2026-12-01') TO ('2027-01-01');


--
-- Name: port_minute_20261123; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261123 FOR VALUES FROM ('2026-11-23') TO ('2026-11-24');


--
-- Name: port_minute_20261124; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261124 FOR VALUES FROM ('2026-11-24') TO ('2026-11-25');


--
-- Name: port_minute_20261125; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261125 FOR VALUES FROM ('2026-11-25') TO ('2026-11-26');


--
-- Name: port_minute_20261126; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261126 FOR VALUES FROM ('2026-11-26') TO ('2026-11-27');


--
-- Name: port_minute_20261127; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261127 FOR VALUES FROM ('2026-11-27') TO ('2026-11-28');


--
-- Name: port_minute_20261128; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261128 FOR VALUES FROM ('2026-11-28') TO ('2026-11-29');


--
-- Name: port_minute_20261129; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261129 FOR VALUES FROM ('2026-11-29') TO ('2026-11-30');


--
-- Name: port_minute_20261130; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261130 FOR VALUES FROM ('2026-11-30') TO ('2026-12-01');


--
-- Name: port_minute_20261201; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute ATTACH PARTITION public.port_minute_20261201 FOR VALUES FROM ('2026-12-01') TO ('2026-12-02');


--
-- Name: reject_minute_20261123; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261123 FOR VALUES FROM ('2026-11-23') TO ('2026-11-24');


--
-- Name: reject_minute_20261124; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261124 FOR VALUES FROM ('2026-11-24') TO ('2026-11-25');


--
-- Name: reject_minute_20261125; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261125 FOR VALUES FROM ('2026-11-25') TO ('2026-11-26');


--
-- Name: reject_minute_20261126; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261126 FOR VALUES FROM ('2026-11-26') TO ('2026-11-27');


--
-- Name: reject_minute_20261127; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261127 FOR VALUES FROM ('2026-11-27') TO ('2026-11-28');


--
-- Name: reject_minute_20261128; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261128 FOR VALUES FROM ('2026-11-28') TO ('2026-11-29');


--
-- Name: reject_minute_20261129; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261129 FOR VALUES FROM ('2026-11-29') TO ('2026-11-30');


--
-- Name: reject_minute_20261130; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261130 FOR VALUES FROM ('2026-11-30') TO ('2026-12-01');


--
-- Name: reject_minute_20261201; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute ATTACH PARTITION public.reject_minute_20261201 FOR VALUES FROM ('2026-12-01') TO ('2026-12-02');


--
-- Name: share_batch_20261124; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261124 FOR VALUES FROM ('2026-11-24') TO ('2026-11-25');


--
-- Name: share_batch_20261125; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261125 FOR VALUES FROM ('2026-11-25') TO ('2026-11-26');


--
-- Name: share_batch_20261126; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261126 FOR VALUES FROM ('2026-11-26') TO ('2026-11-27');


--
-- Name: share_batch_20261127; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261127 FOR VALUES FROM ('2026-11-27') TO ('2026-11-28');


--
-- Name: share_batch_20261128; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261128 FOR VALUES FROM ('2026-11-28') TO ('2026-11-29');


--
-- Name: share_batch_20261129; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261129 FOR VALUES FROM ('2026-11-29') TO ('2026-11-30');


--
-- Name: share_batch_20261130; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261130 FOR VALUES FROM ('2026-11-30') TO ('2026-12-01');


--
-- Name: share_batch_20261201; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch ATTACH PARTITION public.share_batch_20261201 FOR VALUES FROM ('2026-12-01') TO ('2026-12-02');


--
-- Name: worker_hour_20261101; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_hour ATTACH PARTITION public.worker_hour_20261101 FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');


--
-- Name: worker_hour_20261201; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_hour ATTACH PARTITION public.worker_hour_20261201 FOR VALUES FROM ('2026-12-01') TO ('2027-01-01');


--
-- Name: worker_minute_20261123; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261123 FOR VALUES FROM ('2026-11-23') TO ('2026-11-24');


--
-- Name: worker_minute_20261124; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261124 FOR VALUES FROM ('2026-11-24') TO ('2026-11-25');


--
-- Name: worker_minute_20261125; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261125 FOR VALUES FROM ('2026-11-25') TO ('2026-11-26');


--
-- Name: worker_minute_20261126; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261126 FOR VALUES FROM ('2026-11-26') TO ('2026-11-27');


--
-- Name: worker_minute_20261127; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261127 FOR VALUES FROM ('2026-11-27') TO ('2026-11-28');


--
-- Name: worker_minute_20261128; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261128 FOR VALUES FROM ('2026-11-28') TO ('2026-11-29');


--
-- Name: worker_minute_20261129; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261129 FOR VALUES FROM ('2026-11-29') TO ('2026-11-30');


--
-- Name: worker_minute_20261130; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261130 FOR VALUES FROM ('2026-11-30') TO ('2026-12-01');


--
-- Name: worker_minute_20261201; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute ATTACH PARTITION public.worker_minute_20261201 FOR VALUES FROM ('2026-12-01') TO ('2026-12-02');


--
-- Name: worker_reject_hour_20261101; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_reject_hour ATTACH PARTITION public.worker_reject_hour_20261101 FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');


--
-- Name: worker_reject_hour_20261201; Type: TABLE ATTACH; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_reject_hour ATTACH PARTITION public.worker_reject_hour_20261201 FOR VALUES FROM ('2026-12-01') TO ('2027-01-01');


--
-- Data for Name: _sqlx_migrations; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public._sqlx_migrations VALUES
	(1, 'currencies', '2026-11-24 10:47:37.245076+00', true, '\xd9c366c6092f26f651db996b3d937e9959e8e7bce7e23c7136b19ccf7b2be0d0fd4e55f82f05e62cfb4c31fe6fac88a2', 42907876),
	(2, 'shares', '2026-11-24 10:47:37.288682+00', true, '\xdf8b3c796c95a08da7609d15097824f66c6b708cf2782a58334b31c8ec544d3372d6fee14a9e01ab265ac8c411a664a2', 50242792),
	(3, 'statistics', '2026-11-24 10:47:37.340545+00', true, '\xb6cffabd974af824e65bbef74cb483e4d60f99f640215067c362579a03a4a3518b301b6edd13f4fdcb0faa07228892a4', 23504682),
	(4, 'blocks', '2026-11-24 10:47:37.364582+00', true, '\xf9b23c77d82575b1f6a6a5a872d596acf32e68adeea1ec1f395688299ce851328e740d1e1e7bc4cfb4b8d2887799fe7e', 39031742),
	(5, 'books', '2026-11-24 10:47:37.40405+00', true, '\xbfe592155c3c420e7cb7c30e2adfd840c0959696a7b5e1d67e9525d2a5738b7ce622d635000fb2ee85b954b8e83fe4a1', 11817378),
	(6, 'chain follower', '2026-11-24 10:47:37.416178+00', true, '\x9a88e9c2e86163f6cf1641e0588b737b62a237cc245e2d8c1c67cf2b81a5e16a4b343d44bda2f9b3c4af7b9c629215c4', 9112402),
	(7, 'payouts', '2026-11-24 10:47:37.425581+00', true, '\x2863bdc9b3217db0d1ac8730cf6c82616b8243cd1732b337c6c8d33e5691ed4834b7f5df594d540a9065fe084867b0d3', 62592389),
	(8, 'methods', '2026-11-24 10:47:37.490987+00', true, '\x35bcb3c8ce82cea50ff1304c87fb537b4c34eb8e7953f887c4c618b080e7c32a2260221a3748723f651df3d036577f1e', 38681004),
	(9, 'audit', '2026-11-24 10:47:37.530201+00', true, '\x6cba4d28728943f7a78e96446f7c514733be274cd1dbc681ce4d5140d2f794800433e8a0ac42eb3a6fec8f26c68bd859', 21169640),
	(11, 'share currencies', '2026-11-24 10:47:37.553517+00', true, '\x36e639c9884fcbea7e09c5422859da8960c2c5cfbff02f47492562bc46c040b0feac61ad8e1649ee111d53eec7c4c6d1', 20276393),
	(12, 'operator', '2026-11-24 10:47:37.575389+00', true, '\x6e0eaecb110d48392e0e9628fd05d6d501cd1e341f5eebb613da6a26653fc23e140a3a1e62d56731b0b37ed60c5b7345', 8345242);


--
-- Data for Name: audit_alarm; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: balance; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.balance VALUES
	('RLTC', 'block:eb95e44bc3530937484e0429837fdc734ecd457f41d282987a263c94f7b86678', DEFAULT, 0),
	('RLTC', 'block:4359c576c7fb6968a4259274b70bfc90af846cc90d3569334f2f47d32174723b', DEFAULT, 0),
	('RLTC', 'block:7b12b0fc8d1c16ad54bbbf3f1568ffa8490f5b5ab167e999e63e938bce7a5805', DEFAULT, 625000000),
	('RLTC', 'block:0c70255ee86b99398ad6660565cd0df08fdbee8a0dbd1d8992fcb1c82d0e3145', DEFAULT, 625000000),
	('RLTC', 'block:df5c283b91c321a8c2cb407f5aeb6ff32937d6199a93746841fd13cd1de40af9', DEFAULT, 625000000),
	('RLTC', 'block:d8f4abd7881df4bebc4e97f7601e877c4daacf8016459bc816b53b3e49243b20', DEFAULT, 625000000),
	('RLTC', 'block:b037138df170af0558b1b05bcd010de682091e6e9135c505aa9505f0cedeaff8', DEFAULT, 625000000),
	('RLTC', 'block:f89a6e92a2af41c22db9f6a5b6aca1f8c92b13e5e288081f8cafa9e631f5548d', DEFAULT, 0),
	('RLTC', 'block:3b77870e58aa8f89cf1b42d88d47734fa890c803803cae10cd40cd7ce2e2f778', DEFAULT, 625000000),
	('RLTC', 'block:ee01e73498ec3ff1b5c993f28fe454a17f37add9b54399d3e18d09e4a56870c7', DEFAULT, 0),
	('RLTC', 'block:2ecb008017dfc4d61bf06e7c9fb4b2d3a215022a754bab576b01926defdfedd5', DEFAULT, 625000000),
	('RLTC', 'block:c9e3103892067c4c46785d248bd9bd605fead37e80a1338f7c00ec3e209d1138', DEFAULT, 625000000),
	('RLTC', 'block:82c5d016e3bc98002d3f91083073294b7d28dd29ec68dfb6c2bff0a589f171e7', DEFAULT, 0),
	('RLTC', 'block:79b58a9a4cb402e48e2ff0009cdb029beb4987ab751f0e177db347ec080a3a7c', DEFAULT, 625000000),
	('RLTC', 'block:3800cc76692202276f2ba48f5a07e0403ad0411e6a3121071e937fd135cedbe4', DEFAULT, 0),
	('RLTC', 'block:94e9236e039b3bd188d90155eab7ff7338571d582d9ef6772634c87769c5f7d5', DEFAULT, 625000000),
	('RLTC', 'block:57178e6504a2c9bda77962522315a27cea387a4c889f39373d24c928c06342db', DEFAULT, 625000000),
	('RLTC', 'block:d2596908e9e47dd575fc279d686359404a557bf76fb14d96d3e108df649d8fe4', DEFAULT, 0),
	('RLTC', 'block:a14fb656260348430402108daabfba6a01b2f1a936bd6ad72047b795551e723b', DEFAULT, 625000000),
	('RLTC', 'block:885b84db245db28c502ca0e7550217a93e5309ce7b435cb99f411a1ead00a92f', DEFAULT, 0),
	('RLTC', 'block:018f7607e0e714190cc448a6c37d8a1ff5612c86b0e8831dea84d1957df55835', DEFAULT, 0),
	('RLTC', 'block:b1313f63535fe0d0d30d3b5ca805929afeb521d7089755a735f8fb7183b54f31', DEFAULT, 625000000),
	('RLTC', 'block:898718887fb8778658f6102c87bc53d979aa6ac8be61c28d83f971b10ee27d43', DEFAULT, 625000000),
	('RLTC', 'block:e0b0497bbd22696ca2155638d05091ca7a18d520e8539e4cc2c7b45c1f0c6111', DEFAULT, 0),
	('RLTC', 'block:5b9a8e1250d90845dd96438c3e50300e5a6553738bd15c4fac85b3b18c89d9f4', DEFAULT, 0),
	('RLTC', 'block:54cd732376ff4d43cba8da6fc3dbffc5f526e2b9fd92344475f19d16b9803e19', DEFAULT, 625000000),
	('RLTC', 'block:95b78272f8d9903cec490d0ed3b3f6e0b563d8e18a69f1062bf0d8d8591d0dfe', DEFAULT, 625000000),
	('RLTC', 'block:748fb65e0cf60a3aad04f9e95b8fd98c04a4f494f3dcb6b46fe5cec1c0320653', DEFAULT, 0),
	('RLTC', 'block:cbce4cf41936fe2fcde782ec43aa5df5144b2f6f98165d2b4690cb8cee7d679d', DEFAULT, 0),
	('RLTC', 'block:2b75dd37e7a6c0739731778de4b02b5503cb071be524eed95c2b09605be7fef3', DEFAULT, 625000000),
	('RLTC', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', DEFAULT, 0),
	('RLTC', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', DEFAULT, 0),
	('RLTC', 'block:c84d0553409475f36e80103880032fbacde9be72ce6e26c115be02ff45c2e9c1', DEFAULT, 0),
	('RLTC', 'block:a912b787456075eb6dbc857d4e39baa6e824e411dbb0b8d5a73e4c917cfc7238', DEFAULT, 625000000),
	('RLTC', 'block:b8a67ba39f0ec9e9aa2e5282308b0a722d164090db937bb21bb952c4d8ec6af1', DEFAULT, 625000000),
	('RLTC', 'fee', DEFAULT, 224987085),
	('RLTC', 'utxo:spendable', DEFAULT, -224987085),
	('RLTC', 'block:4cc284561efc9e6c333d24f6f9666e71d69f3e886329103eed1f178789805d0d', DEFAULT, 0),
	('RLTC', 'payout:1', DEFAULT, 0),
	('RLTC', 'utxo:reserved', DEFAULT, 0),
	('RLTC', 'block:5100e79c504b4f4e382cbc33f224b975965cb6fb9e7c4f4217f9d521de540df8', DEFAULT, 625000000),
	('RLTC', 'block:2c2220a0c47cac158622a530556281be3aa34e159938f75feeee653077d43741', DEFAULT, 625000000),
	('RLTC', 'block:10d5259cd1d087db057af1ef33ddbbd115f77f5c0996e9f80f288afbfb9a4693', DEFAULT, 0),
	('RLTC', 'block:d314246cd8dbf3888a7cc2b22b620ad3271bfd2f128396fef718ced3040549e2', DEFAULT, 625000000),
	('RLTC', 'block:4c3a0b7c638256c601d73a189e56d7c2d8cd66fea1745ae06baf117774d1602d', DEFAULT, 0),
	('RLTC', 'block:6d272df82906b7ca656b6a4c476e59ca4e764ce7226edf812ff901e72074521b', DEFAULT, 625000000),
	('RLTC', 'block:31f4502a9b4208a42bb6827bf45cb0cde6b57a9784ffb13bba821b8a586ac451', DEFAULT, 625000000),
	('RLTC', 'block:eded9f7ca9827016922c302eb429f9d48d9833ab8988d9f72187bfbb930e885d', DEFAULT, 625000000),
	('RLTC', 'block:837f041b51cf537a344b4cb9fb57b8003a1fecf08324eee3923f2e656b292986', DEFAULT, 0),
	('RLTC', 'block:1ae6d8fcb1b613652a09ec1b5073406fe593df5ae7f2ef88dbd2895f3136c5c2', DEFAULT, 625000000),
	('RLTC', 'block:9b913e29338f4ddd0aa4af2d3716df8d1585afcd8fa6661a0654c1e2b04f986d', DEFAULT, 625000000),
	('RLTC', 'block:e53bffc4154c5a26d2d8ed4f1aeb41bdce11b178a452129913978ed23ef2e736', DEFAULT, 625000000),
	('RLTC', 'block:d495358d29c923e90e4d434752d2313848c2c8dc893dcb1d3c44429f6450dedb', DEFAULT, 625000000),
	('RLTC', 'block:f12aa57ab68caa16cbfe506c6687fea51068746073d27819b2e7dfde55687567', DEFAULT, 625000000),
	('RLTC', 'block:a58810e6463982be190081d85a0c0c4fa896b9647f45dcaa6311cc4f775f5306', DEFAULT, 625000000),
	('RLTC', 'block:c89a214e4f928dea6fbe27bdbbf5e27b6c239b1604e1fb49746f23c3d8e5edc6', DEFAULT, 625000000),
	('RLTC', 'utxo:coinbase', DEFAULT, -23750000000),
	('RLTC', 'block:be9820d35bbb69939c8fe0ff56929d2c483f4810c42572418209eb46a0a8c8aa', DEFAULT, 625000000),
	('RLTC', 'block:68031d14fe19eadca2ca88fdcc423666bf0ec6bafd4de726eeb50b27c82488f7', DEFAULT, 625000000),
	('RLTC', 'block:1cd95a8217f743aebd6f914f6d07188ca572d136d31c96f537718f492271b4c7', DEFAULT, 625000000),
	('RLTC', 'block:f81a1825af60aca1336835d5e9438178215a2bdde284dd4f739348ebb203445a', DEFAULT, 625000000),
	('RLTC', 'block:5b7f6af035c42fdbc0e14b99d2d5dbc1305cb62a8ac6c5be6b9d5d6c93f940a6', DEFAULT, 625000000),
	('RLTC', 'block:9b3ac63b5473026a1bdec25420eca42524bf242218c933877bc3ec31b946ebc1', DEFAULT, 625000000);


--
-- Data for Name: block; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.block VALUES
	('RLTC', '\x594fd6c3d8990ffcd68483875dad59ff24a25cb47757639acc5638eccb754637', 591, '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 545259519, 2, '\x1fd48688f1a13e25d64daa74c261c0d131195f7f7dd2d37e0cfbe73f67241800', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xfba0d3c12a61540cd3cbb4f229857f06b6c5d5e9b1c7a0b986986a835c82a44f', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:08.031+00', '2026-11-24 10:49:08.031713+00', true, 'reported', '2026-11-24 10:49:08.031713+00', '', 0, NULL, NULL, 0),
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 421, '\x1095d054e673fd3bc512898d227584ecf7b84f3004f9ccc2d1f8a6e679b5354a', 545259519, 2, '\xbeac4ab85eb5317c27a209165bc04fb6c6df823afb7503adb82a813e99210000', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x92b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b2', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:44.35+00', '2026-11-24 10:47:44.351927+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 170, '2026-11-24 10:47:47.593803+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 425, '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 545259519, 2, '\xefdb6ed207165438967e304f2de377b6886fde085c2bc23b7850327b7a510500', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x7ed79a2cab3ea68b77992a9a8027d4581feb5786b273f6c5372eb3acfa758730', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:47.66+00', '2026-11-24 10:47:47.6628+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 166, '2026-11-24 10:47:47.593803+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 427, '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 545259519, 2, '\xdd83bd6a5ca1350687cabcea712fd2101e04ca7c14a64226b1171a6aaab41700', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xa8e96b726e0e886b419def64624038ee21030c265e83d55e837485c7569a4941', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:52.401+00', '2026-11-24 10:47:52.402569+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 164, '2026-11-24 10:47:52.591822+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 434, '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 545259519, 2, '\xf8548baddf2cc6b36b4e41bb04836c0658a74851df9c257350e950fbfc451400', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x236d93d21c69aad4661bb4e6c9a3b0d47e199136d749590a3e6c25b51c38b135', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:57.959+00', '2026-11-24 10:47:57.959953+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 157, '2026-11-24 10:48:02.593733+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x92aedf9551e2ee570c17d37da02fb88db17f99287cacdb80b6faace7b4fc202c', 594, '\xbee60f308b034cb3b05820710bea10203ce88804e41e5f4ae50f03fad331b22b', 545259519, 2, '\x6b22b83d129a9d782b441ba6258986531903e7bd1d9d85bfc61da2c791293700', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xaae59ff7b04194e80ed75159a7a585286e49e808f5f8dade2a8abc9777e648a1', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:08.753+00', '2026-11-24 10:49:08.754583+00', true, 'reported', '2026-11-24 10:49:08.754583+00', '', 0, NULL, NULL, 0),
	('RLTC', '\xaa8f44b93168c5c887bdfcd1ed27b5ed3612423fc232b55df8071542b07926ec', 592, '\x594fd6c3d8990ffcd68483875dad59ff24a25cb47757639acc5638eccb754637', 545259519, 2, '\x1d2e1604eb8c37842ca9c4a3cac28d62f7b2b76cb76119771e2ed62c7f9d1200', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x16db228ef487ae3e4255a6691e96268f0bc1495e91786cad17090fdffe5fc737', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:08.127+00', '2026-11-24 10:49:08.129207+00', true, 'reported', '2026-11-24 10:49:08.129207+00', '', 0, NULL, NULL, 0),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 422, '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 545259519, 2, '\x44889deba82e810b27cf287cc744508a6bf53f17e841c3636f1f45e15e2a0000', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xac4b686ab5d2790a98bab5b3c870435423b9f79388a0959d083688be8e35e5bf', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:44.378+00', '2026-11-24 10:47:44.40484+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 169, '2026-11-24 10:47:47.593803+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 423, '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 545259519, 2, '\x2542abe5bdb6d4c9c9fec3cbb77fb39ca41f06bb9b2035d229b1ef6548100b00', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x20718c91f018d5e081c52a6b92a152d014d0fa33bc524b1fc5e8c021b5289ffc', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:44.82+00', '2026-11-24 10:47:44.822446+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 168, '2026-11-24 10:47:47.593803+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 424, '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 545259519, 2, '\x3e91a851eaf591583bb28fac11a5be06a2d38463ae32bb7dcf5ad7294ff10900', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x50a8921e317974f8c9e877a55c196967f86594019ee55fd9d7e73605f5aeda42', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:46.401+00', '2026-11-24 10:47:46.402536+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 167, '2026-11-24 10:47:47.593803+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x15450932bf3d503c5407ce64ccfc55f4f911dfddcb80f0d16f69199690ad3df3', 595, '\x92aedf9551e2ee570c17d37da02fb88db17f99287cacdb80b6faace7b4fc202c', 545259519, 2, '\xc3f6e6dfa8e96fd85d4c44c45f3a4ef4b081d302a52b5f6e74c75d21d5b40d00', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x1e967ee9e892f966134c80553d287c1f6b1a17a73b62ffaf0f31995403aea062', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:09.733+00', '2026-11-24 10:49:09.734271+00', true, 'reported', '2026-11-24 10:49:09.734271+00', '', 0, NULL, NULL, 0),
	('RLTC', '\xbee60f308b034cb3b05820710bea10203ce88804e41e5f4ae50f03fad331b22b', 593, '\xaa8f44b93168c5c887bdfcd1ed27b5ed3612423fc232b55df8071542b07926ec', 545259519, 2, '\xcabb9b65d69d37da57e30062c3bc0fccf88894add58e5e93ec05f4d7fd412400', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x3a9b200a4f6431c49b30abb213bb5cdb634c3dc91b40a1c0d1ec78f4d813b09b', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:08.399+00', '2026-11-24 10:49:08.401196+00', true, 'reported', '2026-11-24 10:49:08.401196+00', '', 0, NULL, NULL, 0),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 431, '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 545259519, 2, '\x8740103ff709a8809146e187bda29bb629dd4761811efaa2f608c4973c8b1400', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xf9f3e57c246e5ca1895f73c540c37adb151d398739f33aaf67154e766edd1be8', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:54.8+00', '2026-11-24 10:47:54.801299+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 160, '2026-11-24 10:47:57.592629+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 432, '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 545259519, 2, '\x70f3d85796d51276fe7d2e6ce9bde78c8156ba1ff4cfa50ee3da5e2ad9480b00', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xbc4efe481000211c17dc8bf5424710c34bc4530847452e8d98b970a9d0d2ef6b', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250036500, '2026-11-24 10:47:56.828+00', '2026-11-24 10:47:56.829225+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 159, '2026-11-24 10:47:57.592629+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 581, '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 545259519, 2, '\xf78bbe3a67e82d5417f7ce7021a642de1684819a78a1fa251aff1e9e14db0400', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xaae2b51808e2181603d0fd7de4cdfc05167b07c3276ef2d2dcb6efe9fea13e45', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:58.744+00', '2026-11-24 10:48:58.747944+00', true, 'accepted', '2026-11-24 10:49:02.615628+00', '', 10, '2026-11-24 10:49:02.615628+00', NULL, 0),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 584, '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 545259519, 2, '\x12268b140d43a6daf4afca4677ccf740ea4fa44e20bcb65d0d0cab6a353f0400', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x2e9295d98104c311a2174415489239c043e8bf399b2d11a8d59c71bbeddf3197', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:04.002+00', '2026-11-24 10:49:04.003947+00', true, 'accepted', '2026-11-24 10:49:07.617107+00', '', 7, '2026-11-24 10:49:07.617107+00', NULL, 0),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 589, '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 545259519, 2, '\x59c292078fe3e5e972b1d67c007d4c5f77d25eb47336863ec538b32ef4fb0700', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xa8d9fef37cd543dca44fbcda35649a6ffa488ac943311fd0c5e168d3be510765', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:07.012+00', '2026-11-24 10:49:07.017122+00', true, 'accepted', '2026-11-24 10:49:07.617107+00', '', 2, '2026-11-24 10:49:07.617107+00', NULL, 0),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 590, '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 545259519, 2, '\xf6247d6f55acb7405a3a0f8bef391f8c44e3b73fb5e745922ac3d5c81ac30100', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xae7c19e35672c55c549eaa85642f48d0e632abddb0714b1d3fb9e2be5c500615', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:07.333+00', '2026-11-24 10:49:07.334884+00', true, 'accepted', '2026-11-24 10:49:07.617107+00', '', 1, '2026-11-24 10:49:07.617107+00', NULL, 0),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 430, '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 545259519, 2, '\xe829cc8a03fd424abae112fe0c50faf4317a5b16ff040f08bc7a8eba0eae1700', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xfca99507d8c84f379f6b942b09449a691aef6078a8a01efec13e3df1b6abb0a8', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:54.311+00', '2026-11-24 10:47:54.31185+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 161, '2026-11-24 10:47:57.592629+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 435, '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 545259519, 2, '\xbd07a058b4e561919836e4a83b6626ef6004eb7c5a502079734bf67811771500', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xbc0229e8bbbab18010ec81be6c174fb4ad1bf9eb13ddb450be2fd23a0ff639ba', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:58.321+00', '2026-11-24 10:47:58.322208+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 156, '2026-11-24 10:48:02.593733+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 436, '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 545259519, 2, '\xa89322ab197f534b2f9e3d140ab772a98314c74f2f3935f6d0741d38bf1c1400', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xed3d22c0f2e0683765179af264b420fb16372ad35b96244229ec5f4e5e08c7ae', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:58.4+00', '2026-11-24 10:47:58.40246+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 155, '2026-11-24 10:48:02.593733+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 437, '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 545259519, 2, '\xe5f63f42c2c6325738979263446e576b0e4ac1f27376cda3aed1d95d8ee30900', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xacd6d2fffe9a28f38b6700f4738d09e56f57d3299518534f46305cf4476b7a23', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:58.85+00', '2026-11-24 10:47:58.851447+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 154, '2026-11-24 10:48:02.593733+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 438, '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 545259519, 2, '\xc695b2105a870f32ca70904ac5ac4e9fdbb6295e173f2aca960293dae47f0000', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x4ea51d25b73bd59727d9ceb54ebb1a0c1af11a5a39513b4248deeb1e8251e46c', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:48:04.204+00', '2026-11-24 10:48:04.204777+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 153, '2026-11-24 10:48:07.595678+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 539, '\x4d58334db983636dd52b7bd3ce3a53260ade6c99315f69968d660313bc0ff7b1', 545259519, 2, '\x8f5fd0430ff833e733f9c9286acef5eade3cd57f8b264bc0608db844e8231100', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xd12fd6c9af960c2d7a4fa1cde6b21b64ee5af3aa931132f7c6377c944b197b7c', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:05.576+00', '2026-11-24 10:48:05.577364+00', true, 'accepted', '2026-11-24 10:48:07.595678+00', '', 52, '2026-11-24 10:48:07.595678+00', NULL, 0),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 540, '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 545259519, 2, '\x0c21b6dca9ce95f9a36aed50f6b141bbd31abe6d525f42163facdd85ffe81700', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xa401745e0b08e19474d3dea74f4e1f9a8530db50fc447ffc0ac59cd8544e8ccc', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:08.268+00', '2026-11-24 10:48:08.270084+00', true, 'accepted', '2026-11-24 10:48:07.595678+00', '', 51, '2026-11-24 10:48:07.595678+00', NULL, 0),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 588, '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 545259519, 2, '\x1bf39f2a95df37712183271fc32719df11737d97e603aca7fdd560a6a5ca0a00', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x000c964247db73a433671c767ad42b250698da7b0a950edaf66304d23362324e', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:06.107+00', '2026-11-24 10:49:06.111063+00', true, 'accepted', '2026-11-24 10:49:07.617107+00', '', 3, '2026-11-24 10:49:07.617107+00', NULL, 0),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 426, '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 545259519, 2, '\x5414b1ed553b8cdcdaa10fb4c88d151f6a76a8cb581bad8e2abc465646891100', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xa43f774e48a21fb76377ccbdc9b92ab02dcfa82cb28ae8caed140d609ca2156c', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:52.22+00', '2026-11-24 10:47:52.22143+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 165, '2026-11-24 10:47:52.591822+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 428, '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 545259519, 2, '\x36f9ebb902a41ace3d633befa89562c046e1bdee49f3b58fcceb21be28c00a00', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x10a8b9c7554cc10c6d228e2123ca3f82d2dbd7f2488ea0fb16d8ace072f91632', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:53.1+00', '2026-11-24 10:47:53.102172+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 163, '2026-11-24 10:47:57.592629+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 562, '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 545259519, 2, '\x66f7ef3ca79a3f2753ea1841adbd401e72345811131195456fa3c9cc4f610400', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xde3fc6ec1a3a919b21be6b13fd9a9d3ac6b41b73da7f582117f40f7b6e434466', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:35.487+00', '2026-11-24 10:48:35.489344+00', true, 'accepted', '2026-11-24 10:48:37.602415+00', '', 29, '2026-11-24 10:48:37.602415+00', NULL, 0),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 580, '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 545259519, 2, '\xd30cdb789a8496b6dfe6b0163a1490bf3a422f5ba2e08f51bf905145ba370d00', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x9866c9b5f99a6874fcc3d46fbc7f6f84d1b636b916f76495059c32c4475cadf3', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:58.388+00', '2026-11-24 10:48:58.393263+00', true, 'accepted', '2026-11-24 10:49:02.615628+00', '', 11, '2026-11-24 10:49:02.615628+00', NULL, 0),
	('RLTC', '\x1d513c040ad78c4e7339c83ea8fa98befba912363b50d02282e971b731869776', 596, '\x15450932bf3d503c5407ce64ccfc55f4f911dfddcb80f0d16f69199690ad3df3', 545259519, 2, '\xd4c5acb106c1fdaddcb3feb3cb2964a29f25f26bba3a269e55089b1865ef1500', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xc2e214ebdb7d0c821a3267e386e58edf0d810f7a3f0e3c62dfad29a6e3bd0748', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:11.354+00', '2026-11-24 10:49:11.356221+00', true, 'reported', '2026-11-24 10:49:11.356221+00', '', 0, NULL, NULL, 0),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 429, '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 545259519, 2, '\x88051dca09a20d282ca2815e4196f95a50c774734b9e6605f46d17e2c6ba1400', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x46bcd20a76ecd6b4eac206effd276422072846c33864a19fddb861277bc90dba', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:53.602+00', '2026-11-24 10:47:53.603877+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 162, '2026-11-24 10:47:57.592629+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', 541, '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 545259519, 2, '\x09f88841f1852a4c275f3f1dc56bed2f7e8a119c4da37ba201943b0d39a70700', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xd803cd6420b92621b95f912b69d648f22928203ecfb6c8a3e40e710c89aa3b71', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:08.395+00', '2026-11-24 10:48:08.39742+00', true, 'accepted', '2026-11-24 10:48:07.595678+00', '', 50, '2026-11-24 10:48:07.595678+00', NULL, 0),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 556, '\xfae4f21ab298771a341d2ebba097c49a0922e7cdd1bff715eff47a7b4bac606e', 545259519, 2, '\x7c5460feaa401a4f1f54235bb541d96717968596d3ede749bc2ab27bb0661600', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x47b2bc4f4a87825f84ce08d9d0db4743767aa6c6dc5b75a07368378623847a69', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:28.406+00', '2026-11-24 10:48:28.407229+00', true, 'accepted', '2026-11-24 10:48:32.604284+00', '', 35, '2026-11-24 10:48:32.604284+00', NULL, 0),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 557, '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 545259519, 2, '\x8ac72590306689844f9325ad5553d4f7f583bb29d3c1f49e5d54d869825d0900', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x16b86adda59e4c814e2514bf4ee8807034e02852a87310daeee1c1527e60d94e', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:28.691+00', '2026-11-24 10:48:28.692198+00', true, 'accepted', '2026-11-24 10:48:32.604284+00', '', 34, '2026-11-24 10:48:32.604284+00', NULL, 0),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 558, '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 545259519, 2, '\x42d38838e4ad360a7f9756a744a2c2d0072e6d1ffaab5eb3f9deb4fdd4a00300', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xd067f4af8396d3423c8dbfede73252d375e47de021b8d05a2119cdc30136df09', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:29.344+00', '2026-11-24 10:48:29.34779+00', true, 'accepted', '2026-11-24 10:48:32.604284+00', '', 33, '2026-11-24 10:48:32.604284+00', NULL, 0),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 559, '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 545259519, 2, '\x4bca72e13780300ede1f29d328739186af2a1706c06de02b8f338e340a9b0300', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x05f61f656e52f1bd7a3ca2fad89120df0267fb2211ea16de74417ca9202ae915', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:30.095+00', '2026-11-24 10:48:30.096676+00', true, 'accepted', '2026-11-24 10:48:32.604284+00', '', 32, '2026-11-24 10:48:32.604284+00', NULL, 0),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 576, '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 545259519, 2, '\xe35135623e3196d9217c3764289c1b89bcba17b10b197410715947f2c20b0f00', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x7323904fc352c66773791a6cf63ce67db78e24ba1da194ede0de1bf925e7ef6f', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:54.125+00', '2026-11-24 10:48:54.130286+00', true, 'accepted', '2026-11-24 10:48:57.614414+00', '', 15, '2026-11-24 10:48:57.614414+00', NULL, 0),
	('RLTC', '\xa7055440c2a3b7c01566d7efdee792b4d9c2be9defc3852684fc67a10568d451', 597, '\x1d513c040ad78c4e7339c83ea8fa98befba912363b50d02282e971b731869776', 545259519, 2, '\xa8393a04f4736e3dfaed14cf6979bdbdcb2f5298cdbb0031d42f3f69ec5b1500', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x0382f1ea04c4a6d5b2e21c8587163cc45943e6b44c931bd9b0f01922a5bd3995', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:11.848+00', '2026-11-24 10:49:11.848979+00', true, 'reported', '2026-11-24 10:49:11.848979+00', '', 0, NULL, NULL, 0),
	('RLTC', '\x18e271e104694f614362cc9c15477f2116f4195647d674b1bfa31e00f9243379', 598, '\xa7055440c2a3b7c01566d7efdee792b4d9c2be9defc3852684fc67a10568d451', 545259519, 2, '\x460330081a486520f14659e8d6beb3906eb5fbd56edf79bd023d36b79dd10a00', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x7e911d8455a3d9255485cb52ec1b03d44bd5d568fb72c0f7f0c1b792b1b1ef95', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:11.96+00', '2026-11-24 10:49:11.961236+00', false, 'reported', '2026-11-24 10:49:11.961236+00', '', 0, NULL, NULL, 0),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 433, '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 545259519, 2, '\x200f1691a3f29d7e374d835149aafe36ec612dc027b6605f40edaa82cb360600', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x94b2766e21b8e5c5572d9d38fae38e12d148201ad5f3c8cf4777059e0577956c', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 1250000000, '2026-11-24 10:47:57.602+00', '2026-11-24 10:47:57.603245+00', true, 'mature', '2026-11-24 10:48:07.595678+00', '', 158, '2026-11-24 10:47:57.592629+00', '2026-11-24 10:48:07.595678+00', 0),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 560, '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 545259519, 2, '\xa128ef0750b9d9269bb043602bb5f03d27491531ab2e08c806bac02f2bcb1600', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xab4e45bd64764b67deb82a3ed87677fa03b338bed23543b724db8cbe7d9455a4', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:30.58+00', '2026-11-24 10:48:30.581743+00', true, 'accepted', '2026-11-24 10:48:32.604284+00', '', 31, '2026-11-24 10:48:32.604284+00', NULL, 0),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 561, '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 545259519, 2, '\xb0479bd9077008581ce6b28a1c3e1bd17db5536efdfcd0205ba16505b2720500', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x909f16d63359a4e4858dd402319dd18a6ed021f3e78908b000c88efccfc5c32d', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:30.709+00', '2026-11-24 10:48:30.710757+00', true, 'accepted', '2026-11-24 10:48:32.604284+00', '', 30, '2026-11-24 10:48:32.604284+00', NULL, 0),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 563, '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 545259519, 2, '\x3ee4e4f71c29376d71cb9c327d7bdc1f3778a5b38c09ea5ef3dc728c3f810f00', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x2cc7443927e2c07e9e51e739a7deb0a49a3835b3ac2c860fc653c0801b9d41a7', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:39.015+00', '2026-11-24 10:48:39.016853+00', true, 'accepted', '2026-11-24 10:48:42.604365+00', '', 28, '2026-11-24 10:48:42.604365+00', NULL, 0),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 564, '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 545259519, 2, '\x28de40aafb00c0663b5e3bb9183acec8fa1270c012e011e75f4b7135698e0300', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x2324c943a04a3a75073ccb5dca8d688917db5ebed09a38fd98b1e206ec9a511f', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:40.412+00', '2026-11-24 10:48:40.427842+00', true, 'accepted', '2026-11-24 10:48:42.604365+00', '', 27, '2026-11-24 10:48:42.604365+00', NULL, 0),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 585, '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 545259519, 2, '\x182278c5600dcc3d83d0404d9dedd48a182728555a60b40f80c020fff6c80300', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xf2963c610d0da737fcfad3be9a688bcccb1a978f359aaac7ef574fd0465853b1', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:05.111+00', '2026-11-24 10:49:05.112542+00', true, 'accepted', '2026-11-24 10:49:07.617107+00', '', 6, '2026-11-24 10:49:07.617107+00', NULL, 0),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 586, '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 545259519, 2, '\x4de17db43588d2b568758fa7900b5fe1f3a806b7d86b6ff06e2be8a79bdb3200', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x0518bc4de2ca806389431e491debf28db3a1da44b8e87b4d98924dbb2e77c18f', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:05.507+00', '2026-11-24 10:49:05.508577+00', true, 'accepted', '2026-11-24 10:49:07.617107+00', '', 5, '2026-11-24 10:49:07.617107+00', NULL, 0),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 587, '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 545259519, 2, '\x1a7934eb83b7c22684d6a8e7d9360e7500a192590e262323fd180c0857883700', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xcd647b72f53958107b3ff06889669b7d1744b4788816c43a04c969bc890e6586', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:05.803+00', '2026-11-24 10:49:05.804571+00', true, 'accepted', '2026-11-24 10:49:07.617107+00', '', 4, '2026-11-24 10:49:07.617107+00', NULL, 0),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 565, '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 545259519, 2, '\xe66ad3aff49132430265eb96c4b205bf4faa0eddeb6734cc131748e9bca40500', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x5b44d69a417700e4f883323b2814ad1d3b54b3d3050b162eb492703e8d9c6e89', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:41.658+00', '2026-11-24 10:48:41.662654+00', true, 'accepted', '2026-11-24 10:48:42.604365+00', '', 26, '2026-11-24 10:48:42.604365+00', NULL, 0),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 566, '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 545259519, 2, '\xec60992373cbbbfc53e6a7a285fc478b641a1fabead82bb561d0bddc98e51000', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x7ff47f444b497c2f0ed6cf70cb12bd4117a2c288bc9ab080bf2d7808ad606d1f', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:41.827+00', '2026-11-24 10:48:41.829073+00', true, 'accepted', '2026-11-24 10:48:42.604365+00', '', 25, '2026-11-24 10:48:42.604365+00', NULL, 0),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 567, '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 545259519, 2, '\xfb35579bb7160a8e036cbbd57273a61538f6aba0b496500a2ba1ea515b870000', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xbd04152aacb21288276eb4f84cc5c5dce7deeaeb37c9f46f5aeb6a7756cac185', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:43.665+00', '2026-11-24 10:48:43.669329+00', true, 'accepted', '2026-11-24 10:48:47.606794+00', '', 24, '2026-11-24 10:48:47.606794+00', NULL, 0),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 568, '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 545259519, 2, '\x1035e49df4e7301778d0cd4a8dff77cb9f00b77de3584b09ee6c2da8dfec0700', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x20608a6a7a03f96fbb0392515f56808c2c56ca121486902da32e43eec2603829', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:44.034+00', '2026-11-24 10:48:44.037353+00', true, 'accepted', '2026-11-24 10:48:47.606794+00', '', 23, '2026-11-24 10:48:47.606794+00', NULL, 0),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 569, '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 545259519, 2, '\xdd496ced74fac56c31ebe0605c01622ab8dec723bc9f80a858a3bf407ba90400', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x782028bf7e0c630979d3ccc72f650e52e6b5d6624b74ae914dabe5b242d9afd3', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:44.215+00', '2026-11-24 10:48:44.218068+00', true, 'accepted', '2026-11-24 10:48:47.606794+00', '', 22, '2026-11-24 10:48:47.606794+00', NULL, 0),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 570, '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 545259519, 2, '\xb62135ba81e1fb4694cd5fe12824889e7c37bb658526ad63d90cdf92dedc0600', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x3868de5616a3af0011bbeac68e630b4b6142e0aa4a3856fbcec461c8d1786d5c', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:44.44+00', '2026-11-24 10:48:44.442156+00', true, 'accepted', '2026-11-24 10:48:47.606794+00', '', 21, '2026-11-24 10:48:47.606794+00', NULL, 0),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 571, '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 545259519, 2, '\x616e8754878c7720ca7ad8eb8646d132713df7629e842a623f6f5b4365580400', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x5ce1c67c7ea6227e15bd8a1e3c31cd5ae57030fa8d1ce0d934910d6a17c0a91a', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:45.948+00', '2026-11-24 10:48:45.949972+00', true, 'accepted', '2026-11-24 10:48:47.606794+00', '', 20, '2026-11-24 10:48:47.606794+00', NULL, 0),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 572, '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 545259519, 2, '\x759bd08c05af823317ea31651889eaeb4deb2c6694b77b83ad8a6ef4ed361000', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x360c9b4c1b04f8d476dcb4731469cd2f27f4474a306301ee992ab03e8554fffc', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:47.707+00', '2026-11-24 10:48:47.708967+00', true, 'accepted', '2026-11-24 10:48:47.606794+00', '', 19, '2026-11-24 10:48:47.606794+00', NULL, 0),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 573, '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 545259519, 2, '\x03aec170d839184b37860f8a9a92ddc1c26dffb681a991e4260a9cf89cbb0000', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\xcf4c80fa194fb5f22be0d1d1ae144cfeab447a4768c6e119431a9a5aa6a079a5', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:48.915+00', '2026-11-24 10:48:48.918093+00', true, 'accepted', '2026-11-24 10:48:52.61313+00', '', 18, '2026-11-24 10:48:52.61313+00', NULL, 0),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 574, '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 545259519, 2, '\x8fcfaec1dd2cc6083f85ffbdf4204ea35f3ed98f72c4e6c5e4c3e23d097d1100', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xdff4e79423dd1b6352c0f4c63f96bd46331716ab588091f3414c577da6d3519e', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:51.599+00', '2026-11-24 10:48:51.60247+00', true, 'accepted', '2026-11-24 10:48:52.61313+00', '', 17, '2026-11-24 10:48:52.61313+00', NULL, 0),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 575, '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 545259519, 2, '\x70e583c089d3249f2136d7b7ff27fa9ed93da0fdbf1edf753476796352b32700', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x3b04a7e46026d8bf35e42258ae48e271df63c65e0b63285bdb84f5eecd649778', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:52.784+00', '2026-11-24 10:48:52.786599+00', true, 'accepted', '2026-11-24 10:48:52.61313+00', '', 16, '2026-11-24 10:48:52.61313+00', NULL, 0),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 577, '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 545259519, 2, '\x4db469f2a3d440d2a441f0952e863df1801084b49616cc914aa3a9c3ffbd1d00', 'main', 'main', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '\x8ed59d524c03bf2665bf84c4157a5467923a4008115a41941d27822b4c77a503', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:54.604+00', '2026-11-24 10:48:54.605441+00', true, 'accepted', '2026-11-24 10:48:57.614414+00', '', 14, '2026-11-24 10:48:57.614414+00', NULL, 0),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 578, '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 545259519, 2, '\x9de2280125a80292735ef56c932b56d14c7b283734d241e1aeede85f6fb90700', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x11b41868e02f41f9572bc77ee6055fb6f611ab8e98bdaa6c7d217986411afeee', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:56.747+00', '2026-11-24 10:48:56.74831+00', true, 'accepted', '2026-11-24 10:48:57.614414+00', '', 13, '2026-11-24 10:48:57.614414+00', NULL, 0),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 579, '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 545259519, 2, '\x5b4c02dd1b93d38a663668c4d9947658fc102c40714a7da2f65edc8f43851400', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xfc85807d36293744560b580f9592d21e3f85badd7cf65b33517b16987dd28cd8', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:57.816+00', '2026-11-24 10:48:57.818454+00', true, 'accepted', '2026-11-24 10:48:57.614414+00', '', 12, '2026-11-24 10:48:57.614414+00', NULL, 0),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 582, '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 545259519, 2, '\x32e4ede1d1b575dc1fd83b16b0348ac09a5b1391949819df160a25afb0080600', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\x6a14737505483893a0fca1c2cfad8ca13a6888945da88be7f0e9273fb3aeef5e', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:48:58.984+00', '2026-11-24 10:48:58.987451+00', true, 'accepted', '2026-11-24 10:49:02.615628+00', '', 9, '2026-11-24 10:49:02.615628+00', NULL, 0),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 583, '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 545259519, 2, '\xe7d4504fe014175263dd84867dc50f63259f777db4e16b190c8909d730b30800', 'main', 'main', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '\xc850db06831f5cfe54ea31ff78db242555a66bd0a230dec954dd1097428c61b5', 0, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', 625000000, '2026-11-24 10:49:02.823+00', '2026-11-24 10:49:02.824666+00', true, 'accepted', '2026-11-24 10:49:02.615628+00', '', 8, '2026-11-24 10:49:02.615628+00', NULL, 0);


--
-- Data for Name: block_answer; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.block_answer VALUES
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 'litecoin-b', 1, '', '2026-11-24 10:47:44.361085+00'),
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 'litecoin-a', 1, '', '2026-11-24 10:47:44.400812+00'),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 'litecoin-b', 1, '', '2026-11-24 10:47:44.40484+00'),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 'litecoin-a', 1, '', '2026-11-24 10:47:44.429436+00'),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 'litecoin-a', 1, '', '2026-11-24 10:47:44.832557+00'),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 'litecoin-b', 1, '', '2026-11-24 10:47:44.839337+00'),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 'litecoin-b', 1, '', '2026-11-24 10:47:46.409699+00'),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 'litecoin-a', 1, '', '2026-11-24 10:47:46.46426+00'),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 'litecoin-b', 1, '', '2026-11-24 10:47:47.687647+00'),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 'litecoin-a', 1, '', '2026-11-24 10:47:47.697305+00'),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 'litecoin-b', 1, '', '2026-11-24 10:47:52.228826+00'),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 'litecoin-a', 1, '', '2026-11-24 10:47:52.228826+00'),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 'litecoin-b', 1, '', '2026-11-24 10:47:52.407962+00'),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 'litecoin-a', 1, '', '2026-11-24 10:47:52.413889+00'),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 'litecoin-a', 1, '', '2026-11-24 10:47:53.105685+00'),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 'litecoin-b', 1, '', '2026-11-24 10:47:53.156172+00'),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 'litecoin-b', 1, '', '2026-11-24 10:47:53.611814+00'),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 'litecoin-a', 1, '', '2026-11-24 10:47:53.611814+00'),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 'litecoin-a', 1, '', '2026-11-24 10:47:54.316625+00'),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:47:54.321865+00'),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 'litecoin-a', 1, '', '2026-11-24 10:47:54.809403+00'),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 'litecoin-b', 1, '', '2026-11-24 10:47:54.856253+00'),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 'litecoin-a', 1, '', '2026-11-24 10:47:56.836265+00'),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 'litecoin-b', 1, '', '2026-11-24 10:47:56.88417+00'),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 'litecoin-b', 1, '', '2026-11-24 10:47:57.616824+00'),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 'litecoin-a', 1, '', '2026-11-24 10:47:57.616824+00'),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 'litecoin-a', 1, '', '2026-11-24 10:47:57.967021+00'),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 'litecoin-b', 1, '', '2026-11-24 10:47:57.974244+00'),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 'litecoin-b', 1, '', '2026-11-24 10:47:58.32763+00'),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 'litecoin-a', 1, '', '2026-11-24 10:47:58.376281+00'),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 'litecoin-b', 1, '', '2026-11-24 10:47:58.40829+00'),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 'litecoin-a', 1, '', '2026-11-24 10:47:58.41692+00'),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 'litecoin-b', 1, '', '2026-11-24 10:47:58.860466+00'),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 'litecoin-a', 1, '', '2026-11-24 10:47:58.869969+00'),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 'litecoin-a', 1, '', '2026-11-24 10:48:04.218181+00'),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 'litecoin-b', 1, '', '2026-11-24 10:48:04.231489+00'),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 'litecoin-b', 1, '', '2026-11-24 10:48:05.585364+00'),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 'litecoin-a', 1, '', '2026-11-24 10:48:05.632264+00'),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 'litecoin-a', 1, '', '2026-11-24 10:48:08.291429+00'),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:48:08.300497+00'),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', 'litecoin-b', 1, '', '2026-11-24 10:48:08.407486+00'),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', 'litecoin-a', 1, '', '2026-11-24 10:48:08.424436+00'),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 'litecoin-a', 1, '', '2026-11-24 10:48:28.420608+00'),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 'litecoin-b', 1, '', '2026-11-24 10:48:28.420608+00'),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 'litecoin-b', 1, '', '2026-11-24 10:48:28.734376+00'),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 'litecoin-a', 1, '', '2026-11-24 10:48:28.734376+00'),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 'litecoin-a', 1, '', '2026-11-24 10:48:29.368239+00'),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:48:29.385509+00'),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 'litecoin-b', 1, '', '2026-11-24 10:48:30.110824+00'),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 'litecoin-a', 1, '', '2026-11-24 10:48:30.110824+00'),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:48:30.592958+00'),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 'litecoin-a', 1, '', '2026-11-24 10:48:30.59777+00'),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 'litecoin-b', 1, '', '2026-11-24 10:48:30.71752+00'),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 'litecoin-a', 1, '', '2026-11-24 10:48:30.73469+00'),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 'litecoin-b', 1, '', '2026-11-24 10:48:35.49825+00'),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 'litecoin-a', 1, '', '2026-11-24 10:48:35.548161+00'),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 'litecoin-b', 1, '', '2026-11-24 10:48:39.025555+00'),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 'litecoin-a', 1, '', '2026-11-24 10:48:39.04014+00'),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 'litecoin-a', 1, '', '2026-11-24 10:48:40.447833+00'),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 'litecoin-b', 1, '', '2026-11-24 10:48:40.512442+00'),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 'litecoin-a', 1, '', '2026-11-24 10:48:41.676092+00'),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 'litecoin-b', 1, '', '2026-11-24 10:48:41.676092+00'),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 'litecoin-b', 1, '', '2026-11-24 10:48:41.843738+00'),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 'litecoin-a', 1, '', '2026-11-24 10:48:41.900396+00'),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 'litecoin-b', 1, '', '2026-11-24 10:48:43.686772+00'),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 'litecoin-a', 1, '', '2026-11-24 10:48:43.715025+00'),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 'litecoin-b', 1, '', '2026-11-24 10:48:44.070183+00'),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 'litecoin-a', 1, '', '2026-11-24 10:48:44.153119+00'),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 'litecoin-a', 1, '', '2026-11-24 10:48:44.23944+00'),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 'litecoin-b', 1, '', '2026-11-24 10:48:44.23944+00'),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 'litecoin-b', 1, '', '2026-11-24 10:48:44.453241+00'),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 'litecoin-a', 1, '', '2026-11-24 10:48:44.493825+00'),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 'litecoin-b', 1, '', '2026-11-24 10:48:45.956706+00'),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 'litecoin-a', 2, 'duplicate', '2026-11-24 10:48:45.965115+00'),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 'litecoin-b', 1, '', '2026-11-24 10:48:47.723202+00'),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 'litecoin-a', 1, '', '2026-11-24 10:48:47.734214+00'),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 'litecoin-b', 1, '', '2026-11-24 10:48:48.926734+00'),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 'litecoin-a', 1, '', '2026-11-24 10:48:48.942684+00'),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 'litecoin-b', 1, '', '2026-11-24 10:48:51.625913+00'),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 'litecoin-a', 1, '', '2026-11-24 10:48:51.68464+00'),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 'litecoin-b', 1, '', '2026-11-24 10:48:52.877062+00'),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 'litecoin-a', 1, '', '2026-11-24 10:48:52.944924+00'),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 'litecoin-b', 1, '', '2026-11-24 10:48:54.617486+00'),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 'litecoin-a', 1, '', '2026-11-24 10:48:58.424415+00'),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:48:58.773203+00'),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 'litecoin-a', 1, '', '2026-11-24 10:48:58.773203+00'),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 'litecoin-a', 1, '', '2026-11-24 10:48:54.173264+00'),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 'litecoin-b', 1, '', '2026-11-24 10:48:54.173264+00'),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 'litecoin-b', 1, '', '2026-11-24 10:48:56.760274+00'),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 'litecoin-b', 1, '', '2026-11-24 10:49:02.83824+00'),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 'litecoin-a', 1, '', '2026-11-24 10:49:04.036368+00'),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 'litecoin-a', 1, '', '2026-11-24 10:48:54.684496+00'),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 'litecoin-b', 1, '', '2026-11-24 10:48:57.827757+00'),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 'litecoin-a', 1, '', '2026-11-24 10:48:57.827757+00'),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 'litecoin-b', 1, '', '2026-11-24 10:48:59.066942+00'),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 'litecoin-a', 1, '', '2026-11-24 10:48:59.066942+00'),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 'litecoin-a', 1, '', '2026-11-24 10:49:02.862417+00'),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 'litecoin-b', 1, '', '2026-11-24 10:49:05.566201+00'),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 'litecoin-a', 1, '', '2026-11-24 10:49:05.566201+00'),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 'litecoin-b', 1, '', '2026-11-24 10:49:05.822092+00'),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 'litecoin-a', 1, '', '2026-11-24 10:49:06.127412+00'),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 'litecoin-b', 1, '', '2026-11-24 10:49:06.127412+00'),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:49:07.034343+00'),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 'litecoin-a', 1, '', '2026-11-24 10:48:56.772961+00'),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 'litecoin-b', 1, '', '2026-11-24 10:49:04.015856+00'),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 'litecoin-b', 1, '', '2026-11-24 10:48:58.39944+00'),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 'litecoin-a', 1, '', '2026-11-24 10:49:07.049406+00'),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 'litecoin-a', 1, '', '2026-11-24 10:49:05.1368+00'),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 'litecoin-b', 1, '', '2026-11-24 10:49:05.18428+00'),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 'litecoin-a', 1, '', '2026-11-24 10:49:05.875509+00'),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 'litecoin-a', 1, '', '2026-11-24 10:49:07.355979+00'),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 'litecoin-b', 1, '', '2026-11-24 10:49:07.373224+00'),
	('RLTC', '\x594fd6c3d8990ffcd68483875dad59ff24a25cb47757639acc5638eccb754637', 'litecoin-a', 1, '', '2026-11-24 10:49:08.055203+00'),
	('RLTC', '\x594fd6c3d8990ffcd68483875dad59ff24a25cb47757639acc5638eccb754637', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:49:08.055203+00'),
	('RLTC', '\xaa8f44b93168c5c887bdfcd1ed27b5ed3612423fc232b55df8071542b07926ec', 'litecoin-b', 1, '', '2026-11-24 10:49:08.157598+00'),
	('RLTC', '\xaa8f44b93168c5c887bdfcd1ed27b5ed3612423fc232b55df8071542b07926ec', 'litecoin-a', 1, '', '2026-11-24 10:49:08.157598+00'),
	('RLTC', '\xbee60f308b034cb3b05820710bea10203ce88804e41e5f4ae50f03fad331b22b', 'litecoin-a', 1, '', '2026-11-24 10:49:08.410211+00'),
	('RLTC', '\xbee60f308b034cb3b05820710bea10203ce88804e41e5f4ae50f03fad331b22b', 'litecoin-b', 1, '', '2026-11-24 10:49:08.433984+00'),
	('RLTC', '\x92aedf9551e2ee570c17d37da02fb88db17f99287cacdb80b6faace7b4fc202c', 'litecoin-b', 1, '', '2026-11-24 10:49:08.761643+00'),
	('RLTC', '\x92aedf9551e2ee570c17d37da02fb88db17f99287cacdb80b6faace7b4fc202c', 'litecoin-a', 1, '', '2026-11-24 10:49:08.812221+00'),
	('RLTC', '\x15450932bf3d503c5407ce64ccfc55f4f911dfddcb80f0d16f69199690ad3df3', 'litecoin-a', 1, '', '2026-11-24 10:49:09.748566+00'),
	('RLTC', '\x15450932bf3d503c5407ce64ccfc55f4f911dfddcb80f0d16f69199690ad3df3', 'litecoin-b', 2, 'duplicate', '2026-11-24 10:49:09.773151+00'),
	('RLTC', '\x1d513c040ad78c4e7339c83ea8fa98befba912363b50d02282e971b731869776', 'litecoin-b', 1, '', '2026-11-24 10:49:11.369524+00'),
	('RLTC', '\x1d513c040ad78c4e7339c83ea8fa98befba912363b50d02282e971b731869776', 'litecoin-a', 1, '', '2026-11-24 10:49:11.416526+00'),
	('RLTC', '\xa7055440c2a3b7c01566d7efdee792b4d9c2be9defc3852684fc67a10568d451', 'litecoin-b', 1, '', '2026-11-24 10:49:11.856631+00'),
	('RLTC', '\xa7055440c2a3b7c01566d7efdee792b4d9c2be9defc3852684fc67a10568d451', 'litecoin-a', 1, '', '2026-11-24 10:49:11.865897+00');


--
-- Data for Name: block_credit; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.block_credit VALUES
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 655, 309375000, 0, 0),
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 1965, 928125000, 0, 0),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 655, 309375000, 0, 0),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 1965, 928125000, 0, 0),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 1965, 618750000, 0, 0),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 1965, 618750000, 0, 0),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 4585, 577500000, 0, 0),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 5240, 660000000, 0, 0),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 5240, 550000000, 0, 0),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 6550, 687500000, 0, 0),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 10480, 660000000, 0, 0),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 9170, 577500000, 0, 0),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 10480, 618750000, 0, 0),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 10480, 618750000, 0, 0),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 11135, 618750000, 0, 0),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 11135, 618750000, 0, 0),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 11135, 601071429, 0, 0),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 11790, 636428571, 0, 0),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 11790, 618750000, 0, 0),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 11790, 618750000, 0, 0),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 11790, 602027027, 0, 0),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 12445, 635472973, 0, 0),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 16375, 703145531, 0, 0),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 12445, 534390604, 0, 0),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 18340, 707142857, 0, 0),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 13755, 530357143, 0, 0),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 18995, 703676471, 0, 0),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 14410, 533823529, 0, 0),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 20960, 733333333, 0, 0),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 14410, 504166667, 0, 0),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 20960, 720000000, 0, 0),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 15065, 517500000, 0, 0),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 21615, 716447368, 0, 0),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 15720, 521052632, 0, 0),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 28820, 766901408, 0, 0),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 17685, 470598592, 0, 0),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 30130, 389897260, 0, 0),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 17685, 228852740, 0, 0),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 32095, 393750000, 0, 0),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 18340, 225000000, 0, 0),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 32750, 396634615, 0, 0),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 18340, 222115385, 0, 0),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 34060, 387650602, 0, 0),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 20305, 231099398, 0, 0),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 35370, 393088235, 0, 0),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 20305, 225661765, 0, 0),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 37990, 403230337, 0, 0),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 20305, 215519663, 0, 0),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 38645, 401167582, 0, 0),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 20960, 217582418, 0, 0),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 39300, 399193548, 0, 0),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 21615, 219556452, 0, 0),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 39955, 401529255, 0, 0),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 21615, 217220745, 0, 0),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 45195, 410516827, 0, 0),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 22925, 208233173, 0, 0),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 48470, 412500000, 0, 0),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 24235, 206250000, 0, 0),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 51090, 416631796, 0, 0),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 24785, 202118204, 0, 0),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 53055, 420249392, 0, 0),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 25060, 198500608, 0, 0),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 53055, 418775115, 0, 0),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 25335, 199974885, 0, 0),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 54365, 420610738, 0, 0),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 25610, 198139262, 0, 0),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 55020, 420785180, 0, 0),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 25885, 197964820, 0, 0),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 55675, 422375015, 0, 0),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 25885, 196374985, 0, 0),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 56985, 425479290, 0, 0),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 25885, 193270710, 0, 0),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 58295, 425705550, 0, 0),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 26435, 193044450, 0, 0),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 61570, 432889467, 0, 0),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 26435, 185860533, 0, 0),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 61570, 430200864, 0, 0),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 26985, 188549136, 0, 0),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 63535, 427795650, 0, 0),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 28360, 190954350, 0, 0),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 64190, 426611842, 0, 0),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 28910, 192138158, 0, 0),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 66810, 430633757, 0, 0),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 29185, 188116243, 0, 0),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 66810, 429403630, 0, 0),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 29460, 189346370, 0, 0),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 68120, 428324272, 0, 0),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 30285, 190425728, 0, 0),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 69430, 428462699, 0, 0),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 30835, 190287301, 0, 0),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 72050, 433308427, 0, 0),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 30835, 185441573, 0, 0),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 72705, 433330624, 0, 0),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 31110, 185419376, 0, 0),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 73360, 433352427, 0, 0),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 31385, 185397573, 0, 0),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 79255, 437789861, 0, 0),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 32760, 180960139, 0, 0),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 81875, 439815568, 0, 0),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 33310, 178934432, 0, 0),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 83840, 441779859, 0, 0),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 33585, 176970141, 0, 0),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 85150, 442707020, 0, 0),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 33860, 176042980, 0, 0),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 85150, 441686402, 0, 0),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 34135, 177063598, 0, 0),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 85805, 441640758, 0, 0),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 34410, 177109242, 0, 0),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 87115, 441551556, 0, 0),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 34960, 177198444, 0, 0),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'main', 87770, 441507967, 0, 0),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'main', 35235, 177242033, 0, 0);


--
-- Data for Name: block_part; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.block_part VALUES
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 'main', 4, 500000, 2620, 1, 1250000000, 12500000, '2026-11-24 10:47:47.593803+00', 0, 0, 0, 0),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 'main', 4, 500000, 2620, 1, 1250000000, 12500000, '2026-11-24 10:47:47.593803+00', 0, 0, 0, 0),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 'main', 4, 500000, 3930, 1, 1250000000, 12500000, '2026-11-24 10:47:47.593803+00', 0, 0, 0, 0),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 'main', 4, 500000, 9825, 1, 1250000000, 12500000, '2026-11-24 10:47:47.593803+00', 0, 0, 0, 0),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 'main', 4, 500000, 11790, 1, 1250000000, 12500000, '2026-11-24 10:47:47.593803+00', 0, 0, 0, 0),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 'main', 4, 500000, 19650, 1, 1250000000, 12500000, '2026-11-24 10:47:52.591822+00', 0, 0, 0, 0),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 'main', 4, 500000, 20960, 1, 1250000000, 12500000, '2026-11-24 10:47:52.591822+00', 0, 0, 0, 0),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 'main', 4, 500000, 22270, 1, 1250000000, 12500000, '2026-11-24 10:47:57.592629+00', 0, 0, 0, 0),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 'main', 4, 500000, 22925, 1, 1250000000, 12500000, '2026-11-24 10:47:57.592629+00', 0, 0, 0, 0),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 'main', 4, 500000, 23580, 1, 1250000000, 12500000, '2026-11-24 10:47:57.592629+00', 0, 0, 0, 0),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 'main', 4, 500000, 24235, 1, 1250000000, 12500000, '2026-11-24 10:47:57.592629+00', 0, 0, 0, 0),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 'main', 4, 500000, 28820, 1, 1250036500, 12500365, '2026-11-24 10:47:57.592629+00', 0, 0, 0, 0),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 'main', 4, 500000, 32095, 1, 1250000000, 12500000, '2026-11-24 10:47:57.592629+00', 0, 0, 0, 0),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 'main', 4, 500000, 33405, 1, 1250000000, 12500000, '2026-11-24 10:48:02.593733+00', 0, 0, 0, 0),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 'main', 4, 500000, 35370, 1, 1250000000, 12500000, '2026-11-24 10:48:02.593733+00', 0, 0, 0, 0),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 'main', 4, 500000, 36025, 1, 1250000000, 12500000, '2026-11-24 10:48:02.593733+00', 0, 0, 0, 0),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 'main', 4, 500000, 37335, 1, 1250000000, 12500000, '2026-11-24 10:48:02.593733+00', 0, 0, 0, 0),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 'main', 4, 500000, 46505, 1, 1250000000, 12500000, '2026-11-24 10:48:07.595678+00', 0, 0, 0, 0),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 'main', 4, 500000, 47815, 1, 625000000, 6250000, '2026-11-24 10:48:07.595678+00', 0, 0, 0, 0),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 'main', 4, 500000, 50435, 1, 625000000, 6250000, '2026-11-24 10:48:07.595678+00', 0, 0, 0, 0),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', 'main', 4, 500000, 51090, 1, 625000000, 6250000, '2026-11-24 10:48:07.595678+00', 0, 0, 0, 0),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 'main', 4, 500000, 54365, 1, 625000000, 6250000, '2026-11-24 10:48:32.604284+00', 0, 0, 0, 0),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 'main', 4, 500000, 55675, 1, 625000000, 6250000, '2026-11-24 10:48:32.604284+00', 0, 0, 0, 0),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 'main', 4, 500000, 58295, 1, 625000000, 6250000, '2026-11-24 10:48:32.604284+00', 0, 0, 0, 0),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 'main', 4, 500000, 59605, 1, 625000000, 6250000, '2026-11-24 10:48:32.604284+00', 0, 0, 0, 0),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 'main', 4, 500000, 60915, 1, 625000000, 6250000, '2026-11-24 10:48:32.604284+00', 0, 0, 0, 0),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 'main', 4, 500000, 61570, 1, 625000000, 6250000, '2026-11-24 10:48:32.604284+00', 0, 0, 0, 0),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 'main', 4, 500000, 68120, 1, 625000000, 6250000, '2026-11-24 10:48:37.602415+00', 0, 0, 0, 0),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 'main', 4, 500000, 72705, 1, 625000000, 6250000, '2026-11-24 10:48:42.604365+00', 0, 0, 0, 0),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 'main', 4, 500000, 75875, 1, 625000000, 6250000, '2026-11-24 10:48:42.604365+00', 0, 0, 0, 0),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 'main', 4, 500000, 78115, 1, 625000000, 6250000, '2026-11-24 10:48:42.604365+00', 0, 0, 0, 0),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 'main', 4, 500000, 78390, 1, 625000000, 6250000, '2026-11-24 10:48:42.604365+00', 0, 0, 0, 0),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 'main', 4, 500000, 79975, 1, 625000000, 6250000, '2026-11-24 10:48:47.606794+00', 0, 0, 0, 0),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 'main', 4, 500000, 80905, 1, 625000000, 6250000, '2026-11-24 10:48:47.606794+00', 0, 0, 0, 0),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 'main', 4, 500000, 81560, 1, 625000000, 6250000, '2026-11-24 10:48:47.606794+00', 0, 0, 0, 0),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 'main', 4, 500000, 82870, 1, 625000000, 6250000, '2026-11-24 10:48:47.606794+00', 0, 0, 0, 0),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 'main', 4, 500000, 84730, 1, 625000000, 6250000, '2026-11-24 10:48:47.606794+00', 0, 0, 0, 0),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 'main', 4, 500000, 88005, 1, 625000000, 6250000, '2026-11-24 10:48:47.606794+00', 0, 0, 0, 0),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 'main', 4, 500000, 88555, 1, 625000000, 6250000, '2026-11-24 10:48:52.61313+00', 0, 0, 0, 0),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 'main', 4, 500000, 91895, 1, 625000000, 6250000, '2026-11-24 10:48:52.61313+00', 0, 0, 0, 0),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 'main', 4, 500000, 93100, 1, 625000000, 6250000, '2026-11-24 10:48:52.61313+00', 0, 0, 0, 0),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 'main', 4, 500000, 95995, 1, 625000000, 6250000, '2026-11-24 10:48:57.614414+00', 0, 0, 0, 0),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 'main', 4, 500000, 96270, 1, 625000000, 6250000, '2026-11-24 10:48:57.614414+00', 0, 0, 0, 0),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 'main', 4, 500000, 98405, 1, 625000000, 6250000, '2026-11-24 10:48:57.614414+00', 0, 0, 0, 0),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 'main', 4, 500000, 100265, 1, 625000000, 6250000, '2026-11-24 10:48:57.614414+00', 0, 0, 0, 0),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 'main', 4, 500000, 102885, 1, 625000000, 6250000, '2026-11-24 10:49:02.615628+00', 0, 0, 0, 0),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 'main', 4, 500000, 103815, 1, 625000000, 6250000, '2026-11-24 10:49:02.615628+00', 0, 0, 0, 0),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 'main', 4, 500000, 104745, 1, 625000000, 6250000, '2026-11-24 10:49:02.615628+00', 0, 0, 0, 0),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 'main', 4, 500000, 112015, 1, 625000000, 6250000, '2026-11-24 10:49:02.615628+00', 0, 0, 0, 0),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 'main', 4, 500000, 115185, 1, 625000000, 6250000, '2026-11-24 10:49:07.617107+00', 0, 0, 0, 0),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 'main', 4, 500000, 117425, 1, 625000000, 6250000, '2026-11-24 10:49:07.617107+00', 0, 0, 0, 0),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 'main', 4, 500000, 119010, 1, 625000000, 6250000, '2026-11-24 10:49:07.617107+00', 0, 0, 0, 0),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 'main', 4, 500000, 119285, 1, 625000000, 6250000, '2026-11-24 10:49:07.617107+00', 0, 0, 0, 0),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 'main', 4, 500000, 122075, 1, 625000000, 6250000, '2026-11-24 10:49:07.617107+00', 0, 0, 0, 0),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 'main', 4, 500000, 120215, 1, 625000000, 6250000, '2026-11-24 10:49:07.617107+00', 0, 0, 0, 0),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 'main', 4, 500000, 123005, 1, 625000000, 6250000, '2026-11-24 10:49:07.617107+00', 0, 0, 0, 0);


--
-- Data for Name: book_entry; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.book_entry VALUES
	('RLTC', '\xee93c01b86ce5d38f5e0c41825df308fd89817e43adb9658544e7e943b2117b8', 'block:018f7607e0e714190cc448a6c37d8a1ff5612c86b0e8831dea84d1957df55835', 1250000000),
	('RLTC', '\xee93c01b86ce5d38f5e0c41825df308fd89817e43adb9658544e7e943b2117b8', 'utxo:coinbase', -1250000000),
	('RLTC', '\xaa25fb2b8adee249db88cda5453a4e02a327add6350fc026c112debf0efc84db', 'block:5b9a8e1250d90845dd96438c3e50300e5a6553738bd15c4fac85b3b18c89d9f4', 1250000000),
	('RLTC', '\xaa25fb2b8adee249db88cda5453a4e02a327add6350fc026c112debf0efc84db', 'utxo:coinbase', -1250000000),
	('RLTC', '\x7934ce01a006e22eb149693adf34dcf75299778694eabb7840a37c0b6fe94c00', 'block:cbce4cf41936fe2fcde782ec43aa5df5144b2f6f98165d2b4690cb8cee7d679d', 1250000000),
	('RLTC', '\x7934ce01a006e22eb149693adf34dcf75299778694eabb7840a37c0b6fe94c00', 'utxo:coinbase', -1250000000),
	('RLTC', '\x1090e4c30cd5e116d4e299e6d917ee20f23bb3711aeafed570f6acdfe6a2293d', 'block:c84d0553409475f36e80103880032fbacde9be72ce6e26c115be02ff45c2e9c1', 1250000000),
	('RLTC', '\x1090e4c30cd5e116d4e299e6d917ee20f23bb3711aeafed570f6acdfe6a2293d', 'utxo:coinbase', -1250000000),
	('RLTC', '\x10483e5de8db86f979632a36f793aad01065636619de233b2bf744c75ee2559d', 'block:eb95e44bc3530937484e0429837fdc734ecd457f41d282987a263c94f7b86678', 1250000000),
	('RLTC', '\x10483e5de8db86f979632a36f793aad01065636619de233b2bf744c75ee2559d', 'utxo:coinbase', -1250000000),
	('RLTC', '\x180e48aa66e2e6db5d61d39432e0320d7c624c6d683f91a65fb2c57fd7b4a88d', 'block:ee01e73498ec3ff1b5c993f28fe454a17f37add9b54399d3e18d09e4a56870c7', 1250000000),
	('RLTC', '\x180e48aa66e2e6db5d61d39432e0320d7c624c6d683f91a65fb2c57fd7b4a88d', 'utxo:coinbase', -1250000000),
	('RLTC', '\x59d0bdf1839b03f7245d93466a1826c094e9e7d059e37ab81e81478f0b7732f1', 'block:3800cc76692202276f2ba48f5a07e0403ad0411e6a3121071e937fd135cedbe4', 1250000000),
	('RLTC', '\x59d0bdf1839b03f7245d93466a1826c094e9e7d059e37ab81e81478f0b7732f1', 'utxo:coinbase', -1250000000),
	('RLTC', '\x7d782771d6dcbad4407c9f789e8165887aade304b67008ee1baf259215f6226c', 'block:d2596908e9e47dd575fc279d686359404a557bf76fb14d96d3e108df649d8fe4', 1250000000),
	('RLTC', '\x7d782771d6dcbad4407c9f789e8165887aade304b67008ee1baf259215f6226c', 'utxo:coinbase', -1250000000),
	('RLTC', '\x7ef278a36d7179000743312ebcaf2566a4f453f18c5dc8d73bec6e7203021dda', 'block:e0b0497bbd22696ca2155638d05091ca7a18d520e8539e4cc2c7b45c1f0c6111', 1250000000),
	('RLTC', '\x7ef278a36d7179000743312ebcaf2566a4f453f18c5dc8d73bec6e7203021dda', 'utxo:coinbase', -1250000000),
	('RLTC', '\x7c0bf857fc6bc25f29978f2c13874ed699265dafe85e59a20a0ea139a8b575cc', 'block:748fb65e0cf60a3aad04f9e95b8fd98c04a4f494f3dcb6b46fe5cec1c0320653', 1250000000),
	('RLTC', '\x7c0bf857fc6bc25f29978f2c13874ed699265dafe85e59a20a0ea139a8b575cc', 'utxo:coinbase', -1250000000),
	('RLTC', '\x791948b67442c42824a82be73f038bfaa5a2f7ddea01599812c0daa2e0c64724', 'block:4cc284561efc9e6c333d24f6f9666e71d69f3e886329103eed1f178789805d0d', 1250000000),
	('RLTC', '\x791948b67442c42824a82be73f038bfaa5a2f7ddea01599812c0daa2e0c64724', 'utxo:coinbase', -1250000000),
	('RLTC', '\xcfcca21551bd2ea0a5a99d2a0600eba8ba8a3ec34dcb158b691393f20410aa66', 'block:10d5259cd1d087db057af1ef33ddbbd115f77f5c0996e9f80f288afbfb9a4693', 1250036500),
	('RLTC', '\xcfcca21551bd2ea0a5a99d2a0600eba8ba8a3ec34dcb158b691393f20410aa66', 'utxo:coinbase', -1250036500),
	('RLTC', '\x004bc036bc21c398679388fb99eb27cac600d83e9e396ffbe2f8aa1bfcb3bb5d', 'block:4c3a0b7c638256c601d73a189e56d7c2d8cd66fea1745ae06baf117774d1602d', 1250000000),
	('RLTC', '\x004bc036bc21c398679388fb99eb27cac600d83e9e396ffbe2f8aa1bfcb3bb5d', 'utxo:coinbase', -1250000000),
	('RLTC', '\x90acd1a5780be1d2443eb177f397735e5dc57f7980885ace4bedaad2868d358d', 'block:837f041b51cf537a344b4cb9fb57b8003a1fecf08324eee3923f2e656b292986', 1250000000),
	('RLTC', '\x90acd1a5780be1d2443eb177f397735e5dc57f7980885ace4bedaad2868d358d', 'utxo:coinbase', -1250000000),
	('RLTC', '\xf43c40bc52463a0c0a9dc04e8e235852725a0f816ba2628006496ef7e56cb494', 'block:4359c576c7fb6968a4259274b70bfc90af846cc90d3569334f2f47d32174723b', 1250000000),
	('RLTC', '\xf43c40bc52463a0c0a9dc04e8e235852725a0f816ba2628006496ef7e56cb494', 'utxo:coinbase', -1250000000),
	('RLTC', '\x17b369469a00a4a54a56d61a233b6eaf76a4a7f6e86cca5f9854964b939c939b', 'block:f89a6e92a2af41c22db9f6a5b6aca1f8c92b13e5e288081f8cafa9e631f5548d', 1250000000),
	('RLTC', '\x17b369469a00a4a54a56d61a233b6eaf76a4a7f6e86cca5f9854964b939c939b', 'utxo:coinbase', -1250000000),
	('RLTC', '\x53728c0d497b177e5f5f59f71f5b0648f45fd695ece9514a7ae6c0f754272025', 'block:82c5d016e3bc98002d3f91083073294b7d28dd29ec68dfb6c2bff0a589f171e7', 1250000000),
	('RLTC', '\x53728c0d497b177e5f5f59f71f5b0648f45fd695ece9514a7ae6c0f754272025', 'utxo:coinbase', -1250000000),
	('RLTC', '\x52d3ad618b1d2c8609e80cda264378d4d1fd9653ee3218d82f53f0cb44eec8c8', 'block:018f7607e0e714190cc448a6c37d8a1ff5612c86b0e8831dea84d1957df55835', -1250000000),
	('RLTC', '\x52d3ad618b1d2c8609e80cda264378d4d1fd9653ee3218d82f53f0cb44eec8c8', 'fee', 12500000),
	('RLTC', '\x52d3ad618b1d2c8609e80cda264378d4d1fd9653ee3218d82f53f0cb44eec8c8', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 309375000),
	('RLTC', '\x52d3ad618b1d2c8609e80cda264378d4d1fd9653ee3218d82f53f0cb44eec8c8', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 928125000),
	('RLTC', '\x52d3ad618b1d2c8609e80cda264378d4d1fd9653ee3218d82f53f0cb44eec8c8', 'utxo:coinbase', 1250000000),
	('RLTC', '\x52d3ad618b1d2c8609e80cda264378d4d1fd9653ee3218d82f53f0cb44eec8c8', 'utxo:spendable', -1250000000),
	('RLTC', '\xc9ebec47005df4fa45e245690c94808bca9cdf95932183b883489653bff49ced', 'block:5b9a8e1250d90845dd96438c3e50300e5a6553738bd15c4fac85b3b18c89d9f4', -1250000000),
	('RLTC', '\xc9ebec47005df4fa45e245690c94808bca9cdf95932183b883489653bff49ced', 'fee', 12500000),
	('RLTC', '\xc9ebec47005df4fa45e245690c94808bca9cdf95932183b883489653bff49ced', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 309375000),
	('RLTC', '\xc9ebec47005df4fa45e245690c94808bca9cdf95932183b883489653bff49ced', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 928125000),
	('RLTC', '\xc9ebec47005df4fa45e245690c94808bca9cdf95932183b883489653bff49ced', 'utxo:coinbase', 1250000000),
	('RLTC', '\xc9ebec47005df4fa45e245690c94808bca9cdf95932183b883489653bff49ced', 'utxo:spendable', -1250000000),
	('RLTC', '\x21451891f1bfa3306f7f806920230b600b7fee34191f07c45273f337558e8c8e', 'block:cbce4cf41936fe2fcde782ec43aa5df5144b2f6f98165d2b4690cb8cee7d679d', -1250000000),
	('RLTC', '\x21451891f1bfa3306f7f806920230b600b7fee34191f07c45273f337558e8c8e', 'fee', 12500000),
	('RLTC', '\x21451891f1bfa3306f7f806920230b600b7fee34191f07c45273f337558e8c8e', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 618750000),
	('RLTC', '\x21451891f1bfa3306f7f806920230b600b7fee34191f07c45273f337558e8c8e', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 618750000),
	('RLTC', '\x21451891f1bfa3306f7f806920230b600b7fee34191f07c45273f337558e8c8e', 'utxo:coinbase', 1250000000),
	('RLTC', '\x21451891f1bfa3306f7f806920230b600b7fee34191f07c45273f337558e8c8e', 'utxo:spendable', -1250000000),
	('RLTC', '\xd6c33e3f31ac7b9f3b35ff999078ea2aaee63bcffd496adc78e7be73fc819411', 'block:c84d0553409475f36e80103880032fbacde9be72ce6e26c115be02ff45c2e9c1', -1250000000),
	('RLTC', '\xd6c33e3f31ac7b9f3b35ff999078ea2aaee63bcffd496adc78e7be73fc819411', 'fee', 12500000),
	('RLTC', '\xd6c33e3f31ac7b9f3b35ff999078ea2aaee63bcffd496adc78e7be73fc819411', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 577500000),
	('RLTC', '\xd6c33e3f31ac7b9f3b35ff999078ea2aaee63bcffd496adc78e7be73fc819411', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 660000000),
	('RLTC', '\xd6c33e3f31ac7b9f3b35ff999078ea2aaee63bcffd496adc78e7be73fc819411', 'utxo:coinbase', 1250000000),
	('RLTC', '\xd6c33e3f31ac7b9f3b35ff999078ea2aaee63bcffd496adc78e7be73fc819411', 'utxo:spendable', -1250000000),
	('RLTC', '\x195f31b378976b13d81beda829729d4a6fb950bd8757893eeba17b7db3249e2b', 'block:eb95e44bc3530937484e0429837fdc734ecd457f41d282987a263c94f7b86678', -1250000000),
	('RLTC', '\x195f31b378976b13d81beda829729d4a6fb950bd8757893eeba17b7db3249e2b', 'fee', 12500000),
	('RLTC', '\x195f31b378976b13d81beda829729d4a6fb950bd8757893eeba17b7db3249e2b', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 550000000),
	('RLTC', '\x195f31b378976b13d81beda829729d4a6fb950bd8757893eeba17b7db3249e2b', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 687500000),
	('RLTC', '\x195f31b378976b13d81beda829729d4a6fb950bd8757893eeba17b7db3249e2b', 'utxo:coinbase', 1250000000),
	('RLTC', '\x195f31b378976b13d81beda829729d4a6fb950bd8757893eeba17b7db3249e2b', 'utxo:spendable', -1250000000),
	('RLTC', '\x9797b673e641ba41501c747fcdcc4e6f658e3014dd34905007a595744f705fe6', 'block:ee01e73498ec3ff1b5c993f28fe454a17f37add9b54399d3e18d09e4a56870c7', -1250000000),
	('RLTC', '\x9797b673e641ba41501c747fcdcc4e6f658e3014dd34905007a595744f705fe6', 'fee', 12500000),
	('RLTC', '\x9797b673e641ba41501c747fcdcc4e6f658e3014dd34905007a595744f705fe6', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 660000000),
	('RLTC', '\x9797b673e641ba41501c747fcdcc4e6f658e3014dd34905007a595744f705fe6', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 577500000),
	('RLTC', '\x9797b673e641ba41501c747fcdcc4e6f658e3014dd34905007a595744f705fe6', 'utxo:coinbase', 1250000000),
	('RLTC', '\x9797b673e641ba41501c747fcdcc4e6f658e3014dd34905007a595744f705fe6', 'utxo:spendable', -1250000000),
	('RLTC', '\xfc019d1a962e3dc1b65a93c81713cb5b352664b6809bacf6e71874f77c026ecf', 'block:3800cc76692202276f2ba48f5a07e0403ad0411e6a3121071e937fd135cedbe4', -1250000000),
	('RLTC', '\xfc019d1a962e3dc1b65a93c81713cb5b352664b6809bacf6e71874f77c026ecf', 'fee', 12500000),
	('RLTC', '\xfc019d1a962e3dc1b65a93c81713cb5b352664b6809bacf6e71874f77c026ecf', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 618750000),
	('RLTC', '\xfc019d1a962e3dc1b65a93c81713cb5b352664b6809bacf6e71874f77c026ecf', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 618750000),
	('RLTC', '\xfc019d1a962e3dc1b65a93c81713cb5b352664b6809bacf6e71874f77c026ecf', 'utxo:coinbase', 1250000000),
	('RLTC', '\xfc019d1a962e3dc1b65a93c81713cb5b352664b6809bacf6e71874f77c026ecf', 'utxo:spendable', -1250000000),
	('RLTC', '\xaf7d541b89261efdab8d16f12f3bc281ef2ff633fc378770c2db06e16a364a5f', 'block:e0b0497bbd22696ca2155638d05091ca7a18d520e8539e4cc2c7b45c1f0c6111', -1250000000),
	('RLTC', '\xaf7d541b89261efdab8d16f12f3bc281ef2ff633fc378770c2db06e16a364a5f', 'fee', 12500000),
	('RLTC', '\xaf7d541b89261efdab8d16f12f3bc281ef2ff633fc378770c2db06e16a364a5f', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 601071429),
	('RLTC', '\xaf7d541b89261efdab8d16f12f3bc281ef2ff633fc378770c2db06e16a364a5f', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 636428571),
	('RLTC', '\xaf7d541b89261efdab8d16f12f3bc281ef2ff633fc378770c2db06e16a364a5f', 'utxo:coinbase', 1250000000),
	('RLTC', '\xaf7d541b89261efdab8d16f12f3bc281ef2ff633fc378770c2db06e16a364a5f', 'utxo:spendable', -1250000000),
	('RLTC', '\xabaad1aa872c61d67edc5e82462ae4c643b861d0f50ffb61b008f0494e972a74', 'block:4cc284561efc9e6c333d24f6f9666e71d69f3e886329103eed1f178789805d0d', -1250000000),
	('RLTC', '\xabaad1aa872c61d67edc5e82462ae4c643b861d0f50ffb61b008f0494e972a74', 'fee', 12500000),
	('RLTC', '\xabaad1aa872c61d67edc5e82462ae4c643b861d0f50ffb61b008f0494e972a74', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 602027027),
	('RLTC', '\xabaad1aa872c61d67edc5e82462ae4c643b861d0f50ffb61b008f0494e972a74', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 635472973),
	('RLTC', '\xabaad1aa872c61d67edc5e82462ae4c643b861d0f50ffb61b008f0494e972a74', 'utxo:coinbase', 1250000000),
	('RLTC', '\xabaad1aa872c61d67edc5e82462ae4c643b861d0f50ffb61b008f0494e972a74', 'utxo:spendable', -1250000000),
	('RLTC', '\x367b19bc6ca9d22f141428f0b11ae6cf6155734f1fbca10b551900e1460f7f7f', 'block:4c3a0b7c638256c601d73a189e56d7c2d8cd66fea1745ae06baf117774d1602d', -1250000000),
	('RLTC', '\x367b19bc6ca9d22f141428f0b11ae6cf6155734f1fbca10b551900e1460f7f7f', 'fee', 12500000),
	('RLTC', '\x367b19bc6ca9d22f141428f0b11ae6cf6155734f1fbca10b551900e1460f7f7f', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 707142857),
	('RLTC', '\x367b19bc6ca9d22f141428f0b11ae6cf6155734f1fbca10b551900e1460f7f7f', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 530357143),
	('RLTC', '\x367b19bc6ca9d22f141428f0b11ae6cf6155734f1fbca10b551900e1460f7f7f', 'utxo:coinbase', 1250000000),
	('RLTC', '\x367b19bc6ca9d22f141428f0b11ae6cf6155734f1fbca10b551900e1460f7f7f', 'utxo:spendable', -1250000000),
	('RLTC', '\x4b488b1ce1c6a93234b72dcf42f75da7821151ddbdffeb2bc7d4be339b43a50e', 'block:4359c576c7fb6968a4259274b70bfc90af846cc90d3569334f2f47d32174723b', -1250000000),
	('RLTC', '\x4b488b1ce1c6a93234b72dcf42f75da7821151ddbdffeb2bc7d4be339b43a50e', 'fee', 12500000),
	('RLTC', '\x4b488b1ce1c6a93234b72dcf42f75da7821151ddbdffeb2bc7d4be339b43a50e', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 733333333),
	('RLTC', '\x4b488b1ce1c6a93234b72dcf42f75da7821151ddbdffeb2bc7d4be339b43a50e', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 504166667),
	('RLTC', '\x4b488b1ce1c6a93234b72dcf42f75da7821151ddbdffeb2bc7d4be339b43a50e', 'utxo:coinbase', 1250000000),
	('RLTC', '\x4b488b1ce1c6a93234b72dcf42f75da7821151ddbdffeb2bc7d4be339b43a50e', 'utxo:spendable', -1250000000),
	('RLTC', '\x1d7e1a6640ab0595a0bbb60712b4450cb561a856a06d5c62993efe5107bac4a1', 'block:82c5d016e3bc98002d3f91083073294b7d28dd29ec68dfb6c2bff0a589f171e7', -1250000000),
	('RLTC', '\x1d7e1a6640ab0595a0bbb60712b4450cb561a856a06d5c62993efe5107bac4a1', 'fee', 12500000),
	('RLTC', '\x1d7e1a6640ab0595a0bbb60712b4450cb561a856a06d5c62993efe5107bac4a1', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 716447368),
	('RLTC', '\x1d7e1a6640ab0595a0bbb60712b4450cb561a856a06d5c62993efe5107bac4a1', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 521052632),
	('RLTC', '\x1d7e1a6640ab0595a0bbb60712b4450cb561a856a06d5c62993efe5107bac4a1', 'utxo:coinbase', 1250000000),
	('RLTC', '\x1d7e1a6640ab0595a0bbb60712b4450cb561a856a06d5c62993efe5107bac4a1', 'utxo:spendable', -1250000000),
	('RLTC', '\x4c4e56dba2bbbf6ebdd0bd667a3b2f0cbe1869428a0c57d5b68b7f9474e6c03c', 'block:885b84db245db28c502ca0e7550217a93e5309ce7b435cb99f411a1ead00a92f', -1250000000),
	('RLTC', '\x4c4e56dba2bbbf6ebdd0bd667a3b2f0cbe1869428a0c57d5b68b7f9474e6c03c', 'fee', 12500000),
	('RLTC', '\x4c4e56dba2bbbf6ebdd0bd667a3b2f0cbe1869428a0c57d5b68b7f9474e6c03c', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 766901408),
	('RLTC', '\x4c4e56dba2bbbf6ebdd0bd667a3b2f0cbe1869428a0c57d5b68b7f9474e6c03c', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 470598592),
	('RLTC', '\x4c4e56dba2bbbf6ebdd0bd667a3b2f0cbe1869428a0c57d5b68b7f9474e6c03c', 'utxo:coinbase', 1250000000),
	('RLTC', '\x4c4e56dba2bbbf6ebdd0bd667a3b2f0cbe1869428a0c57d5b68b7f9474e6c03c', 'utxo:spendable', -1250000000),
	('RLTC', '\x12778f0bae006bce32c422773a54e7c853e750241ad108e855ffdf7b1426a0e0', 'block:54cd732376ff4d43cba8da6fc3dbffc5f526e2b9fd92344475f19d16b9803e19', 625000000),
	('RLTC', '\x12778f0bae006bce32c422773a54e7c853e750241ad108e855ffdf7b1426a0e0', 'utxo:coinbase', -625000000),
	('RLTC', '\x9961c2d0365da00fe84a7fa26c2692e8f4881888fbc892e5a2464b0430e0b7c1', 'block:d2596908e9e47dd575fc279d686359404a557bf76fb14d96d3e108df649d8fe4', -1250000000),
	('RLTC', '\x9961c2d0365da00fe84a7fa26c2692e8f4881888fbc892e5a2464b0430e0b7c1', 'fee', 12500000),
	('RLTC', '\x9961c2d0365da00fe84a7fa26c2692e8f4881888fbc892e5a2464b0430e0b7c1', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 618750000),
	('RLTC', '\x9961c2d0365da00fe84a7fa26c2692e8f4881888fbc892e5a2464b0430e0b7c1', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 618750000),
	('RLTC', '\x9961c2d0365da00fe84a7fa26c2692e8f4881888fbc892e5a2464b0430e0b7c1', 'utxo:coinbase', 1250000000),
	('RLTC', '\x9961c2d0365da00fe84a7fa26c2692e8f4881888fbc892e5a2464b0430e0b7c1', 'utxo:spendable', -1250000000),
	('RLTC', '\x0051b3bb285ecd4e8dfe34fa233dcfdebe9505cec84fa31207689541049c5cad', 'block:748fb65e0cf60a3aad04f9e95b8fd98c04a4f494f3dcb6b46fe5cec1c0320653', -1250000000),
	('RLTC', '\x0051b3bb285ecd4e8dfe34fa233dcfdebe9505cec84fa31207689541049c5cad', 'fee', 12500000),
	('RLTC', '\x0051b3bb285ecd4e8dfe34fa233dcfdebe9505cec84fa31207689541049c5cad', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 618750000),
	('RLTC', '\x0051b3bb285ecd4e8dfe34fa233dcfdebe9505cec84fa31207689541049c5cad', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 618750000),
	('RLTC', '\x0051b3bb285ecd4e8dfe34fa233dcfdebe9505cec84fa31207689541049c5cad', 'utxo:coinbase', 1250000000),
	('RLTC', '\x0051b3bb285ecd4e8dfe34fa233dcfdebe9505cec84fa31207689541049c5cad', 'utxo:spendable', -1250000000),
	('RLTC', '\x4018a6fd51b5a978fb3966505040296f707d66ef7a57862457939f21c905f86f', 'block:10d5259cd1d087db057af1ef33ddbbd115f77f5c0996e9f80f288afbfb9a4693', -1250036500),
	('RLTC', '\x4018a6fd51b5a978fb3966505040296f707d66ef7a57862457939f21c905f86f', 'fee', 12500365),
	('RLTC', '\x4018a6fd51b5a978fb3966505040296f707d66ef7a57862457939f21c905f86f', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 703145531),
	('RLTC', '\x4018a6fd51b5a978fb3966505040296f707d66ef7a57862457939f21c905f86f', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 534390604),
	('RLTC', '\x4018a6fd51b5a978fb3966505040296f707d66ef7a57862457939f21c905f86f', 'utxo:coinbase', 1250036500),
	('RLTC', '\x4018a6fd51b5a978fb3966505040296f707d66ef7a57862457939f21c905f86f', 'utxo:spendable', -1250036500),
	('RLTC', '\x7e277a4b44c63ab5ef1fe5a5fbeb8c1d79180bfbeb606a1aa0aae1320f5c149a', 'block:837f041b51cf537a344b4cb9fb57b8003a1fecf08324eee3923f2e656b292986', -1250000000),
	('RLTC', '\x7e277a4b44c63ab5ef1fe5a5fbeb8c1d79180bfbeb606a1aa0aae1320f5c149a', 'fee', 12500000),
	('RLTC', '\x7e277a4b44c63ab5ef1fe5a5fbeb8c1d79180bfbeb606a1aa0aae1320f5c149a', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 703676471),
	('RLTC', '\x7e277a4b44c63ab5ef1fe5a5fbeb8c1d79180bfbeb606a1aa0aae1320f5c149a', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 533823529),
	('RLTC', '\x7e277a4b44c63ab5ef1fe5a5fbeb8c1d79180bfbeb606a1aa0aae1320f5c149a', 'utxo:coinbase', 1250000000),
	('RLTC', '\x7e277a4b44c63ab5ef1fe5a5fbeb8c1d79180bfbeb606a1aa0aae1320f5c149a', 'utxo:spendable', -1250000000),
	('RLTC', '\x2949acf8e1fc84b8ebefe50337ac4d6a6738f31190560d2ad0dd7ca2b91a9620', 'block:f89a6e92a2af41c22db9f6a5b6aca1f8c92b13e5e288081f8cafa9e631f5548d', -1250000000),
	('RLTC', '\x2949acf8e1fc84b8ebefe50337ac4d6a6738f31190560d2ad0dd7ca2b91a9620', 'fee', 12500000),
	('RLTC', '\x2949acf8e1fc84b8ebefe50337ac4d6a6738f31190560d2ad0dd7ca2b91a9620', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 720000000),
	('RLTC', '\x2949acf8e1fc84b8ebefe50337ac4d6a6738f31190560d2ad0dd7ca2b91a9620', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 517500000),
	('RLTC', '\x2949acf8e1fc84b8ebefe50337ac4d6a6738f31190560d2ad0dd7ca2b91a9620', 'utxo:coinbase', 1250000000),
	('RLTC', '\x2949acf8e1fc84b8ebefe50337ac4d6a6738f31190560d2ad0dd7ca2b91a9620', 'utxo:spendable', -1250000000),
	('RLTC', '\x067352b0aaede0d710473c37381c4d540758a3b2bb0962392bbce7bc04d31cf3', 'block:885b84db245db28c502ca0e7550217a93e5309ce7b435cb99f411a1ead00a92f', 1250000000),
	('RLTC', '\x067352b0aaede0d710473c37381c4d540758a3b2bb0962392bbce7bc04d31cf3', 'utxo:coinbase', -1250000000),
	('RLTC', '\x9f4f55ebf8ec3fe601b39590a5a0b3bb6150f70c867541ce3cd370ea6a71464f', 'block:898718887fb8778658f6102c87bc53d979aa6ac8be61c28d83f971b10ee27d43', 625000000),
	('RLTC', '\x9f4f55ebf8ec3fe601b39590a5a0b3bb6150f70c867541ce3cd370ea6a71464f', 'utxo:coinbase', -625000000),
	('RLTC', '\x36305370a9079a736e53e6843c842e39219f0dab6951665592d82be0227c525c', 'block:2b75dd37e7a6c0739731778de4b02b5503cb071be524eed95c2b09605be7fef3', 625000000),
	('RLTC', '\x36305370a9079a736e53e6843c842e39219f0dab6951665592d82be0227c525c', 'utxo:coinbase', -625000000),
	('RLTC', '\xa86d24afc5708cb070a3ba9d6cd400a8670277c6a659cf97824402e07da13cd8', 'payee:rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', -11134995424),
	('RLTC', '\xa86d24afc5708cb070a3ba9d6cd400a8670277c6a659cf97824402e07da13cd8', 'payee:rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', -11140040711),
	('RLTC', '\xa86d24afc5708cb070a3ba9d6cd400a8670277c6a659cf97824402e07da13cd8', 'payout:1', 22275036135),
	('RLTC', '\xa86d24afc5708cb070a3ba9d6cd400a8670277c6a659cf97824402e07da13cd8', 'utxo:reserved', -22500036500),
	('RLTC', '\xa86d24afc5708cb070a3ba9d6cd400a8670277c6a659cf97824402e07da13cd8', 'utxo:spendable', 22500036500),
	('RLTC', '\x8fdafff68982884eb2e8b8b1f16129faea7a5ebbd938bf2ee3e2b6f2d84f3c6c', 'fee', -13280),
	('RLTC', '\x8fdafff68982884eb2e8b8b1f16129faea7a5ebbd938bf2ee3e2b6f2d84f3c6c', 'payout:1', -22275036135),
	('RLTC', '\x8fdafff68982884eb2e8b8b1f16129faea7a5ebbd938bf2ee3e2b6f2d84f3c6c', 'utxo:reserved', 22500036500),
	('RLTC', '\x8fdafff68982884eb2e8b8b1f16129faea7a5ebbd938bf2ee3e2b6f2d84f3c6c', 'utxo:spendable', -224987085),
	('RLTC', '\x0845a19428c03cc6ea258efe0d2c295b27a55aeb2495b996caba458fbdc1026b', 'block:2c2220a0c47cac158622a530556281be3aa34e159938f75feeee653077d43741', 625000000),
	('RLTC', '\x0845a19428c03cc6ea258efe0d2c295b27a55aeb2495b996caba458fbdc1026b', 'utxo:coinbase', -625000000),
	('RLTC', '\xb0987fa0b0ef48b51cce61be1e9bc7a094612c186ef822b2eb4ada065a71dd17', 'block:d314246cd8dbf3888a7cc2b22b620ad3271bfd2f128396fef718ced3040549e2', 625000000),
	('RLTC', '\xb0987fa0b0ef48b51cce61be1e9bc7a094612c186ef822b2eb4ada065a71dd17', 'utxo:coinbase', -625000000),
	('RLTC', '\xcd9b2c1715e45ccab142a32c3a923c576ae403630b8f6d989267a1889637d06b', 'block:6d272df82906b7ca656b6a4c476e59ca4e764ce7226edf812ff901e72074521b', 625000000),
	('RLTC', '\xcd9b2c1715e45ccab142a32c3a923c576ae403630b8f6d989267a1889637d06b', 'utxo:coinbase', -625000000),
	('RLTC', '\x2a0bd97a3f2aaf17bf53881a19cb203269fb1353b7990caa090d219b97b4a1f5', 'block:7b12b0fc8d1c16ad54bbbf3f1568ffa8490f5b5ab167e999e63e938bce7a5805', 625000000),
	('RLTC', '\x2a0bd97a3f2aaf17bf53881a19cb203269fb1353b7990caa090d219b97b4a1f5', 'utxo:coinbase', -625000000),
	('RLTC', '\xd57ff4bf7dcc9060334762d4bb81b9f64f64cd777e1520ea49fa8472b2fdee64', 'block:df5c283b91c321a8c2cb407f5aeb6ff32937d6199a93746841fd13cd1de40af9', 625000000),
	('RLTC', '\xd57ff4bf7dcc9060334762d4bb81b9f64f64cd777e1520ea49fa8472b2fdee64', 'utxo:coinbase', -625000000),
	('RLTC', '\xc62dcada1211c8d6c2b86b98361d1befb76ca998d81d2717e940b46e8070bf2f', 'block:d8f4abd7881df4bebc4e97f7601e877c4daacf8016459bc816b53b3e49243b20', 625000000),
	('RLTC', '\xc62dcada1211c8d6c2b86b98361d1befb76ca998d81d2717e940b46e8070bf2f', 'utxo:coinbase', -625000000),
	('RLTC', '\xb6ef174afcad9da86eaf24db476b4ba90afc5ec2b7961a0f27b585fe5fd6fd6d', 'block:3b77870e58aa8f89cf1b42d88d47734fa890c803803cae10cd40cd7ce2e2f778', 625000000),
	('RLTC', '\xb6ef174afcad9da86eaf24db476b4ba90afc5ec2b7961a0f27b585fe5fd6fd6d', 'utxo:coinbase', -625000000),
	('RLTC', '\xb678188cbe113485be86dab7fbfdfb41bdae26224abfafc956282e616f46999d', 'block:c9e3103892067c4c46785d248bd9bd605fead37e80a1338f7c00ec3e209d1138', 625000000),
	('RLTC', '\xb678188cbe113485be86dab7fbfdfb41bdae26224abfafc956282e616f46999d', 'utxo:coinbase', -625000000),
	('RLTC', '\xb7c1ef626ec5a31a30bb85b3348b2bd79031bf5c13a997d36dc3f88a68c14f9f', 'block:79b58a9a4cb402e48e2ff0009cdb029beb4987ab751f0e177db347ec080a3a7c', 625000000),
	('RLTC', '\xb7c1ef626ec5a31a30bb85b3348b2bd79031bf5c13a997d36dc3f88a68c14f9f', 'utxo:coinbase', -625000000),
	('RLTC', '\xccde719ccf54ddc6fb0d196ec1cbb87fc69c714223eb9b358a1047ed9c0526d2', 'block:94e9236e039b3bd188d90155eab7ff7338571d582d9ef6772634c87769c5f7d5', 625000000),
	('RLTC', '\xccde719ccf54ddc6fb0d196ec1cbb87fc69c714223eb9b358a1047ed9c0526d2', 'utxo:coinbase', -625000000),
	('RLTC', '\x9c165364657e394ffb9bc510973bff5e4522bb9a5b316755448a24c9e73d5829', 'block:a14fb656260348430402108daabfba6a01b2f1a936bd6ad72047b795551e723b', 625000000),
	('RLTC', '\x9c165364657e394ffb9bc510973bff5e4522bb9a5b316755448a24c9e73d5829', 'utxo:coinbase', -625000000),
	('RLTC', '\xa34f19d3d760e8730eee613a18f511c52e5902a59299a309a5ed4bc8a22a2dc3', 'block:b1313f63535fe0d0d30d3b5ca805929afeb521d7089755a735f8fb7183b54f31', 625000000),
	('RLTC', '\xa34f19d3d760e8730eee613a18f511c52e5902a59299a309a5ed4bc8a22a2dc3', 'utxo:coinbase', -625000000),
	('RLTC', '\x65377deff3336c4e33a04a78dcb779d24cdd6d423941f2b1632e27f477508c5b', 'block:a912b787456075eb6dbc857d4e39baa6e824e411dbb0b8d5a73e4c917cfc7238', 625000000),
	('RLTC', '\x65377deff3336c4e33a04a78dcb779d24cdd6d423941f2b1632e27f477508c5b', 'utxo:coinbase', -625000000),
	('RLTC', '\x62140c4c4a30a6150c462adabaae4fda21801a511ff50bb2b97d66d7174ea44a', 'block:5100e79c504b4f4e382cbc33f224b975965cb6fb9e7c4f4217f9d521de540df8', 625000000),
	('RLTC', '\x62140c4c4a30a6150c462adabaae4fda21801a511ff50bb2b97d66d7174ea44a', 'utxo:coinbase', -625000000),
	('RLTC', '\x0d23ecf29d62268664b62773e9219f6bd652a7606606d71e976a075860adeaba', 'block:0c70255ee86b99398ad6660565cd0df08fdbee8a0dbd1d8992fcb1c82d0e3145', 625000000),
	('RLTC', '\x0d23ecf29d62268664b62773e9219f6bd652a7606606d71e976a075860adeaba', 'utxo:coinbase', -625000000),
	('RLTC', '\x419e01b75b5c965db25681a4895c63fcb450cbade2d1e1e1eb3904f9287a73f3', 'block:eded9f7ca9827016922c302eb429f9d48d9833ab8988d9f72187bfbb930e885d', 625000000),
	('RLTC', '\x419e01b75b5c965db25681a4895c63fcb450cbade2d1e1e1eb3904f9287a73f3', 'utxo:coinbase', -625000000),
	('RLTC', '\x11ec3fb595f40b688f82bf62c5d1d55db99328513ee1c1aa74efe1d7779a6ba5', 'block:2ecb008017dfc4d61bf06e7c9fb4b2d3a215022a754bab576b01926defdfedd5', 625000000),
	('RLTC', '\x11ec3fb595f40b688f82bf62c5d1d55db99328513ee1c1aa74efe1d7779a6ba5', 'utxo:coinbase', -625000000),
	('RLTC', '\x13851ca07cdc25d7e1a2f897d537f75d964448aac7df5a20ece0b47913fd67e2', 'block:57178e6504a2c9bda77962522315a27cea387a4c889f39373d24c928c06342db', 625000000),
	('RLTC', '\x13851ca07cdc25d7e1a2f897d537f75d964448aac7df5a20ece0b47913fd67e2', 'utxo:coinbase', -625000000),
	('RLTC', '\x8faec250aa5b32c60e543e0a3e1b7ebf9fb098b0901c19663a04158100e1e0b3', 'block:b8a67ba39f0ec9e9aa2e5282308b0a722d164090db937bb21bb952c4d8ec6af1', 625000000),
	('RLTC', '\x8faec250aa5b32c60e543e0a3e1b7ebf9fb098b0901c19663a04158100e1e0b3', 'utxo:coinbase', -625000000),
	('RLTC', '\xa85677fc5d218e682457dcca5786c3f4869404a0a3e731c4bae7397a191df5e8', 'block:1ae6d8fcb1b613652a09ec1b5073406fe593df5ae7f2ef88dbd2895f3136c5c2', 625000000),
	('RLTC', '\xa85677fc5d218e682457dcca5786c3f4869404a0a3e731c4bae7397a191df5e8', 'utxo:coinbase', -625000000),
	('RLTC', '\xb1fa3e0f332edcd4308dc9b64491458c9541b86aeb8ba97adb3edc511dc6e65c', 'block:9b913e29338f4ddd0aa4af2d3716df8d1585afcd8fa6661a0654c1e2b04f986d', 625000000);
INSERT INTO public.book_entry VALUES
	('RLTC', '\xb1fa3e0f332edcd4308dc9b64491458c9541b86aeb8ba97adb3edc511dc6e65c', 'utxo:coinbase', -625000000),
	('RLTC', '\x3c25b5468d9dc654b5770772d52080db9c02be457cd95c7001293e400ed7783b', 'block:d495358d29c923e90e4d434752d2313848c2c8dc893dcb1d3c44429f6450dedb', 625000000),
	('RLTC', '\x3c25b5468d9dc654b5770772d52080db9c02be457cd95c7001293e400ed7783b', 'utxo:coinbase', -625000000),
	('RLTC', '\x0ef30dac23362bfe830a75547d12f47fc416511f94aa341bd5886d566f9a68e7', 'block:b037138df170af0558b1b05bcd010de682091e6e9135c505aa9505f0cedeaff8', 625000000),
	('RLTC', '\x0ef30dac23362bfe830a75547d12f47fc416511f94aa341bd5886d566f9a68e7', 'utxo:coinbase', -625000000),
	('RLTC', '\xe8a6ae12aac4ab764ac05dc3e8a23c15c33e93bc2bb2d560294a477c7f409c89', 'block:31f4502a9b4208a42bb6827bf45cb0cde6b57a9784ffb13bba821b8a586ac451', 625000000),
	('RLTC', '\xe8a6ae12aac4ab764ac05dc3e8a23c15c33e93bc2bb2d560294a477c7f409c89', 'utxo:coinbase', -625000000),
	('RLTC', '\x58611ababa407c9931b1b7d25fa19be91dffd91ca3bca5f4ddcdb3d9f69159ad', 'block:f12aa57ab68caa16cbfe506c6687fea51068746073d27819b2e7dfde55687567', 625000000),
	('RLTC', '\x58611ababa407c9931b1b7d25fa19be91dffd91ca3bca5f4ddcdb3d9f69159ad', 'utxo:coinbase', -625000000),
	('RLTC', '\x00f3731a0f6a2992dbe00599b88dd80d5c10b14ff7790e7877f6b428ced9e93c', 'block:a58810e6463982be190081d85a0c0c4fa896b9647f45dcaa6311cc4f775f5306', 625000000),
	('RLTC', '\x00f3731a0f6a2992dbe00599b88dd80d5c10b14ff7790e7877f6b428ced9e93c', 'utxo:coinbase', -625000000),
	('RLTC', '\x541807c9bbec947ee82ec93b9c428605ecb747e35acc6f6d875bf4e0e8e12baf', 'block:95b78272f8d9903cec490d0ed3b3f6e0b563d8e18a69f1062bf0d8d8591d0dfe', 625000000),
	('RLTC', '\x541807c9bbec947ee82ec93b9c428605ecb747e35acc6f6d875bf4e0e8e12baf', 'utxo:coinbase', -625000000),
	('RLTC', '\xa6ff8d3cdec603bbbce66ae28464b94afc3fe216f15888451fbd439c66d23f7c', 'block:c89a214e4f928dea6fbe27bdbbf5e27b6c239b1604e1fb49746f23c3d8e5edc6', 625000000),
	('RLTC', '\xa6ff8d3cdec603bbbce66ae28464b94afc3fe216f15888451fbd439c66d23f7c', 'utxo:coinbase', -625000000),
	('RLTC', '\x6d9f549800ff2e291b001ddbb0c69967ec68ba975ab20c6e3d71503ab76a3185', 'block:be9820d35bbb69939c8fe0ff56929d2c483f4810c42572418209eb46a0a8c8aa', 625000000),
	('RLTC', '\x6d9f549800ff2e291b001ddbb0c69967ec68ba975ab20c6e3d71503ab76a3185', 'utxo:coinbase', -625000000),
	('RLTC', '\xba2080a241d9207a51247c4f30fe02735a4b701f49fb6b0f1db162bba70e0fc2', 'block:e53bffc4154c5a26d2d8ed4f1aeb41bdce11b178a452129913978ed23ef2e736', 625000000),
	('RLTC', '\xba2080a241d9207a51247c4f30fe02735a4b701f49fb6b0f1db162bba70e0fc2', 'utxo:coinbase', -625000000),
	('RLTC', '\x0ba4c813acf31b906dfeeed0bfaf89fee48aa95370f85c23823fb06d2a777040', 'block:68031d14fe19eadca2ca88fdcc423666bf0ec6bafd4de726eeb50b27c82488f7', 625000000),
	('RLTC', '\x0ba4c813acf31b906dfeeed0bfaf89fee48aa95370f85c23823fb06d2a777040', 'utxo:coinbase', -625000000),
	('RLTC', '\xc4e822a8f4f8c99416dfc3efe402a0406f3eed307d2fab1bc6481cf5b3c602fc', 'block:1cd95a8217f743aebd6f914f6d07188ca572d136d31c96f537718f492271b4c7', 625000000),
	('RLTC', '\xc4e822a8f4f8c99416dfc3efe402a0406f3eed307d2fab1bc6481cf5b3c602fc', 'utxo:coinbase', -625000000),
	('RLTC', '\xdb9d1a35f3668f563324d36e4bdc682803f984ec03c87f03024548f3d05f6765', 'block:f81a1825af60aca1336835d5e9438178215a2bdde284dd4f739348ebb203445a', 625000000),
	('RLTC', '\xdb9d1a35f3668f563324d36e4bdc682803f984ec03c87f03024548f3d05f6765', 'utxo:coinbase', -625000000),
	('RLTC', '\x6bd78ca49f5a0fe1583a98814421ae34b2b1d6528492d1717d376647a7b60359', 'block:5b7f6af035c42fdbc0e14b99d2d5dbc1305cb62a8ac6c5be6b9d5d6c93f940a6', 625000000),
	('RLTC', '\x6bd78ca49f5a0fe1583a98814421ae34b2b1d6528492d1717d376647a7b60359', 'utxo:coinbase', -625000000),
	('RLTC', '\x324d8c2f1425ab7ccd2b0c725bfbe12cc0a79cbaf3d4aa7fcf1c6a560baec798', 'block:9b3ac63b5473026a1bdec25420eca42524bf242218c933877bc3ec31b946ebc1', 625000000),
	('RLTC', '\x324d8c2f1425ab7ccd2b0c725bfbe12cc0a79cbaf3d4aa7fcf1c6a560baec798', 'utxo:coinbase', -625000000);


--
-- Data for Name: book_transaction; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.book_transaction VALUES
	('RLTC', '\xee93c01b86ce5d38f5e0c41825df308fd89817e43adb9658544e7e943b2117b8', 'accept', '{"turn": 0, "block": "018f7607e0e714190cc448a6c37d8a1ff5612c86b0e8831dea84d1957df55835", "height": 421}', '\xb5aba2cf274e002fe5fe8d4fe47146aa660649ae094449c446cd5ce34e1e8c29', 2, '2026-11-24 10:47:47.593803+00'),
	('RLTC', '\xaa25fb2b8adee249db88cda5453a4e02a327add6350fc026c112debf0efc84db', 'accept', '{"turn": 0, "block": "5b9a8e1250d90845dd96438c3e50300e5a6553738bd15c4fac85b3b18c89d9f4", "height": 422}', '\x9beff20ccf81389ab40f52372a26e6d85c78b1acedcb61a33b7bae075b68e014', 2, '2026-11-24 10:47:47.593803+00'),
	('RLTC', '\x7934ce01a006e22eb149693adf34dcf75299778694eabb7840a37c0b6fe94c00', 'accept', '{"turn": 0, "block": "cbce4cf41936fe2fcde782ec43aa5df5144b2f6f98165d2b4690cb8cee7d679d", "height": 423}', '\x5537ed6dd05113e7bd2ae7ae195fe9fa339de9454c81ca8702703bedda9663ac', 2, '2026-11-24 10:47:47.593803+00'),
	('RLTC', '\x1090e4c30cd5e116d4e299e6d917ee20f23bb3711aeafed570f6acdfe6a2293d', 'accept', '{"turn": 0, "block": "c84d0553409475f36e80103880032fbacde9be72ce6e26c115be02ff45c2e9c1", "height": 424}', '\xdef518a1ee040fc210aa84e231880603b458f635bf2139a3548207653fa397d1', 2, '2026-11-24 10:47:47.593803+00'),
	('RLTC', '\x10483e5de8db86f979632a36f793aad01065636619de233b2bf744c75ee2559d', 'accept', '{"turn": 0, "block": "eb95e44bc3530937484e0429837fdc734ecd457f41d282987a263c94f7b86678", "height": 425}', '\xd24b848b4a0feefd378e7dcfc0cb50aafb48ab714585cefc4bed02c3dabab252', 2, '2026-11-24 10:47:47.593803+00'),
	('RLTC', '\x180e48aa66e2e6db5d61d39432e0320d7c624c6d683f91a65fb2c57fd7b4a88d', 'accept', '{"turn": 0, "block": "ee01e73498ec3ff1b5c993f28fe454a17f37add9b54399d3e18d09e4a56870c7", "height": 426}', '\x7e573be9a4c4991d5e50a87b7a5e4bd88d0975f5ef806726099203c18465a001', 2, '2026-11-24 10:47:52.591822+00'),
	('RLTC', '\x59d0bdf1839b03f7245d93466a1826c094e9e7d059e37ab81e81478f0b7732f1', 'accept', '{"turn": 0, "block": "3800cc76692202276f2ba48f5a07e0403ad0411e6a3121071e937fd135cedbe4", "height": 427}', '\xa78bef5977bef10b81a0b8f3bcf9ae2a6fc29b1351102ddf40d96da3b2f1e2d3', 2, '2026-11-24 10:47:52.591822+00'),
	('RLTC', '\x7d782771d6dcbad4407c9f789e8165887aade304b67008ee1baf259215f6226c', 'accept', '{"turn": 0, "block": "d2596908e9e47dd575fc279d686359404a557bf76fb14d96d3e108df649d8fe4", "height": 428}', '\xb0b28f59f95375ae9a5927a8295b335c94b0eea7e7634945c249c87e9d281e36', 2, '2026-11-24 10:47:57.592629+00'),
	('RLTC', '\x7ef278a36d7179000743312ebcaf2566a4f453f18c5dc8d73bec6e7203021dda', 'accept', '{"turn": 0, "block": "e0b0497bbd22696ca2155638d05091ca7a18d520e8539e4cc2c7b45c1f0c6111", "height": 429}', '\x9ad6c4ed4bea2becc9e8da8f3595df3de89992bf9606fa0d7d5db282176a9f90', 2, '2026-11-24 10:47:57.592629+00'),
	('RLTC', '\x7c0bf857fc6bc25f29978f2c13874ed699265dafe85e59a20a0ea139a8b575cc', 'accept', '{"turn": 0, "block": "748fb65e0cf60a3aad04f9e95b8fd98c04a4f494f3dcb6b46fe5cec1c0320653", "height": 430}', '\x3157a9f141d3ac152ef0e565d8788518454de28536ba1c352d7c0e548969d7ff', 2, '2026-11-24 10:47:57.592629+00'),
	('RLTC', '\x791948b67442c42824a82be73f038bfaa5a2f7ddea01599812c0daa2e0c64724', 'accept', '{"turn": 0, "block": "4cc284561efc9e6c333d24f6f9666e71d69f3e886329103eed1f178789805d0d", "height": 431}', '\x830d228efc7c56f0cbe9520704ebc2ec1a4699b2fc0663ffd39b98d68ce89df1', 2, '2026-11-24 10:47:57.592629+00'),
	('RLTC', '\xcfcca21551bd2ea0a5a99d2a0600eba8ba8a3ec34dcb158b691393f20410aa66', 'accept', '{"turn": 0, "block": "10d5259cd1d087db057af1ef33ddbbd115f77f5c0996e9f80f288afbfb9a4693", "height": 432}', '\xf3a9bbb7203f7b8d20c5918696e5f52482445e0c7cc6332f4dfa95fc6194a0d4', 2, '2026-11-24 10:47:57.592629+00'),
	('RLTC', '\x004bc036bc21c398679388fb99eb27cac600d83e9e396ffbe2f8aa1bfcb3bb5d', 'accept', '{"turn": 0, "block": "4c3a0b7c638256c601d73a189e56d7c2d8cd66fea1745ae06baf117774d1602d", "height": 433}', '\xe1f15bafbea4f283884c125eaaee96e0b4165488557482e59b103c894dae3f99', 2, '2026-11-24 10:47:57.592629+00'),
	('RLTC', '\x90acd1a5780be1d2443eb177f397735e5dc57f7980885ace4bedaad2868d358d', 'accept', '{"turn": 0, "block": "837f041b51cf537a344b4cb9fb57b8003a1fecf08324eee3923f2e656b292986", "height": 434}', '\xa0a6c208f682be86dc8f214ad30dab6a39929f41caac5825282a683b1a7eec58', 2, '2026-11-24 10:48:02.593733+00'),
	('RLTC', '\xf43c40bc52463a0c0a9dc04e8e235852725a0f816ba2628006496ef7e56cb494', 'accept', '{"turn": 0, "block": "4359c576c7fb6968a4259274b70bfc90af846cc90d3569334f2f47d32174723b", "height": 435}', '\x96c90edae64d8ae38175aa597bedd58fa5d3734607ed8d3181466b461df0ebac', 2, '2026-11-24 10:48:02.593733+00'),
	('RLTC', '\x17b369469a00a4a54a56d61a233b6eaf76a4a7f6e86cca5f9854964b939c939b', 'accept', '{"turn": 0, "block": "f89a6e92a2af41c22db9f6a5b6aca1f8c92b13e5e288081f8cafa9e631f5548d", "height": 436}', '\x12dd51add2ae5c97e244497e1f36403a07973c6d2c5bb86ace17eac3295c1d03', 2, '2026-11-24 10:48:02.593733+00'),
	('RLTC', '\x53728c0d497b177e5f5f59f71f5b0648f45fd695ece9514a7ae6c0f754272025', 'accept', '{"turn": 0, "block": "82c5d016e3bc98002d3f91083073294b7d28dd29ec68dfb6c2bff0a589f171e7", "height": 437}', '\xc8ba03a26bad220c8d0ff439ca69f9d8930dd59709da0167bc0984f5174a9306', 2, '2026-11-24 10:48:02.593733+00'),
	('RLTC', '\x52d3ad618b1d2c8609e80cda264378d4d1fd9653ee3218d82f53f0cb44eec8c8', 'mature', '{"turn": 0, "block": "018f7607e0e714190cc448a6c37d8a1ff5612c86b0e8831dea84d1957df55835", "height": 421}', '\xbd5ae4a9e7da3c6b085ba086bb3860f0d24788e89398ba2f63dffce3c33a17e9', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\xc9ebec47005df4fa45e245690c94808bca9cdf95932183b883489653bff49ced', 'mature', '{"turn": 0, "block": "5b9a8e1250d90845dd96438c3e50300e5a6553738bd15c4fac85b3b18c89d9f4", "height": 422}', '\xd2ab5023ece975b2a2524b631ae659f057ee5aa433a372cc80adc51440fc8bad', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x21451891f1bfa3306f7f806920230b600b7fee34191f07c45273f337558e8c8e', 'mature', '{"turn": 0, "block": "cbce4cf41936fe2fcde782ec43aa5df5144b2f6f98165d2b4690cb8cee7d679d", "height": 423}', '\x8993a9eb6588665694266b34338e9c87cd3952bed63d08f21a94e622c9bcce55', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\xd6c33e3f31ac7b9f3b35ff999078ea2aaee63bcffd496adc78e7be73fc819411', 'mature', '{"turn": 0, "block": "c84d0553409475f36e80103880032fbacde9be72ce6e26c115be02ff45c2e9c1", "height": 424}', '\xec2d0fd2801fc439ddb141e8d7c698436749deceb5c6ee9a9a5107203e43e0c8', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x195f31b378976b13d81beda829729d4a6fb950bd8757893eeba17b7db3249e2b', 'mature', '{"turn": 0, "block": "eb95e44bc3530937484e0429837fdc734ecd457f41d282987a263c94f7b86678", "height": 425}', '\xd5525f35ccb0c6c68a2db465217dd74d347ddc643943145e75d375d71b563add', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x9797b673e641ba41501c747fcdcc4e6f658e3014dd34905007a595744f705fe6', 'mature', '{"turn": 0, "block": "ee01e73498ec3ff1b5c993f28fe454a17f37add9b54399d3e18d09e4a56870c7", "height": 426}', '\x93b8c050e59fb44a8c493f9614e69ab1ae363a7d2c4f7ec44106c9e4e8f65326', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\xfc019d1a962e3dc1b65a93c81713cb5b352664b6809bacf6e71874f77c026ecf', 'mature', '{"turn": 0, "block": "3800cc76692202276f2ba48f5a07e0403ad0411e6a3121071e937fd135cedbe4", "height": 427}', '\x0770aa3f5edb4a96bcf96ae7f09318889e920c4f7b29d323af1c60ef98fd299a', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x9961c2d0365da00fe84a7fa26c2692e8f4881888fbc892e5a2464b0430e0b7c1', 'mature', '{"turn": 0, "block": "d2596908e9e47dd575fc279d686359404a557bf76fb14d96d3e108df649d8fe4", "height": 428}', '\xa32e0d06c85ec4adf3213d7ba487b6f8267ae8d99bffd84dac8cff02eadff422', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\xaf7d541b89261efdab8d16f12f3bc281ef2ff633fc378770c2db06e16a364a5f', 'mature', '{"turn": 0, "block": "e0b0497bbd22696ca2155638d05091ca7a18d520e8539e4cc2c7b45c1f0c6111", "height": 429}', '\x59fbedd2d04466aea7fb805f46f36a557b44e8212828c2dba562202c55bb00a2', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x0051b3bb285ecd4e8dfe34fa233dcfdebe9505cec84fa31207689541049c5cad', 'mature', '{"turn": 0, "block": "748fb65e0cf60a3aad04f9e95b8fd98c04a4f494f3dcb6b46fe5cec1c0320653", "height": 430}', '\x51a995176f357c9a1c0f7f9d1fe363e29e260fce8fefcddb76f13ab228300822', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\xabaad1aa872c61d67edc5e82462ae4c643b861d0f50ffb61b008f0494e972a74', 'mature', '{"turn": 0, "block": "4cc284561efc9e6c333d24f6f9666e71d69f3e886329103eed1f178789805d0d", "height": 431}', '\x6f6a20f690828cf92c670ce93bd0ad723409a243f0fb779bef331f1e6a998717', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x4018a6fd51b5a978fb3966505040296f707d66ef7a57862457939f21c905f86f', 'mature', '{"turn": 0, "block": "10d5259cd1d087db057af1ef33ddbbd115f77f5c0996e9f80f288afbfb9a4693", "height": 432}', '\x0156b08949adbbb76b017bbe02d86ff78035d827046526c7203537b254360212', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x367b19bc6ca9d22f141428f0b11ae6cf6155734f1fbca10b551900e1460f7f7f', 'mature', '{"turn": 0, "block": "4c3a0b7c638256c601d73a189e56d7c2d8cd66fea1745ae06baf117774d1602d", "height": 433}', '\x6a1fb24b78dedf473e69055acf1862eb0c3be6b283f615bd07eef871aff3c15a', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x7e277a4b44c63ab5ef1fe5a5fbeb8c1d79180bfbeb606a1aa0aae1320f5c149a', 'mature', '{"turn": 0, "block": "837f041b51cf537a344b4cb9fb57b8003a1fecf08324eee3923f2e656b292986", "height": 434}', '\x0ba9a604e9b4916599e61d8d7ee0f3c5c1c89921741ddbd0f19521ab0dd10217', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x4b488b1ce1c6a93234b72dcf42f75da7821151ddbdffeb2bc7d4be339b43a50e', 'mature', '{"turn": 0, "block": "4359c576c7fb6968a4259274b70bfc90af846cc90d3569334f2f47d32174723b", "height": 435}', '\x3b6a74b2662afe12edca6363a96011e60e7121f30c9305b2f98a577eb615d3f6', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x2949acf8e1fc84b8ebefe50337ac4d6a6738f31190560d2ad0dd7ca2b91a9620', 'mature', '{"turn": 0, "block": "f89a6e92a2af41c22db9f6a5b6aca1f8c92b13e5e288081f8cafa9e631f5548d", "height": 436}', '\x2a04830d24b07ebcc4ecd1de003e187ea86c4cd44280d4f374d8b6658ace2dbb', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x1d7e1a6640ab0595a0bbb60712b4450cb561a856a06d5c62993efe5107bac4a1', 'mature', '{"turn": 0, "block": "82c5d016e3bc98002d3f91083073294b7d28dd29ec68dfb6c2bff0a589f171e7", "height": 437}', '\xcca6d112def0433b6515911ff66fff086120910f59cc1ecb4539281eb4b0276e', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x4c4e56dba2bbbf6ebdd0bd667a3b2f0cbe1869428a0c57d5b68b7f9474e6c03c', 'mature', '{"turn": 0, "block": "885b84db245db28c502ca0e7550217a93e5309ce7b435cb99f411a1ead00a92f", "height": 438}', '\xaa9f14897db90840b1b683d7bdeaa247e4527460f296ca7d4e9b3b2da3aa4270', 6, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x12778f0bae006bce32c422773a54e7c853e750241ad108e855ffdf7b1426a0e0', 'accept', '{"turn": 0, "block": "54cd732376ff4d43cba8da6fc3dbffc5f526e2b9fd92344475f19d16b9803e19", "height": 540}', '\x0b03a3ab744ca596a63fe17372fc122fc639ddb5476ec9ad3f62f2f10b354db2', 2, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x067352b0aaede0d710473c37381c4d540758a3b2bb0962392bbce7bc04d31cf3', 'accept', '{"turn": 0, "block": "885b84db245db28c502ca0e7550217a93e5309ce7b435cb99f411a1ead00a92f", "height": 438}', '\x1f3db44386667d78e3474ba36d43d2f794981d0d0a3b334994a6bd9be589472a', 2, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x9f4f55ebf8ec3fe601b39590a5a0b3bb6150f70c867541ce3cd370ea6a71464f', 'accept', '{"turn": 0, "block": "898718887fb8778658f6102c87bc53d979aa6ac8be61c28d83f971b10ee27d43", "height": 539}', '\x1fdce264818245d9f7c5401f619fca695afe2f4f8eebffd303780c75b78c6108', 2, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\x36305370a9079a736e53e6843c842e39219f0dab6951665592d82be0227c525c', 'accept', '{"turn": 0, "block": "2b75dd37e7a6c0739731778de4b02b5503cb071be524eed95c2b09605be7fef3", "height": 541}', '\x8ce20936136527fb37fd7f021a0d3a2947675c1a3ff382a72b29ff10b4dc86df', 2, '2026-11-24 10:48:07.595678+00'),
	('RLTC', '\xa86d24afc5708cb070a3ba9d6cd400a8670277c6a659cf97824402e07da13cd8', 'payout_prepare', '{"turn": 1, "payout": 1}', '\x4684b51885b490fcc9d3442ea7f335f59b5ce6a1f392fb680567f4c615e3368a', 5, '2026-11-24 10:48:10.949168+00'),
	('RLTC', '\x8fdafff68982884eb2e8b8b1f16129faea7a5ebbd938bf2ee3e2b6f2d84f3c6c', 'payout_confirm', '{"turn": 1, "payout": 1}', '\xf14a8d5975b344b1424eb428b22d92fda0e032de50e185ec69914c277d1cb34c', 4, '2026-11-24 10:48:22.599332+00'),
	('RLTC', '\x0845a19428c03cc6ea258efe0d2c295b27a55aeb2495b996caba458fbdc1026b', 'accept', '{"turn": 0, "block": "2c2220a0c47cac158622a530556281be3aa34e159938f75feeee653077d43741", "height": 556}', '\x9e6060c1a1ee4fbdd3e81a6c93cf5379e71dead679443fdacb4fba53caec0ea1', 2, '2026-11-24 10:48:32.604284+00'),
	('RLTC', '\xb0987fa0b0ef48b51cce61be1e9bc7a094612c186ef822b2eb4ada065a71dd17', 'accept', '{"turn": 0, "block": "d314246cd8dbf3888a7cc2b22b620ad3271bfd2f128396fef718ced3040549e2", "height": 557}', '\x98c2198baceb473f8007516bd16b2267bcf82f1ffdf271d3bd9e37e53ad2ca54', 2, '2026-11-24 10:48:32.604284+00'),
	('RLTC', '\xcd9b2c1715e45ccab142a32c3a923c576ae403630b8f6d989267a1889637d06b', 'accept', '{"turn": 0, "block": "6d272df82906b7ca656b6a4c476e59ca4e764ce7226edf812ff901e72074521b", "height": 558}', '\xb907d2e498d17114d65d5b6edc95ebef0da05e3f7929b09a0b00c73ed310e8b7', 2, '2026-11-24 10:48:32.604284+00'),
	('RLTC', '\x2a0bd97a3f2aaf17bf53881a19cb203269fb1353b7990caa090d219b97b4a1f5', 'accept', '{"turn": 0, "block": "7b12b0fc8d1c16ad54bbbf3f1568ffa8490f5b5ab167e999e63e938bce7a5805", "height": 559}', '\x5b639a7e217417a5d36d3666ca6c7a9bb1f04329f95dffbe99e99afc1975c6bc', 2, '2026-11-24 10:48:32.604284+00'),
	('RLTC', '\xd57ff4bf7dcc9060334762d4bb81b9f64f64cd777e1520ea49fa8472b2fdee64', 'accept', '{"turn": 0, "block": "df5c283b91c321a8c2cb407f5aeb6ff32937d6199a93746841fd13cd1de40af9", "height": 560}', '\x314fa4706245c72de1c8a7ee1014e62c26914ce16907f7672d7809f71da97e8d', 2, '2026-11-24 10:48:32.604284+00'),
	('RLTC', '\xc62dcada1211c8d6c2b86b98361d1befb76ca998d81d2717e940b46e8070bf2f', 'accept', '{"turn": 0, "block": "d8f4abd7881df4bebc4e97f7601e877c4daacf8016459bc816b53b3e49243b20", "height": 561}', '\xfb218f03085049b3e371a072b863ddf23ea9217bcf66fdf27a4c8703d99e1d83', 2, '2026-11-24 10:48:32.604284+00'),
	('RLTC', '\xb6ef174afcad9da86eaf24db476b4ba90afc5ec2b7961a0f27b585fe5fd6fd6d', 'accept', '{"turn": 0, "block": "3b77870e58aa8f89cf1b42d88d47734fa890c803803cae10cd40cd7ce2e2f778", "height": 562}', '\x5026731c698f72da1c781092d93eaae7331ceca11b82541cfff2f2075e3194d8', 2, '2026-11-24 10:48:37.602415+00'),
	('RLTC', '\xb678188cbe113485be86dab7fbfdfb41bdae26224abfafc956282e616f46999d', 'accept', '{"turn": 0, "block": "c9e3103892067c4c46785d248bd9bd605fead37e80a1338f7c00ec3e209d1138", "height": 563}', '\x43c440f78dc0dce79d77f37e6ae590a5798f2c75f02a080d65bcd6cc23c76a78', 2, '2026-11-24 10:48:42.604365+00'),
	('RLTC', '\xb7c1ef626ec5a31a30bb85b3348b2bd79031bf5c13a997d36dc3f88a68c14f9f', 'accept', '{"turn": 0, "block": "79b58a9a4cb402e48e2ff0009cdb029beb4987ab751f0e177db347ec080a3a7c", "height": 564}', '\xa528e44d6d52ddff6acede0da44c0099e7344d2575e034f6a61ad12eec292c0f', 2, '2026-11-24 10:48:42.604365+00'),
	('RLTC', '\xccde719ccf54ddc6fb0d196ec1cbb87fc69c714223eb9b358a1047ed9c0526d2', 'accept', '{"turn": 0, "block": "94e9236e039b3bd188d90155eab7ff7338571d582d9ef6772634c87769c5f7d5", "height": 565}', '\x1d03f5772b5e6d952c6a197bf805708d9ae36788e9daeda5256858a726f6d9d2', 2, '2026-11-24 10:48:42.604365+00'),
	('RLTC', '\x9c165364657e394ffb9bc510973bff5e4522bb9a5b316755448a24c9e73d5829', 'accept', '{"turn": 0, "block": "a14fb656260348430402108daabfba6a01b2f1a936bd6ad72047b795551e723b", "height": 566}', '\x72ec0ba86efd4bd98b217a58f6e055caa624986e700ec5560c2a98a2a597dfc9', 2, '2026-11-24 10:48:42.604365+00'),
	('RLTC', '\xa34f19d3d760e8730eee613a18f511c52e5902a59299a309a5ed4bc8a22a2dc3', 'accept', '{"turn": 0, "block": "b1313f63535fe0d0d30d3b5ca805929afeb521d7089755a735f8fb7183b54f31", "height": 567}', '\xdb243b9c31155989de069d800f3349e1385156729fef836790c556401962cb44', 2, '2026-11-24 10:48:47.606794+00'),
	('RLTC', '\x65377deff3336c4e33a04a78dcb779d24cdd6d423941f2b1632e27f477508c5b', 'accept', '{"turn": 0, "block": "a912b787456075eb6dbc857d4e39baa6e824e411dbb0b8d5a73e4c917cfc7238", "height": 568}', '\x12f46f8e90a97abfc73d16cc64d3cb19201539bd0c7896b4aa930579727bc1c4', 2, '2026-11-24 10:48:47.606794+00'),
	('RLTC', '\x62140c4c4a30a6150c462adabaae4fda21801a511ff50bb2b97d66d7174ea44a', 'accept', '{"turn": 0, "block": "5100e79c504b4f4e382cbc33f224b975965cb6fb9e7c4f4217f9d521de540df8", "height": 569}', '\x9186a8efe22f1f77df95f1577c93177fadd7a34cbe775b50a14f48343ed3d510', 2, '2026-11-24 10:48:47.606794+00'),
	('RLTC', '\x419e01b75b5c965db25681a4895c63fcb450cbade2d1e1e1eb3904f9287a73f3', 'accept', '{"turn": 0, "block": "eded9f7ca9827016922c302eb429f9d48d9833ab8988d9f72187bfbb930e885d", "height": 570}', '\xbe930e96b55b46f670eb00074fac9c0f5253c990c4b002968a4bb33dbfec2bbe', 2, '2026-11-24 10:48:47.606794+00'),
	('RLTC', '\x0d23ecf29d62268664b62773e9219f6bd652a7606606d71e976a075860adeaba', 'accept', '{"turn": 0, "block": "0c70255ee86b99398ad6660565cd0df08fdbee8a0dbd1d8992fcb1c82d0e3145", "height": 571}', '\xa150f65f550126e3750e2c40c94af820563338e8c7bcb5784f9d7674b14a5184', 2, '2026-11-24 10:48:47.606794+00'),
	('RLTC', '\x11ec3fb595f40b688f82bf62c5d1d55db99328513ee1c1aa74efe1d7779a6ba5', 'accept', '{"turn": 0, "block": "2ecb008017dfc4d61bf06e7c9fb4b2d3a215022a754bab576b01926defdfedd5", "height": 572}', '\x2b1a905db558bc341a5cdc23f5816fd3daaa1c9d8e740c70c352bcd1229bbc9c', 2, '2026-11-24 10:48:47.606794+00'),
	('RLTC', '\x13851ca07cdc25d7e1a2f897d537f75d964448aac7df5a20ece0b47913fd67e2', 'accept', '{"turn": 0, "block": "57178e6504a2c9bda77962522315a27cea387a4c889f39373d24c928c06342db", "height": 573}', '\x34355b1320ef0bd7d98f71654f511723c0ddd6f8933f6ba2c2ccc8b1d156be77', 2, '2026-11-24 10:48:52.61313+00'),
	('RLTC', '\x8faec250aa5b32c60e543e0a3e1b7ebf9fb098b0901c19663a04158100e1e0b3', 'accept', '{"turn": 0, "block": "b8a67ba39f0ec9e9aa2e5282308b0a722d164090db937bb21bb952c4d8ec6af1", "height": 574}', '\x9edb11ea99a0c47b6388abf6a9a9a565c479f32f3d193c36fd25c791ff06840c', 2, '2026-11-24 10:48:52.61313+00'),
	('RLTC', '\xa85677fc5d218e682457dcca5786c3f4869404a0a3e731c4bae7397a191df5e8', 'accept', '{"turn": 0, "block": "1ae6d8fcb1b613652a09ec1b5073406fe593df5ae7f2ef88dbd2895f3136c5c2", "height": 575}', '\x745861a17544e1031d39be2e09b181720e8d8903fcabec2aed775fed4f0a203a', 2, '2026-11-24 10:48:52.61313+00'),
	('RLTC', '\xb1fa3e0f332edcd4308dc9b64491458c9541b86aeb8ba97adb3edc511dc6e65c', 'accept', '{"turn": 0, "block": "9b913e29338f4ddd0aa4af2d3716df8d1585afcd8fa6661a0654c1e2b04f986d", "height": 576}', '\x25f095a249bc18d88f680357781f65fb90a7b028ee0fb166fefa209f89834dea', 2, '2026-11-24 10:48:57.614414+00'),
	('RLTC', '\x3c25b5468d9dc654b5770772d52080db9c02be457cd95c7001293e400ed7783b', 'accept', '{"turn": 0, "block": "d495358d29c923e90e4d434752d2313848c2c8dc893dcb1d3c44429f6450dedb", "height": 577}', '\x92db6be89187d91b905e27018049caf534869f7166e19f6ceefbc83ac6c35edf', 2, '2026-11-24 10:48:57.614414+00'),
	('RLTC', '\x0ef30dac23362bfe830a75547d12f47fc416511f94aa341bd5886d566f9a68e7', 'accept', '{"turn": 0, "block": "b037138df170af0558b1b05bcd010de682091e6e9135c505aa9505f0cedeaff8", "height": 578}', '\xdaa6e9f3bfaacd76d5e6047b48d549cb2abb739f124816a2ba9b67c4cd177638', 2, '2026-11-24 10:48:57.614414+00'),
	('RLTC', '\xe8a6ae12aac4ab764ac05dc3e8a23c15c33e93bc2bb2d560294a477c7f409c89', 'accept', '{"turn": 0, "block": "31f4502a9b4208a42bb6827bf45cb0cde6b57a9784ffb13bba821b8a586ac451", "height": 579}', '\xe4fb2b00ecedf16e53831a2fb805c570ff8b70f0e03a9b887c5fe50b57634650', 2, '2026-11-24 10:48:57.614414+00'),
	('RLTC', '\x58611ababa407c9931b1b7d25fa19be91dffd91ca3bca5f4ddcdb3d9f69159ad', 'accept', '{"turn": 0, "block": "f12aa57ab68caa16cbfe506c6687fea51068746073d27819b2e7dfde55687567", "height": 580}', '\x99c6e3a872235d7360ce44c251a604debb0633e1c4c44bbd108057a8d91f29b2', 2, '2026-11-24 10:49:02.615628+00'),
	('RLTC', '\x00f3731a0f6a2992dbe00599b88dd80d5c10b14ff7790e7877f6b428ced9e93c', 'accept', '{"turn": 0, "block": "a58810e6463982be190081d85a0c0c4fa896b9647f45dcaa6311cc4f775f5306", "height": 581}', '\xd847a2638e05104ebfc333abf8df730692596487496388041a965245e4a9ebea', 2, '2026-11-24 10:49:02.615628+00'),
	('RLTC', '\x541807c9bbec947ee82ec93b9c428605ecb747e35acc6f6d875bf4e0e8e12baf', 'accept', '{"turn": 0, "block": "95b78272f8d9903cec490d0ed3b3f6e0b563d8e18a69f1062bf0d8d8591d0dfe", "height": 582}', '\x6142f3181f14db5b4c20e2ef9ee99dafb7c498cab0ffc9d2ff73b03963b8b9cb', 2, '2026-11-24 10:49:02.615628+00'),
	('RLTC', '\xa6ff8d3cdec603bbbce66ae28464b94afc3fe216f15888451fbd439c66d23f7c', 'accept', '{"turn": 0, "block": "c89a214e4f928dea6fbe27bdbbf5e27b6c239b1604e1fb49746f23c3d8e5edc6", "height": 583}', '\xce725f9f15ee538650a2b00b065a774d2e85acfa65f5d0d67d6767f257447dd3', 2, '2026-11-24 10:49:02.615628+00'),
	('RLTC', '\x6d9f549800ff2e291b001ddbb0c69967ec68ba975ab20c6e3d71503ab76a3185', 'accept', '{"turn": 0, "block": "be9820d35bbb69939c8fe0ff56929d2c483f4810c42572418209eb46a0a8c8aa", "height": 584}', '\xa42db2bcc14c4f05bcd88ba28450ec1c478aac84ea12f8bcdbd63944af2395ce', 2, '2026-11-24 10:49:07.617107+00'),
	('RLTC', '\xba2080a241d9207a51247c4f30fe02735a4b701f49fb6b0f1db162bba70e0fc2', 'accept', '{"turn": 0, "block": "e53bffc4154c5a26d2d8ed4f1aeb41bdce11b178a452129913978ed23ef2e736", "height": 585}', '\x0b1a1d9ef0521fe741afedb52863b52b59773d4b7c527adfc551a3f2b09b74a4', 2, '2026-11-24 10:49:07.617107+00'),
	('RLTC', '\x0ba4c813acf31b906dfeeed0bfaf89fee48aa95370f85c23823fb06d2a777040', 'accept', '{"turn": 0, "block": "68031d14fe19eadca2ca88fdcc423666bf0ec6bafd4de726eeb50b27c82488f7", "height": 586}', '\xa1f5a62f2b3b0cf399d4c249fba2d0da9360f39a8a630d191342b3f24f852c12', 2, '2026-11-24 10:49:07.617107+00'),
	('RLTC', '\xdb9d1a35f3668f563324d36e4bdc682803f984ec03c87f03024548f3d05f6765', 'accept', '{"turn": 0, "block": "f81a1825af60aca1336835d5e9438178215a2bdde284dd4f739348ebb203445a", "height": 588}', '\x4283a22d1f1a3834d090a45fb735b208e47c61fb7f1e6f7fc9ae84ffe7bdf2ce', 2, '2026-11-24 10:49:07.617107+00'),
	('RLTC', '\x324d8c2f1425ab7ccd2b0c725bfbe12cc0a79cbaf3d4aa7fcf1c6a560baec798', 'accept', '{"turn": 0, "block": "9b3ac63b5473026a1bdec25420eca42524bf242218c933877bc3ec31b946ebc1", "height": 590}', '\x275c12617da4a81efd99b92fd7ac27e9eaca556f77887f332ffc5b346c09b7c4', 2, '2026-11-24 10:49:07.617107+00'),
	('RLTC', '\xc4e822a8f4f8c99416dfc3efe402a0406f3eed307d2fab1bc6481cf5b3c602fc', 'accept', '{"turn": 0, "block": "1cd95a8217f743aebd6f914f6d07188ca572d136d31c96f537718f492271b4c7", "height": 587}', '\x0747e35e0b95bce4479b8d3f5c5f946d70c3d6b7491ee93896df314151ce8ca4', 2, '2026-11-24 10:49:07.617107+00'),
	('RLTC', '\x6bd78ca49f5a0fe1583a98814421ae34b2b1d6528492d1717d376647a7b60359', 'accept', '{"turn": 0, "block": "5b7f6af035c42fdbc0e14b99d2d5dbc1305cb62a8ac6c5be6b9d5d6c93f940a6", "height": 589}', '\xe9941a92d39d8dcf4666d631ff41e70eafa89163f2491c49824dc64ea4a338fe', 2, '2026-11-24 10:49:07.617107+00');


--
-- Data for Name: chain_output; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.chain_output VALUES
	('RLTC', '\xd12fd6c9af960c2d7a4fa1cde6b21b64ee5af3aa931132f7c6377c944b197b7c', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 539, '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', NULL, NULL, NULL, false, 0),
	('RLTC', '\xa401745e0b08e19474d3dea74f4e1f9a8530db50fc447ffc0ac59cd8544e8ccc', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 540, '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', NULL, NULL, NULL, false, 0),
	('RLTC', '\xd803cd6420b92621b95f912b69d648f22928203ecfb6c8a3e40e710c89aa3b71', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 541, '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', NULL, NULL, NULL, false, 0),
	('RLTC', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', 2, 224987085, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', false, 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', NULL, NULL, NULL, false, 0),
	('RLTC', '\x92b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b2', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 421, '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xbc4efe481000211c17dc8bf5424710c34bc4530847452e8d98b970a9d0d2ef6b', 0, 1250036500, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 432, '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x10a8b9c7554cc10c6d228e2123ca3f82d2dbd7f2488ea0fb16d8ace072f91632', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 428, '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x20718c91f018d5e081c52a6b92a152d014d0fa33bc524b1fc5e8c021b5289ffc', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 423, '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x236d93d21c69aad4661bb4e6c9a3b0d47e199136d749590a3e6c25b51c38b135', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 434, '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x46bcd20a76ecd6b4eac206effd276422072846c33864a19fddb861277bc90dba', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 429, '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x4ea51d25b73bd59727d9ceb54ebb1a0c1af11a5a39513b4248deeb1e8251e46c', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 438, '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x50a8921e317974f8c9e877a55c196967f86594019ee55fd9d7e73605f5aeda42', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 424, '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x7ed79a2cab3ea68b77992a9a8027d4581feb5786b273f6c5372eb3acfa758730', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 425, '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x94b2766e21b8e5c5572d9d38fae38e12d148201ad5f3c8cf4777059e0577956c', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 433, '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xa43f774e48a21fb76377ccbdc9b92ab02dcfa82cb28ae8caed140d609ca2156c', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 426, '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xa8e96b726e0e886b419def64624038ee21030c265e83d55e837485c7569a4941', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 427, '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xac4b686ab5d2790a98bab5b3c870435423b9f79388a0959d083688be8e35e5bf', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 422, '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xacd6d2fffe9a28f38b6700f4738d09e56f57d3299518534f46305cf4476b7a23', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 437, '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xbc0229e8bbbab18010ec81be6c174fb4ad1bf9eb13ddb450be2fd23a0ff639ba', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 435, '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xed3d22c0f2e0683765179af264b420fb16372ad35b96244229ec5f4e5e08c7ae', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 436, '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xf9f3e57c246e5ca1895f73c540c37adb151d398739f33aaf67154e766edd1be8', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 431, '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\xfca99507d8c84f379f6b942b09449a691aef6078a8a01efec13e3df1b6abb0a8', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 430, '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', false, 0),
	('RLTC', '\x47b2bc4f4a87825f84ce08d9d0db4743767aa6c6dc5b75a07368378623847a69', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 556, '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', NULL, NULL, NULL, false, 0),
	('RLTC', '\x16b86adda59e4c814e2514bf4ee8807034e02852a87310daeee1c1527e60d94e', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 557, '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', NULL, NULL, NULL, false, 0),
	('RLTC', '\xd067f4af8396d3423c8dbfede73252d375e47de021b8d05a2119cdc30136df09', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 558, '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', NULL, NULL, NULL, false, 0),
	('RLTC', '\x05f61f656e52f1bd7a3ca2fad89120df0267fb2211ea16de74417ca9202ae915', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 559, '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', NULL, NULL, NULL, false, 0),
	('RLTC', '\xab4e45bd64764b67deb82a3ed87677fa03b338bed23543b724db8cbe7d9455a4', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 560, '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', NULL, NULL, NULL, false, 0),
	('RLTC', '\x909f16d63359a4e4858dd402319dd18a6ed021f3e78908b000c88efccfc5c32d', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 561, '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', NULL, NULL, NULL, false, 0),
	('RLTC', '\xde3fc6ec1a3a919b21be6b13fd9a9d3ac6b41b73da7f582117f40f7b6e434466', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 562, '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', NULL, NULL, NULL, false, 0),
	('RLTC', '\x2cc7443927e2c07e9e51e739a7deb0a49a3835b3ac2c860fc653c0801b9d41a7', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 563, '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', NULL, NULL, NULL, false, 0),
	('RLTC', '\x2324c943a04a3a75073ccb5dca8d688917db5ebed09a38fd98b1e206ec9a511f', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 564, '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', NULL, NULL, NULL, false, 0),
	('RLTC', '\x5b44d69a417700e4f883323b2814ad1d3b54b3d3050b162eb492703e8d9c6e89', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 565, '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', NULL, NULL, NULL, false, 0),
	('RLTC', '\x7ff47f444b497c2f0ed6cf70cb12bd4117a2c288bc9ab080bf2d7808ad606d1f', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 566, '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', NULL, NULL, NULL, false, 0),
	('RLTC', '\xbd04152aacb21288276eb4f84cc5c5dce7deeaeb37c9f46f5aeb6a7756cac185', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 567, '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', NULL, NULL, NULL, false, 0),
	('RLTC', '\x20608a6a7a03f96fbb0392515f56808c2c56ca121486902da32e43eec2603829', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 568, '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', NULL, NULL, NULL, false, 0),
	('RLTC', '\x782028bf7e0c630979d3ccc72f650e52e6b5d6624b74ae914dabe5b242d9afd3', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 569, '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', NULL, NULL, NULL, false, 0),
	('RLTC', '\x3868de5616a3af0011bbeac68e630b4b6142e0aa4a3856fbcec461c8d1786d5c', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 570, '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', NULL, NULL, NULL, false, 0),
	('RLTC', '\x5ce1c67c7ea6227e15bd8a1e3c31cd5ae57030fa8d1ce0d934910d6a17c0a91a', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 571, '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', NULL, NULL, NULL, false, 0),
	('RLTC', '\x360c9b4c1b04f8d476dcb4731469cd2f27f4474a306301ee992ab03e8554fffc', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 572, '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', NULL, NULL, NULL, false, 0),
	('RLTC', '\xcf4c80fa194fb5f22be0d1d1ae144cfeab447a4768c6e119431a9a5aa6a079a5', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 573, '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', NULL, NULL, NULL, false, 0),
	('RLTC', '\xdff4e79423dd1b6352c0f4c63f96bd46331716ab588091f3414c577da6d3519e', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 574, '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', NULL, NULL, NULL, false, 0),
	('RLTC', '\x3b04a7e46026d8bf35e42258ae48e271df63c65e0b63285bdb84f5eecd649778', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 575, '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', NULL, NULL, NULL, false, 0),
	('RLTC', '\x7323904fc352c66773791a6cf63ce67db78e24ba1da194ede0de1bf925e7ef6f', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 576, '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', NULL, NULL, NULL, false, 0),
	('RLTC', '\x8ed59d524c03bf2665bf84c4157a5467923a4008115a41941d27822b4c77a503', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 577, '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', NULL, NULL, NULL, false, 0),
	('RLTC', '\x11b41868e02f41f9572bc77ee6055fb6f611ab8e98bdaa6c7d217986411afeee', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 578, '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', NULL, NULL, NULL, false, 0),
	('RLTC', '\xfc85807d36293744560b580f9592d21e3f85badd7cf65b33517b16987dd28cd8', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 579, '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', NULL, NULL, NULL, false, 0),
	('RLTC', '\x9866c9b5f99a6874fcc3d46fbc7f6f84d1b636b916f76495059c32c4475cadf3', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 580, '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', NULL, NULL, NULL, false, 0),
	('RLTC', '\xaae2b51808e2181603d0fd7de4cdfc05167b07c3276ef2d2dcb6efe9fea13e45', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 581, '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', NULL, NULL, NULL, false, 0),
	('RLTC', '\x6a14737505483893a0fca1c2cfad8ca13a6888945da88be7f0e9273fb3aeef5e', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 582, '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', NULL, NULL, NULL, false, 0),
	('RLTC', '\xc850db06831f5cfe54ea31ff78db242555a66bd0a230dec954dd1097428c61b5', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 583, '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', NULL, NULL, NULL, false, 0),
	('RLTC', '\x2e9295d98104c311a2174415489239c043e8bf399b2d11a8d59c71bbeddf3197', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 584, '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', NULL, NULL, NULL, false, 0),
	('RLTC', '\xf2963c610d0da737fcfad3be9a688bcccb1a978f359aaac7ef574fd0465853b1', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 585, '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', NULL, NULL, NULL, false, 0),
	('RLTC', '\x0518bc4de2ca806389431e491debf28db3a1da44b8e87b4d98924dbb2e77c18f', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 586, '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', NULL, NULL, NULL, false, 0),
	('RLTC', '\xcd647b72f53958107b3ff06889669b7d1744b4788816c43a04c969bc890e6586', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 587, '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', NULL, NULL, NULL, false, 0),
	('RLTC', '\x000c964247db73a433671c767ad42b250698da7b0a950edaf66304d23362324e', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 588, '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', NULL, NULL, NULL, false, 0),
	('RLTC', '\xa8d9fef37cd543dca44fbcda35649a6ffa488ac943311fd0c5e168d3be510765', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 589, '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', NULL, NULL, NULL, false, 0),
	('RLTC', '\xae7c19e35672c55c549eaa85642f48d0e632abddb0714b1d3fb9e2be5c500615', 0, 625000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0', true, 590, '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', NULL, NULL, NULL, false, 0);


--
-- Data for Name: chain_spender; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.chain_spender VALUES
	('RLTC', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '{"\\x92b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b2","\\xbc4efe481000211c17dc8bf5424710c34bc4530847452e8d98b970a9d0d2ef6b","\\x10a8b9c7554cc10c6d228e2123ca3f82d2dbd7f2488ea0fb16d8ace072f91632","\\x20718c91f018d5e081c52a6b92a152d014d0fa33bc524b1fc5e8c021b5289ffc","\\x236d93d21c69aad4661bb4e6c9a3b0d47e199136d749590a3e6c25b51c38b135","\\x46bcd20a76ecd6b4eac206effd276422072846c33864a19fddb861277bc90dba","\\x4ea51d25b73bd59727d9ceb54ebb1a0c1af11a5a39513b4248deeb1e8251e46c","\\x50a8921e317974f8c9e877a55c196967f86594019ee55fd9d7e73605f5aeda42","\\x7ed79a2cab3ea68b77992a9a8027d4581feb5786b273f6c5372eb3acfa758730","\\x94b2766e21b8e5c5572d9d38fae38e12d148201ad5f3c8cf4777059e0577956c","\\xa43f774e48a21fb76377ccbdc9b92ab02dcfa82cb28ae8caed140d609ca2156c","\\xa8e96b726e0e886b419def64624038ee21030c265e83d55e837485c7569a4941","\\xac4b686ab5d2790a98bab5b3c870435423b9f79388a0959d083688be8e35e5bf","\\xacd6d2fffe9a28f38b6700f4738d09e56f57d3299518534f46305cf4476b7a23","\\xbc0229e8bbbab18010ec81be6c174fb4ad1bf9eb13ddb450be2fd23a0ff639ba","\\xed3d22c0f2e0683765179af264b420fb16372ad35b96244229ec5f4e5e08c7ae","\\xf9f3e57c246e5ca1895f73c540c37adb151d398739f33aaf67154e766edd1be8","\\xfca99507d8c84f379f6b942b09449a691aef6078a8a01efec13e3df1b6abb0a8"}', '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}', '{11134995424,11140040711,224987085}', '{"\\x0014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d","\\x0014365b48fd005495711cfb0f5eaf9b86bbc0df0088","\\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0"}');


--
-- Data for Name: coinbase_seen; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.coinbase_seen VALUES
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01'),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b'),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb'),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8'),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb'),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee'),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038'),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2'),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0'),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74'),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c'),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510'),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c'),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83'),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943'),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8'),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582'),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88'),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789'),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54'),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b'),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c'),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3'),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d'),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b'),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf'),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8'),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b'),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9'),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579'),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994'),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1'),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1'),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9'),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051'),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded'),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c'),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e'),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757'),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8'),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a'),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b'),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4'),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0'),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431'),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1'),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5'),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795'),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8'),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be'),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5'),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368'),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c'),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8'),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b'),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b');


--
-- Data for Name: currency; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.currency VALUES
	('RLTC', '\xf916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853', '2026-11-24 10:47:37.590342+00');


--
-- Data for Name: cut; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.cut VALUES
	('RLTC', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', 'main', 1, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:44.531326+00', 2000, NULL, 0, 0, 0),
	('RLTC', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', 'main', 2, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:44.545676+00', 2000, NULL, 1, 0, 0),
	('RLTC', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', 'main', 3, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:44.895508+00', 2000, NULL, 2, 0, 0),
	('RLTC', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', 'main', 4, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:46.434136+00', 2000, NULL, 3, 0, 0),
	('RLTC', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 'main', 5, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:47.711843+00', 2000, NULL, 4, 0, 0),
	('RLTC', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', 'main', 8, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:52.23946+00', 2000, NULL, 5, 0, 0),
	('RLTC', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 'main', 9, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:52.41583+00', 2000, NULL, 8, 0, 0),
	('RLTC', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', 'main', 10, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:53.119981+00', 2000, NULL, 9, 0, 0),
	('RLTC', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', 'main', 11, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:53.618556+00', 2000, NULL, 10, 0, 0),
	('RLTC', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', 'main', 12, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:54.32799+00', 2000, NULL, 11, 0, 0),
	('RLTC', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', 'main', 13, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:54.819642+00', 2000, NULL, 12, 0, 0),
	('RLTC', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', 'main', 15, 2, 1250036500, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:56.845654+00', 2000, NULL, 13, 0, 0),
	('RLTC', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 'main', 16, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:57.621337+00', 2000, NULL, 15, 0, 0),
	('RLTC', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', 'main', 17, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:57.97949+00', 2000, NULL, 16, 0, 0),
	('RLTC', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', 'main', 18, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:58.336865+00', 2000, NULL, 17, 0, 0),
	('RLTC', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', 'main', 19, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:58.421251+00', 2000, NULL, 18, 0, 0),
	('RLTC', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 'main', 20, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:47:58.869337+00', 2000, NULL, 19, 0, 0),
	('RLTC', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', 'main', 23, 2, 1250000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:04.230144+00', 2000, NULL, 20, 0, 0),
	('RLTC', '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', 'main', 24, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:05.594694+00', 2000, NULL, 23, 0, 0),
	('RLTC', '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 'main', 26, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:08.299994+00', 2000, NULL, 24, 0, 0),
	('RLTC', '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', 'main', 27, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:08.424757+00', 2000, NULL, 26, 0, 0),
	('RLTC', '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', 'main', 28, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:28.431693+00', 2000, NULL, 27, 0, 0),
	('RLTC', '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', 'main', 29, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:28.753338+00', 2000, NULL, 28, 0, 0),
	('RLTC', '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', 'main', 30, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:29.391067+00', 2000, NULL, 29, 0, 0),
	('RLTC', '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', 'main', 31, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:30.129948+00', 2000, NULL, 30, 0, 0),
	('RLTC', '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', 'main', 32, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:30.598122+00', 2000, NULL, 31, 0, 0),
	('RLTC', '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 'main', 33, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:30.737361+00', 2000, NULL, 32, 0, 0),
	('RLTC', '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 'main', 36, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:35.509938+00', 2000, NULL, 33, 0, 0),
	('RLTC', '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', 'main', 38, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:39.053612+00', 2000, NULL, 36, 0, 0),
	('RLTC', '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', 'main', 39, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:40.478161+00', 2000, NULL, 38, 0, 0),
	('RLTC', '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', 'main', 40, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:41.72052+00', 2000, NULL, 39, 0, 0),
	('RLTC', '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 'main', 41, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:41.86998+00', 2000, NULL, 40, 0, 0),
	('RLTC', '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', 'main', 42, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:43.731309+00', 2000, NULL, 41, 0, 0),
	('RLTC', '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', 'main', 43, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:44.110776+00', 2000, NULL, 42, 0, 0),
	('RLTC', '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', 'main', 44, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:44.283754+00', 2000, NULL, 43, 0, 0),
	('RLTC', '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', 'main', 45, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:44.515418+00', 2000, NULL, 44, 0, 0),
	('RLTC', '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', 'main', 46, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:45.991654+00', 2000, NULL, 45, 0, 0),
	('RLTC', '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', 'main', 50, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:51.675612+00', 2000, NULL, 48, 0, 0),
	('RLTC', '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', 'main', 53, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:54.651743+00', 2000, NULL, 52, 0, 0),
	('RLTC', '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 'main', 47, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:47.757228+00', 2000, NULL, 46, 0, 0),
	('RLTC', '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', 'main', 56, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:57.84924+00', 2000, NULL, 55, 0, 0),
	('RLTC', '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', 'main', 57, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:58.430223+00', 2000, NULL, 56, 0, 0),
	('RLTC', '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 'main', 59, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:59.123642+00', 2000, NULL, 58, 0, 0),
	('RLTC', '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', 'main', 48, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:48.940841+00', 2000, NULL, 47, 0, 0),
	('RLTC', '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 'main', 51, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:52.902262+00', 2000, NULL, 50, 0, 0),
	('RLTC', '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', 'main', 52, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:54.182751+00', 2000, NULL, 51, 0, 0),
	('RLTC', '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', 'main', 58, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:58.780539+00', 2000, NULL, 57, 0, 0),
	('RLTC', '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', 'main', 67, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:07.053947+00', 2000, NULL, 66, 0, 0),
	('RLTC', '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 'main', 55, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:48:56.828361+00', 2000, NULL, 53, 0, 0),
	('RLTC', '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', 'main', 61, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:02.868301+00', 2000, NULL, 59, 0, 0),
	('RLTC', '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', 'main', 63, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:05.142714+00', 2000, NULL, 62, 0, 0),
	('RLTC', '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', 'main', 64, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:05.587469+00', 2000, NULL, 63, 0, 0),
	('RLTC', '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', 'main', 65, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:05.83679+00', 2000, NULL, 64, 0, 0),
	('RLTC', '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', 'main', 66, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:06.143208+00', 2000, NULL, 65, 0, 0),
	('RLTC', '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', 'main', 62, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:04.038541+00', 2000, NULL, 61, 0, 0),
	('RLTC', '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 'main', 68, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:07.381885+00', 2000, NULL, 67, 0, 0),
	('RLTC', '\x594fd6c3d8990ffcd68483875dad59ff24a25cb47757639acc5638eccb754637', 'main', 69, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:08.07227+00', 2000, NULL, 68, 0, 0),
	('RLTC', '\xaa8f44b93168c5c887bdfcd1ed27b5ed3612423fc232b55df8071542b07926ec', 'main', 70, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:08.168671+00', 2000, NULL, 69, 0, 0),
	('RLTC', '\xbee60f308b034cb3b05820710bea10203ce88804e41e5f4ae50f03fad331b22b', 'main', 71, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:08.446677+00', 2000, NULL, 70, 0, 0),
	('RLTC', '\x92aedf9551e2ee570c17d37da02fb88db17f99287cacdb80b6faace7b4fc202c', 'main', 72, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:08.772357+00', 2000, NULL, 71, 0, 0),
	('RLTC', '\x15450932bf3d503c5407ce64ccfc55f4f911dfddcb80f0d16f69199690ad3df3', 'main', 73, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:09.782836+00', 2000, NULL, 72, 0, 0),
	('RLTC', '\x1d513c040ad78c4e7339c83ea8fa98befba912363b50d02282e971b731869776', 'main', 74, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:11.373681+00', 2000, NULL, 73, 0, 0),
	('RLTC', '\xa7055440c2a3b7c01566d7efdee792b4d9c2be9defc3852684fc67a10568d451', 'main', 75, 2, 625000000, '{"pplns": {"window": {"work": 500000}}}', 10000, '{}', '2026-11-24 10:49:11.88332+00', 2000, NULL, 74, 0, 0);


--
-- Data for Name: donation_head; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: fee_draw; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: followed_block; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.followed_block VALUES
	('RLTC', 320, '\x2eaf052fedcf9f9158080ff434844abeb09e24cee3f95c1151fcaa55bc3ba798', '2026-11-24 10:48:35+00', 1250000000),
	('RLTC', 321, '\x532703fe69a16288f4344ab2c0df5c2b5b58005d78734ffad3dd0a4e144bbfd6', '2026-11-24 10:48:35+00', 1250000000),
	('RLTC', 322, '\xab5495ed85fcde2d56da3f73c6c66c046288c364610e09269937e12742d00872', '2026-11-24 10:48:35+00', 1250000000),
	('RLTC', 323, '\x033904bb8f4ac92a2a4706b482a8cf8b907c09ff47613d5575092d5bdccf409d', '2026-11-24 10:48:35+00', 1250000000),
	('RLTC', 324, '\xad177ddf0a0ca9fe3322c575a87dce44321257c00a810a164986c155b87796f8', '2026-11-24 10:48:35+00', 1250000000),
	('RLTC', 325, '\x6cd01beff2b06d59ee2bf657f9ab40a68627567993d704b95f6823b70319a6f9', '2026-11-24 10:48:35+00', 1250000000),
	('RLTC', 326, '\x68c5966438a36bd8caa1e4ebf7b5d19058208dc5639ef239a5b1778d44864d37', '2026-11-24 10:48:36+00', 1250000000),
	('RLTC', 327, '\xab049d8348d1ab5af39d5ad6e22ea22013ef2eac6ad743b1cbcc1dfeeea2ff57', '2026-11-24 10:48:36+00', 1250000000),
	('RLTC', 328, '\x46ef715178a0ef09ced5459d82f396e93bd9cc54f6f14ed3bbed71d0570da160', '2026-11-24 10:48:36+00', 1250000000),
	('RLTC', 329, '\xed26824c072fbf0d0cdcabcbd1014ac0b15a7b280ec569996f70d7989d28319e', '2026-11-24 10:48:36+00', 1250000000),
	('RLTC', 330, '\xc5d0ddfcd486fec743abe7b1bd84eaf72994bb706bb773090ea762b6bfada519', '2026-11-24 10:48:36+00', 1250000000),
	('RLTC', 331, '\x8429bc776a45235b10df77497fca52aabc0821d769549df5ac15edce6f5e7c68', '2026-11-24 10:48:36+00', 1250000000),
	('RLTC', 332, '\xfcc0fd42c70a828b73d55cfb4f31229e4718da898f05f61e145e47d0478c6579', '2026-11-24 10:48:37+00', 1250000000),
	('RLTC', 333, '\xff26668b944fccdcd41e7c2afc7bc514315eef90528ecfb4c64e34bf7b6a428f', '2026-11-24 10:48:37+00', 1250000000),
	('RLTC', 334, '\xb15e96dd45f0e976954470c0529de54796527ffa096000778f7d9a8d291953b6', '2026-11-24 10:48:37+00', 1250000000),
	('RLTC', 335, '\xef340238e78b3f4484272bb84445316c27ef1512d357f1aaaa6f95198262b96f', '2026-11-24 10:48:37+00', 1250000000),
	('RLTC', 336, '\x086c73358e39168678b69342d66f1f2d6a8d29c0eb1905c873590f4544fc1af9', '2026-11-24 10:48:37+00', 1250000000),
	('RLTC', 337, '\x9df04a7681538e07c491b3e0125fbd73f04e64d9e3a4adda5c7933d8b26e5d15', '2026-11-24 10:48:37+00', 1250000000),
	('RLTC', 338, '\x99c1c949a70f4c51b9d00798d2246cf2117d23568444aeef55b8f7947d3b27f7', '2026-11-24 10:48:38+00', 1250000000),
	('RLTC', 339, '\x9161afd6b57fcf4856ca6a1212030211713b5c3e86333b817bb72031a32e8036', '2026-11-24 10:48:38+00', 1250000000),
	('RLTC', 340, '\x2064fc5680f0376aeca92c344a298a14667146777482e13e1aee31b5973cdb4b', '2026-11-24 10:48:38+00', 1250000000),
	('RLTC', 341, '\xf711ce02dc0b502b87355c2f72281c189305265b6210bca12e9ce9aeaf64a92c', '2026-11-24 10:48:38+00', 1250000000),
	('RLTC', 342, '\x02a18d5c13309cc9b17563be098a674476616b29a1f66331d4ad9140e0ee9194', '2026-11-24 10:48:38+00', 1250000000),
	('RLTC', 343, '\x7c11d4ec9d4089339669555cb25993c669a9be2d061844186889141a2d6b3a33', '2026-11-24 10:48:38+00', 1250000000),
	('RLTC', 344, '\x4417f72e33e8675921c867b1000bd86f1f7e6683d15a6af2731c781ac44800ad', '2026-11-24 10:48:39+00', 1250000000),
	('RLTC', 345, '\x55dd99bfde79253fde671ed21738f9f0e43c3c2bb6acd3291009125293d8fac1', '2026-11-24 10:48:39+00', 1250000000),
	('RLTC', 346, '\x68fab088b385d7625930d82f72d791f0e07ac5a7f374ac71e8b32915e81a3ed5', '2026-11-24 10:48:39+00', 1250000000),
	('RLTC', 347, '\x9b0f0bfbba31f6dc0c97435536be234dda8cec1115a4ff8e55d899c8bb081575', '2026-11-24 10:48:39+00', 1250000000),
	('RLTC', 348, '\xe889128c8190031171324e703234e8e797222a5a052960c9af48a3888d6e5a83', '2026-11-24 10:48:39+00', 1250000000),
	('RLTC', 349, '\xfe96eb661b24b070ac20ef1b62b0b46821a5f15a42f3d49390517cf462eb7ea9', '2026-11-24 10:48:39+00', 1250000000),
	('RLTC', 350, '\xed160c29e4229c9b0d1576b7f5e7abcef37d8695d648a58d5ba6dd316b54a312', '2026-11-24 10:48:40+00', 1250000000),
	('RLTC', 351, '\x950441b83c749c00ef779b9a5b3fd7139e553f07d2d71efb2238d2d5cbf857fc', '2026-11-24 10:48:40+00', 1250000000),
	('RLTC', 352, '\x77f5e99f1656d15cfcaa41248e25cb65a273e4a58993326603fe0f36a0ea6e3f', '2026-11-24 10:48:40+00', 1250000000),
	('RLTC', 353, '\x61ed834a88c0d04b18ea875d3c45597857d0ca83aa127c88ec6bb28d60041532', '2026-11-24 10:48:40+00', 1250000000),
	('RLTC', 354, '\x363cfe58bd4ba7c8c093918ad7197d5892be73eae6fa137fdb92a3b4d52a2f48', '2026-11-24 10:48:40+00', 1250000000),
	('RLTC', 355, '\xcfd7a4ced59d11d483662b26bf395719c7ac460b6adee181c44df40f785d6697', '2026-11-24 10:48:40+00', 1250000000),
	('RLTC', 356, '\x5310db19169dc633dd7dd767b187a36e6907b8b5f5116c27494e1647e73f298f', '2026-11-24 10:48:41+00', 1250000000),
	('RLTC', 357, '\x89ff18620e26855ef9c578bc185d062fd5cc8f0d29042003562b3e31f50f754d', '2026-11-24 10:48:41+00', 1250000000),
	('RLTC', 358, '\xcd9c2c6cecc83246fdd9577cc47af85d434349292113a5d83e3e0aff656a0f52', '2026-11-24 10:48:41+00', 1250000000),
	('RLTC', 359, '\x691fb85ae72157dbf2bc1f2dba6349992d6245968b7a5fa1d7a44a4a32b1e18d', '2026-11-24 10:48:41+00', 1250000000),
	('RLTC', 360, '\x0b65d1d0c32ac72e05b72f8eb29bef6bcc51e19d343b08a1c8b976f0619c73e7', '2026-11-24 10:48:41+00', 1250000000),
	('RLTC', 361, '\xb9181639d4599996b4035316a6c680b04f14529a75296861b03a4ed81f646396', '2026-11-24 10:48:41+00', 1250000000),
	('RLTC', 362, '\x3b0883c06a472b8b7cbe3090a8d9de55b1aa6ca33c0455a1ba7c45cf7da82800', '2026-11-24 10:48:42+00', 1250000000),
	('RLTC', 363, '\x7e356b4e05120cfbe19fd318591edca928ae33b35b761c4b849da41716a8a407', '2026-11-24 10:48:42+00', 1250000000),
	('RLTC', 364, '\x720ecd35549186ea1b2ca612f0562ca2ebc95dc5f05bad8d61407f5e654d435c', '2026-11-24 10:48:42+00', 1250000000),
	('RLTC', 365, '\x59fd0c488f208ebd2e18591e3c2f5871e2333ba0940e853b1e7793018e653a8d', '2026-11-24 10:48:42+00', 1250000000),
	('RLTC', 366, '\xc3ec03da889d97f83cbb9f51385785b919c881d54123c28bdf22274defd41254', '2026-11-24 10:48:42+00', 1250000000),
	('RLTC', 367, '\x0357812cf184a648ff010459b7010576cf3cdb0261a275a637233bd8e60b3485', '2026-11-24 10:48:42+00', 1250000000),
	('RLTC', 368, '\x4a31366579a5331f87d185084d0ff2cdf627275e4c2c4571820379590745091a', '2026-11-24 10:48:43+00', 1250000000),
	('RLTC', 369, '\xa791d7640cfdac50c3b2aedd440d9153002662869e597ef048887421d085a8dc', '2026-11-24 10:48:43+00', 1250000000),
	('RLTC', 370, '\xc513abe596fcd45d7ca4eebd3447ebec887a5199d8dea434c650f93e0f205216', '2026-11-24 10:48:43+00', 1250000000),
	('RLTC', 371, '\xa41559a53a57c89a773fe1545a79639073ecc33353bf69bd2d061a7e968bec2d', '2026-11-24 10:48:43+00', 1250000000),
	('RLTC', 372, '\x58601aed368d37d4d3137344c489b73e4c27243e7b2d54b4546d0cc22147ee11', '2026-11-24 10:48:43+00', 1250000000),
	('RLTC', 373, '\xcaff3ab1f441b8e59ea8a3269f568fefab9c7912d0e21a0c46df96550f5b7027', '2026-11-24 10:48:43+00', 1250000000),
	('RLTC', 374, '\xd7c2b3ee965118766543ec1fcaf74cb354cadbb4f26907af12d1f658acaaa42a', '2026-11-24 10:48:44+00', 1250000000),
	('RLTC', 375, '\x139008a29b0479ac79d37a7ee3ca9ef8a211daa2e56d426654aa0d6e393907ed', '2026-11-24 10:48:44+00', 1250000000),
	('RLTC', 376, '\x74f8cca888e6d121230526486f66e41f749eefcd54ba1a0a86111816c83f5bfd', '2026-11-24 10:48:44+00', 1250000000),
	('RLTC', 377, '\x03c59640cec8197300202729d398e0e5293d256168ca05f1f8206d59e5c59b60', '2026-11-24 10:48:44+00', 1250000000),
	('RLTC', 378, '\xc0796bce866a3a32a49023708666bb60e28b3d31c57ed4efdc1cb5cacc09a82b', '2026-11-24 10:48:44+00', 1250000000),
	('RLTC', 379, '\x978b61ff31f13f63173b275e1bd654691005997aa9b096bd52447752a79061ee', '2026-11-24 10:48:44+00', 1250000000),
	('RLTC', 380, '\xbe51fb33b645ebf6c26beedaa8d08d542c5543922a92849f6d532f6d169d3d60', '2026-11-24 10:48:45+00', 1250000000),
	('RLTC', 381, '\x1f5e072619b65ee6b3747fc398fd6d7a8c26036986233d26d3fafe419e7d811d', '2026-11-24 10:48:45+00', 1250000000),
	('RLTC', 382, '\x0c0679f5d5e280d50e9c8e585572e1fbed80f4e1f9704d13e5df96a5bab00683', '2026-11-24 10:48:45+00', 1250000000),
	('RLTC', 383, '\xc4dc1ed4fb19480d659c669bf58a3e6ba541a991db0ec481d11dea71d8411b9c', '2026-11-24 10:48:45+00', 1250000000),
	('RLTC', 384, '\x950723f5afb75ac03fa16730b2eb14448c6b9106bb93eb2aee4ca7a8dbe6019e', '2026-11-24 10:48:45+00', 1250000000),
	('RLTC', 385, '\xcbb0465035268c0a99b1c65c5b70430cf228c7b8088426e4b5f9727b4c95a589', '2026-11-24 10:48:45+00', 1250000000),
	('RLTC', 386, '\x230ad1667d9554faa19fce1c2275536a685dde3fba5ed0d1ebcd2d645e53347e', '2026-11-24 10:48:46+00', 1250000000),
	('RLTC', 387, '\x14f0c682c05a39e5b7b64f373a250e2df648ff86dd751add5ceb791663b64dea', '2026-11-24 10:48:46+00', 1250000000),
	('RLTC', 388, '\x838a475373c8e6fda16b21221797d31b632e89a65e15ab18b86cef8de3923c30', '2026-11-24 10:48:46+00', 1250000000),
	('RLTC', 389, '\xc60c58b38649b414aa9b381cae378091d3131fe95a853854f21a362e3ca2fae7', '2026-11-24 10:48:46+00', 1250000000),
	('RLTC', 390, '\x314b7baf22fb3767612b2fa6773bb3c018315d0cc8f349ace09dc78d76b17b48', '2026-11-24 10:48:46+00', 1250000000),
	('RLTC', 391, '\x6d2b0d95bab9b24391f5095c127a60d4a944756962cd6b43553aa469753526a3', '2026-11-24 10:48:46+00', 1250000000),
	('RLTC', 392, '\x555f82d3af96c4a5f828a1359e4d3a8022593037afdcfd0fdd278cab2bdd8f0f', '2026-11-24 10:48:47+00', 1250000000),
	('RLTC', 393, '\x0d47990c22569f5d9a9d2c689c92b138561ad7fb910330c55a0fb4e840a1dd43', '2026-11-24 10:48:47+00', 1250000000),
	('RLTC', 394, '\x05694fd55c33e857dd61eb7ba5642f4536ae2a769dfecc1f5ee89ecefdaf79ef', '2026-11-24 10:48:47+00', 1250000000),
	('RLTC', 395, '\x5e40daeb00e16947d3ee070a4626eb801d8f06122600318bb89b697d4dbaa36e', '2026-11-24 10:48:47+00', 1250000000),
	('RLTC', 396, '\x4466feadbf3f5dbf850bde15775a82089493156524ab9daf27790946cbd9a4bc', '2026-11-24 10:48:47+00', 1250000000),
	('RLTC', 397, '\x3113d7d3785eb95eba49aec4cff3195203d55fddc5080006b23e3428edcdadb3', '2026-11-24 10:48:47+00', 1250000000),
	('RLTC', 398, '\x7fde7eab13b1b745c8b9710481c861b88051c8c42c40ba474fbf7a7711127e37', '2026-11-24 10:48:48+00', 1250000000),
	('RLTC', 399, '\x91d2c063dc0cfa8c4a9cda45a5fa9a657cb502848073e75b74bcb81d18b80cd3', '2026-11-24 10:48:48+00', 1250000000),
	('RLTC', 400, '\x5a852b158e17e8783d3b98410aca25f1165049ee2d5961549cf89003700d0dfe', '2026-11-24 10:48:48+00', 1250000000),
	('RLTC', 401, '\x0a2fa6b605634d4cc2ebcb5e04cdcec6a4e25fd77735bc06e8412e3075e1f6ce', '2026-11-24 10:48:48+00', 1250000000),
	('RLTC', 402, '\xf00b2969a718074faabced34769fe805f472e561b96dfbe543300091702a251f', '2026-11-24 10:48:48+00', 1250000000),
	('RLTC', 403, '\x348e5861563f9b99d4b4d7512242c475458336dd27dabffb8f0bac814119e4cb', '2026-11-24 10:48:48+00', 1250000000),
	('RLTC', 404, '\x76248b9712ae2408a069fa5b94da8300bfeac15680f3f1a6a63fc4c7382800d7', '2026-11-24 10:48:49+00', 1250000000),
	('RLTC', 405, '\xe05f18081c76a5f3ac56a235716136cefd7f9f34c706f735a68494d2e4a5be0b', '2026-11-24 10:48:49+00', 1250000000),
	('RLTC', 406, '\x0c770b137bacbf5e7fbbd1e176343dc845a0ed24cb96513e29f892aa2a71ea39', '2026-11-24 10:48:49+00', 1250000000),
	('RLTC', 407, '\xe847e78012f2b9ced60416f8c5d21fccf38cb5f95fc535d77587292a30326d55', '2026-11-24 10:48:49+00', 1250000000),
	('RLTC', 408, '\xbcb1fa431a4984d2097d0214c96cda4fced12b4a19c333f201b6c3c60d99a9a5', '2026-11-24 10:48:49+00', 1250000000),
	('RLTC', 409, '\xfd8464b0fc3c3d9c27e4aa7bfc2b2538545e8f7c4e6bce799b6a678db66859d8', '2026-11-24 10:48:49+00', 1250000000),
	('RLTC', 410, '\x2330f4f9af88d7b5a6115d8a0b0d593bc3853f93e0689a4e771044c4b113c51e', '2026-11-24 10:48:50+00', 1250000000),
	('RLTC', 411, '\xcf7e34d65cac878594f0afd4fd910a2caeb6bdbe949966bd67bad71aeae93d40', '2026-11-24 10:48:50+00', 1250000000),
	('RLTC', 412, '\x8402aa4c6685116f9a2505ffb511ca676a2cabf2c95602f1316e202fdec333e6', '2026-11-24 10:48:50+00', 1250000000),
	('RLTC', 413, '\x1a4c7c3311465fe3e09cd440ed852e6f8d889c31dcc0df231ca17002d22cac9c', '2026-11-24 10:48:50+00', 1250000000),
	('RLTC', 414, '\x5873414b66e183fb322de76a348b05682e39d86247a230143692df1ea4efb7a4', '2026-11-24 10:48:50+00', 1250000000),
	('RLTC', 415, '\x3713b9ce86d70520bc08de3b6a29dfaa779f36b5413b8efc2f247021a16cfa98', '2026-11-24 10:48:50+00', 1250000000),
	('RLTC', 416, '\x88471ef033f25bc00f25c6f40e48d4717f7a09f03afe7c7e24498ce061c374db', '2026-11-24 10:48:51+00', 1250000000),
	('RLTC', 417, '\x182174a76bb3691d090a7e78f08d26d70f825e2f409c0136434da7f6fc637bfe', '2026-11-24 10:48:51+00', 1250000000),
	('RLTC', 418, '\x9b13d2561bfad0f70441a81f8f3047f00e419bd4953e975db1936825ad0bc70d', '2026-11-24 10:48:51+00', 1250000000),
	('RLTC', 419, '\x1f7eee47d4ce61c668ab054ac861638dbbdfd09ebaa1ea089d4fe425e0d69fa0', '2026-11-24 10:48:51+00', 1250000000),
	('RLTC', 420, '\x1095d054e673fd3bc512898d227584ecf7b84f3004f9ccc2d1f8a6e679b5354a', '2026-11-24 10:48:51+00', 1250000000),
	('RLTC', 421, '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', '2026-11-24 10:48:51+00', 1250000000),
	('RLTC', 422, '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', '2026-11-24 10:48:52+00', 1250000000),
	('RLTC', 423, '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', '2026-11-24 10:48:52+00', 1250000000),
	('RLTC', 424, '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', '2026-11-24 10:48:52+00', 1250000000),
	('RLTC', 425, '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', '2026-11-24 10:48:52+00', 1250000000),
	('RLTC', 426, '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', '2026-11-24 10:48:52+00', 1250000000),
	('RLTC', 427, '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', '2026-11-24 10:48:52+00', 1250000000),
	('RLTC', 428, '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', '2026-11-24 10:48:53+00', 1250000000),
	('RLTC', 429, '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', '2026-11-24 10:48:53+00', 1250000000),
	('RLTC', 430, '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', '2026-11-24 10:48:53+00', 1250000000),
	('RLTC', 431, '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', '2026-11-24 10:48:53+00', 1250000000),
	('RLTC', 432, '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', '2026-11-24 10:48:53+00', 1250036500),
	('RLTC', 433, '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', '2026-11-24 10:48:53+00', 1250000000),
	('RLTC', 434, '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', '2026-11-24 10:48:54+00', 1250000000),
	('RLTC', 435, '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', '2026-11-24 10:48:54+00', 1250000000),
	('RLTC', 436, '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', '2026-11-24 10:48:54+00', 1250000000),
	('RLTC', 437, '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', '2026-11-24 10:48:54+00', 1250000000),
	('RLTC', 438, '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', '2026-11-24 10:48:54+00', 1250000000),
	('RLTC', 439, '\x93465e23c5bba6c7da20018582bcab1493b875ea6bbaec0a96622f0b6d1204b4', '2026-11-24 10:48:54+00', 1250000000),
	('RLTC', 440, '\xbb94374cfb5ffde44453f24a07834038be865d42cdf425181571b3181fdf8761', '2026-11-24 10:48:55+00', 1250000000),
	('RLTC', 441, '\xf47f1448be75814a3886b3b233227985b2a8ce3c32e756135c9028fa8f953f8a', '2026-11-24 10:48:55+00', 1250000000),
	('RLTC', 442, '\x91448c96005c5161d003362c3dea973487c955c3619c03826ec61292be364513', '2026-11-24 10:48:55+00', 1250000000),
	('RLTC', 443, '\x0a36f66f04f55608775ba9373907edbc684b97f156542436f0f5b03b7656f4ed', '2026-11-24 10:48:55+00', 1250000000),
	('RLTC', 444, '\xaf79c276f594acb50bbc4e4a973a4cc6601d8db4e0ce01e8610150728ef50a12', '2026-11-24 10:48:55+00', 1250000000),
	('RLTC', 445, '\x0264d5a6244e8988984466449b48e16cf8d890fbeca0cf1b9363087216f52ee4', '2026-11-24 10:48:55+00', 1250000000),
	('RLTC', 446, '\x88ff783662aa0361e099bec3d7ca605796504b5990c4906b9b85ac9daa6189f1', '2026-11-24 10:48:56+00', 1250000000),
	('RLTC', 447, '\x053a99832adfa0453e2623412c33da05fc824c8355298a39954c83149a8f35c2', '2026-11-24 10:48:56+00', 1250000000),
	('RLTC', 448, '\xa188946340fbc3a68ebb5b5f25d408a68dd1287a5ccc713008750b2af05a19f9', '2026-11-24 10:48:56+00', 1250000000),
	('RLTC', 449, '\x7c359195fdf762bd53874a977afae9f6b93bace255dc70558905404c34c9cc8f', '2026-11-24 10:48:56+00', 1250000000),
	('RLTC', 450, '\x42793e566e8bafa9154bf2d029e8333a86c1883f969a80e2575f473f33cafdf5', '2026-11-24 10:48:56+00', 625000000),
	('RLTC', 451, '\x3fa89c4c6128b51af3f1027350d4d441b2162eac28739675b5500a8ae66504d2', '2026-11-24 10:48:56+00', 625000000),
	('RLTC', 452, '\x140cf2fd91556327bdd089e516772470075313a7002ec119da69ed3f820038b8', '2026-11-24 10:48:57+00', 625000000),
	('RLTC', 453, '\xe18a2c57772bdaa62130ce25202e06d54521a7d05dfb713a35b1f124ec92332d', '2026-11-24 10:48:57+00', 625000000),
	('RLTC', 454, '\x01355b84e01ee3deacaed4d9f700cba60675d4850edeeeb85b157fa071092f76', '2026-11-24 10:48:57+00', 625000000),
	('RLTC', 455, '\x21328341a63efc195c2ba4ef1458100e7b29916ea0b7c4bfb0654339ab3a282e', '2026-11-24 10:48:57+00', 625000000),
	('RLTC', 456, '\x6d44d3b9ca4fe3c9df249483a2a819e76272fc18147dfbc48981aab775f399ac', '2026-11-24 10:48:57+00', 625000000),
	('RLTC', 457, '\x3990f78be6ae3965764d039c2b571fc4986e6effd49d41fc6204c7fedf2eb6d0', '2026-11-24 10:48:57+00', 625000000),
	('RLTC', 458, '\x5525dcff58c7bf6820530295d983fdfc79dfadeef993bf5baf272b5b0ab3c6c8', '2026-11-24 10:48:58+00', 625000000),
	('RLTC', 459, '\x6ce71eb1a1e319956381e48fe4539b5f19ef4e764c853a9c2de99c21c414c6df', '2026-11-24 10:48:58+00', 625000000),
	('RLTC', 460, '\x7b405e0bbd33155ce6394bc51faa43819bc0e5567c4e2b0d097b64cab0aa5ffd', '2026-11-24 10:48:58+00', 625000000),
	('RLTC', 461, '\xfd4992f3a7e7f345b222b53b676db89425ac34ab3618ebfec812cf9a42d19a0d', '2026-11-24 10:48:58+00', 625000000),
	('RLTC', 462, '\xca2cd4621f3b4b0fd1af5e296b17229297302a3e5824007346e1012056dd917e', '2026-11-24 10:48:58+00', 625000000),
	('RLTC', 463, '\xb3825c6cda39030ee3cea34316d7ea7e0729639a2d891b24b5fd5db02734219b', '2026-11-24 10:48:58+00', 625000000),
	('RLTC', 464, '\x7bb9669178911e8a5ec307e71d047a1f265419b43c53e0b111f4142a4a5cdbcf', '2026-11-24 10:48:59+00', 625000000),
	('RLTC', 465, '\xba76dfd718c823d9df86bc37452c19685495100f4bf49d0f0e28861728b503da', '2026-11-24 10:48:59+00', 625000000),
	('RLTC', 466, '\xb3bcbc0d6f154825bdf08d8465525286e3830966f810386abe376823e191bdf5', '2026-11-24 10:48:59+00', 625000000),
	('RLTC', 467, '\xea3d929158c1000e63ab376a32689670a16d6a61b259598fe69718964f232a70', '2026-11-24 10:48:59+00', 625000000),
	('RLTC', 468, '\x7d521d0e6d07af9d6c14f422ae35b27bffa00dc76882196fec130ab7e50901e4', '2026-11-24 10:48:59+00', 625000000),
	('RLTC', 469, '\x664b65799e15b73889ee34d5bea638f088517739c1eb33d4193c0242d2254d44', '2026-11-24 10:48:59+00', 625000000),
	('RLTC', 470, '\x10bbf50f82e76521b1344af05efd2293040cf568038cbbdb0ccee96263353624', '2026-11-24 10:49:00+00', 625000000),
	('RLTC', 471, '\x0a5b14634ac66d0b59cb0cf85ddc397360d3b03fd2a062fbf91f8e3623bd73fc', '2026-11-24 10:49:00+00', 625000000),
	('RLTC', 472, '\x963d2edd4d8dbb9d53be3a79aa4da5cc9a2a65a00196c3427166c704bcc04b3f', '2026-11-24 10:49:00+00', 625000000),
	('RLTC', 473, '\x23419e4db1bcf5d79cf1311d0dbf43c1713b2a7faf62b011b46f77ac02fed068', '2026-11-24 10:49:00+00', 625000000),
	('RLTC', 474, '\xbfc0bcafe501b1060e4ac6502c31858d3dcc04412809a2fb316645ec8cb4110d', '2026-11-24 10:49:00+00', 625000000),
	('RLTC', 475, '\xdcf6110fcefd6828c251633aa6328215c4e082cd6a7d711a7f8a62871f15918e', '2026-11-24 10:49:00+00', 625000000),
	('RLTC', 476, '\x77572d507cbc7467da8e59661077af97ea32db01643967682e1cebe562f2181f', '2026-11-24 10:49:01+00', 625000000),
	('RLTC', 477, '\x4fd05bf196089e29feb6c790fda7af862eee778b0f8288cb4f6fcdf3849d1056', '2026-11-24 10:49:01+00', 625000000),
	('RLTC', 478, '\x60c3ed9a9747fdd58050dab0dcfd9ce9dcfa84a78b2f19260243446093fd9e69', '2026-11-24 10:49:01+00', 625000000),
	('RLTC', 479, '\xe863802970252bcd9faf27645b50a190ca407874690f9544e5f78c721ffd73f0', '2026-11-24 10:49:01+00', 625000000),
	('RLTC', 480, '\x2a4bc266c33bac2aa2f1d08097f959d78d4af7adc1fdfe00200dd6d6f396cb28', '2026-11-24 10:49:01+00', 625000000),
	('RLTC', 481, '\xe6614b043299c3e47988a0c72433fe12dc261f9cfcc47cfda0ed35bb8e0ae95d', '2026-11-24 10:49:01+00', 625000000),
	('RLTC', 482, '\xeb80c277b821d86376fc47e9c263eb9fea9b8e47d479b0f8d3a3026295bef270', '2026-11-24 10:49:02+00', 625000000),
	('RLTC', 483, '\x5ea0caa3bf4f230667d92b5227e901baae298026f68709ea56f512c9dde403ed', '2026-11-24 10:49:02+00', 625000000),
	('RLTC', 484, '\xe1372103dc9fbc812dbb0098243cdb176b58b398b4136fef2b4b406dc44ab2c5', '2026-11-24 10:49:02+00', 625000000),
	('RLTC', 485, '\xdfca064e964d9f919881af40e1eb8da6a3523aca7d98aaf00cc84c0cbf33841a', '2026-11-24 10:49:02+00', 625000000),
	('RLTC', 486, '\x65a76da4645ea254867763158b405213808cb3028b56ebe2e9ddbfe46cf18a6b', '2026-11-24 10:49:02+00', 625000000),
	('RLTC', 487, '\x17868447f0d08f156066e07ce4289012b436eb68b214bfa9786ca5de8d0b132f', '2026-11-24 10:49:02+00', 625000000),
	('RLTC', 488, '\xf298f02f010d67ab4ec53512bd359c8bf17d5bcd15ac5329a96e3c7730bfded6', '2026-11-24 10:49:03+00', 625000000),
	('RLTC', 489, '\x3f5a170c63f43eee9af23361a2a86358a27917a462f5b91dd50be73eddc892f5', '2026-11-24 10:49:03+00', 625000000),
	('RLTC', 490, '\xb056860d2c968e1becfee2f649a759704edacdd2b7cc94bcdc4a031203d09a90', '2026-11-24 10:49:03+00', 625000000),
	('RLTC', 491, '\xaaa28bc307f1fab6352fa61cdc1d3e5eeaf34127ad5ef7349bd95128f7e5e36c', '2026-11-24 10:49:03+00', 625000000),
	('RLTC', 492, '\x5c4c33348a4e7f13ea32c8e6dea5c800c29fefa9c7c6f64da5be98d024c15082', '2026-11-24 10:49:03+00', 625000000),
	('RLTC', 493, '\xa8b85d9b7c4e1dd9c806b342ded47d33c6c2ab697fb08b321e2388434a6a9ea6', '2026-11-24 10:49:03+00', 625000000),
	('RLTC', 494, '\x9eb3a4203ff690ffdc9d41cdc5966097bac1f1adeb2f4029d078bbf5a6ad9e89', '2026-11-24 10:49:04+00', 625000000),
	('RLTC', 495, '\x0b0b69aaa2d387ee36663b1f0b7e776a1816b0a84936feb78c1eecd1f457dc4f', '2026-11-24 10:49:04+00', 625000000),
	('RLTC', 496, '\x34f61ea6d624d7e00d33092adb618f899b296dff22aa71f6c89ba6a9ee60a660', '2026-11-24 10:49:04+00', 625000000),
	('RLTC', 497, '\xe57c86df13c7f688da34101149c57391483215f666309d11cebf1a0d5bf6890d', '2026-11-24 10:49:04+00', 625000000),
	('RLTC', 498, '\xfe47e2e1315412b429b3e3df07a7556de119a23596c712f6d3b8afc4303459aa', '2026-11-24 10:49:04+00', 625000000),
	('RLTC', 499, '\x22f2042acd6d98a12c03c4863f369900a06e8e43a6365af5662cf541ea469fa7', '2026-11-24 10:49:04+00', 625000000),
	('RLTC', 500, '\x15650f2c0da42cf7b603f5b010486f1eb0e8a6316b293f2e6b535ee4913bc43d', '2026-11-24 10:49:05+00', 625000000),
	('RLTC', 501, '\xf60dbf0deea5e51c114626c2ea7bcc81862bee3a0b23cc219c6688e6e25be6c4', '2026-11-24 10:49:05+00', 625000000),
	('RLTC', 502, '\xa106497001c2df29f2ad404d757997b6deb69e5ea03165fc47c9457a855999bf', '2026-11-24 10:49:05+00', 625000000),
	('RLTC', 503, '\x0ddb1f8b185bf15e542bc25f0e26774f6e1966f04def9fd1629592e064c2dd87', '2026-11-24 10:49:05+00', 625000000),
	('RLTC', 504, '\x299d76735d5d1859189c3cace74682c64bb04a55af3c8c38e29abf45ce9e3af9', '2026-11-24 10:49:05+00', 625000000),
	('RLTC', 505, '\x2e4244eb31174a4e519bbeaf374f1cefde6a88f79fa81cc056f12b1e31c9b2e8', '2026-11-24 10:49:05+00', 625000000),
	('RLTC', 506, '\xd8e3063e0cda021aad87a61fc14ead4cd6faa90d22221b31cc8f03dc6d5cf56d', '2026-11-24 10:49:06+00', 625000000),
	('RLTC', 507, '\xab9886420e44c0aa58181848b354b47b20ec1cbb4431e456f52d39bd89c1ec56', '2026-11-24 10:49:06+00', 625000000),
	('RLTC', 508, '\xf222e836305ee71021b060fbad57cb6db6824e947639ce7e0ff01a4e4ef6513a', '2026-11-24 10:49:06+00', 625000000),
	('RLTC', 509, '\xc93fd24b08adcc2cf1c6d93c961b110dd47283c177e4bd46fb9f220951c9e17c', '2026-11-24 10:49:06+00', 625000000),
	('RLTC', 510, '\x01f8d18cc49379df3140aee92f17f6d4a96d0ad34b7f0eecf49a4c0e40e3dfef', '2026-11-24 10:49:06+00', 625000000),
	('RLTC', 511, '\x739ef0cb771b0742ec6c0e87783ae8398b8c85a94508960ac5162408539dd935', '2026-11-24 10:49:06+00', 625000000),
	('RLTC', 512, '\x424aff6985de53b56682c9c5df39bf245ce1453e401782f9a9af4874446a76b1', '2026-11-24 10:49:07+00', 625000000),
	('RLTC', 513, '\x5eedacdf251236a00a9a3830540d3f763631d3d59b978b0d88aabb6299d35f67', '2026-11-24 10:49:07+00', 625000000),
	('RLTC', 514, '\xff848d177455341b2d3c559f4940c6463be504230accb6e34e1a09251290e190', '2026-11-24 10:49:07+00', 625000000),
	('RLTC', 515, '\xe3add03696bacfcbfdbc5e788d12016676dab9f17432b7a4fcc52a15e069a06b', '2026-11-24 10:49:07+00', 625000000),
	('RLTC', 516, '\xd3b2e2706d0c7a36265de79652603b2abc6a800d1d7caf2dfec3dea970a99583', '2026-11-24 10:49:07+00', 625000000),
	('RLTC', 517, '\x26fcdd30a1a56f23f735352a0c9efb634783c67662ad3eeab4c344460851839b', '2026-11-24 10:49:07+00', 625000000),
	('RLTC', 518, '\xc1ffc4d5d85b48c92ebca2bbbbb2787933188aa3f5c4a10e2d123ac0e4060dfb', '2026-11-24 10:49:08+00', 625000000),
	('RLTC', 519, '\x86a8a3c3f76443a683bdb85c889ab10eafdd94a5ab669cb4f88cac00e94c3cbd', '2026-11-24 10:49:08+00', 625000000);
INSERT INTO public.followed_block VALUES
	('RLTC', 520, '\x5e8b1ec320ee0324a87b7796ab2d6a6375589d5c2db25a7e31e8fff99fda7689', '2026-11-24 10:49:08+00', 625000000),
	('RLTC', 521, '\xacf98bf21d53a5273c49e29025cadfb6cff298e5f850e5044b0498cf03d2300f', '2026-11-24 10:49:08+00', 625000000),
	('RLTC', 522, '\x0b769bff186f1a16adb2284a53801721f5f175cf4ac17e5e31b0b98fcd1829a3', '2026-11-24 10:49:08+00', 625000000),
	('RLTC', 523, '\x8eccab4091ddb5dd71ffe384c84a258f86a411514967ed83ff64370912f4439b', '2026-11-24 10:49:08+00', 625000000),
	('RLTC', 524, '\xc037b5340fea494367205209d7d38214fcd8d10cdf46712d7b54eed4fba8e225', '2026-11-24 10:49:09+00', 625000000),
	('RLTC', 525, '\x9daa7ad1a6f70042c7f659ff850a08366a47ca2a7e6b8b5acca20c3ff167e18e', '2026-11-24 10:49:09+00', 625000000),
	('RLTC', 526, '\xc42746e96e03b208c5a39929a3dc6cbe932218ddd55afbb6b14e7dad7a1cce6f', '2026-11-24 10:49:09+00', 625000000),
	('RLTC', 527, '\x55f5dcb74705c04da2b9998aff3639a70d59b359b4f7b26c2fc17112f37db60b', '2026-11-24 10:49:09+00', 625000000),
	('RLTC', 528, '\x09fb3a1fd0a148cdc3eee097834697529fdb5eba2190df2ab9fbe6bf0fc1cf1e', '2026-11-24 10:49:09+00', 625000000),
	('RLTC', 529, '\xa8f74c28004aeb9ceb23afde942a3df53c747cfb91f1a5a6daae437f75baa763', '2026-11-24 10:49:09+00', 625000000),
	('RLTC', 530, '\x4f871012029271a236143f9353bc9192630dd64417a0f63a59ab07205063a64e', '2026-11-24 10:49:10+00', 625000000),
	('RLTC', 531, '\xde0bfaa87db9745d82e4e72f9b5131750f3f47b64b17e657a04bbd31a5094da9', '2026-11-24 10:49:10+00', 625000000),
	('RLTC', 532, '\x42cc866bdcd30b2752986e310892ee076b63ad1dc6c1e8bb70369140f257554b', '2026-11-24 10:49:10+00', 625000000),
	('RLTC', 533, '\x135618ef901e94dcc68d4e234a9ece123c8e5581ef722a1264dc5072a14a92d1', '2026-11-24 10:49:10+00', 625000000),
	('RLTC', 534, '\x3beb48685e6ee61650fa02d44742d87be0c254974a11289a25cd1605f60424b7', '2026-11-24 10:49:10+00', 625000000),
	('RLTC', 535, '\x958d322b73569f61dc799d81e4da5ab66223907ed829fd6768b3bff25f313e67', '2026-11-24 10:49:10+00', 625000000),
	('RLTC', 536, '\x1e0b30174f8047d7dc092fb8b396207b50031913ff87c3aaf652a36527f7af52', '2026-11-24 10:49:11+00', 625000000),
	('RLTC', 537, '\x0f43e8377bff8d3198ffcb085f2ea0435262e5e4e944f08cb82e4dacdb393f12', '2026-11-24 10:49:11+00', 625000000),
	('RLTC', 538, '\x4d58334db983636dd52b7bd3ce3a53260ade6c99315f69968d660313bc0ff7b1', '2026-11-24 10:49:11+00', 625000000),
	('RLTC', 539, '\x437de20eb171f9838dc261bec86aaa79d953bc872c10f6588677b87f88188789', '2026-11-24 10:49:11+00', 625000000),
	('RLTC', 540, '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', '2026-11-24 10:49:11+00', 625000000),
	('RLTC', 541, '\xf3fee75b60092b5cd9ee24e51b07cb03552bb0e48d77319773c0a6e737dd752b', '2026-11-24 10:49:11+00', 625000000),
	('RLTC', 542, '\xbab1de736cb7d5f16289cf2615a72affd0f6e32459ed34b67308e9172177d01d', '2026-11-24 10:49:12+00', 625000000),
	('RLTC', 543, '\xda1485d245e69ca4cdf42e127a349f14e2ef284df474c4e35ae288b78157d2d5', '2026-11-24 10:49:12+00', 625000000),
	('RLTC', 544, '\x31f0065727710ab8eb3b6c691e7296cc948c6a67ad12da81db124adb63b3e6ca', '2026-11-24 10:49:12+00', 625000000),
	('RLTC', 545, '\x98c2fdd78041945832e15ea3dfe2f18b9cba724d1083466870be0ab0800f8adc', '2026-11-24 10:49:12+00', 625000000),
	('RLTC', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', '2026-11-24 10:49:12+00', 625013280),
	('RLTC', 547, '\xe7152ab12a0d659e32a8a3b88cdab27fe2964c150cdc2a6e36311d6c85437ab5', '2026-11-24 10:49:12+00', 625000000),
	('RLTC', 548, '\xefb61e34937a254442e676434556c00003fcfab7a6ab4af4a778ee5112b0bc76', '2026-11-24 10:49:13+00', 625000000),
	('RLTC', 549, '\x6e52bb9c98207c6cea8c19abbab580cc89a11542a8a3f8ca440035f5cd6945a4', '2026-11-24 10:49:13+00', 625000000),
	('RLTC', 550, '\x6c8e713420c6dd865b6625b021d1dc1aa4b80b4c1781e41917f70bf124ebd52c', '2026-11-24 10:49:13+00', 625000000),
	('RLTC', 551, '\x83243ff5984c453f90c081fffff78029c8e6d0fb3b182a623135ac8ff494635a', '2026-11-24 10:49:13+00', 625000000),
	('RLTC', 552, '\xf7c479219341777fdde089e0ca99beaaa366b9dfec97ab802d8e440c9b81cd64', '2026-11-24 10:49:13+00', 625000000),
	('RLTC', 553, '\x60b51b856651992186d75b114e820468e0eed39e28d2eaeeb8dc94d527eb7ee0', '2026-11-24 10:49:13+00', 625000000),
	('RLTC', 554, '\x164360931c8880fd9b98bb7b89aaf189ea3ccd19f16f2cbf8a5e246f45db01d6', '2026-11-24 10:49:14+00', 625000000),
	('RLTC', 555, '\xfae4f21ab298771a341d2ebba097c49a0922e7cdd1bff715eff47a7b4bac606e', '2026-11-24 10:49:14+00', 625000000),
	('RLTC', 556, '\x4137d4773065eeee5ff73899154ea33abe81625530a5228615ac7cc4a020222c', '2026-11-24 10:49:14+00', 625000000),
	('RLTC', 557, '\xe2490504d3ce18f7fe9683122ffd1b27d30a622bb2c27c8a88f3dbd86c2414d3', '2026-11-24 10:49:14+00', 625000000),
	('RLTC', 558, '\x1b527420e701f92f81df6e22e74c764eca596e474c6a6b65cab70629f82d276d', '2026-11-24 10:49:14+00', 625000000),
	('RLTC', 559, '\x05587ace8b933ee699e967b15a5b0f49a8ff68153fbfbb54ad161c8dfcb0127b', '2026-11-24 10:49:14+00', 625000000),
	('RLTC', 560, '\xf90ae41dcd13fd416874939a19d63729f36feb5a7f40cbc2a821c3913b285cdf', '2026-11-24 10:49:15+00', 625000000),
	('RLTC', 561, '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', '2026-11-24 10:49:15+00', 625000000),
	('RLTC', 562, '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', '2026-11-24 10:49:15+00', 625000000),
	('RLTC', 563, '\x38119d203eec007c8f33a1807ed3ea5f60bdd98b245d78464c7c06923810e3c9', '2026-11-24 10:49:15+00', 625000000),
	('RLTC', 564, '\x7c3a0a08ec47b37d170e1f75ab8749eb9b02db9c00f02f8ee402b44c9a8ab579', '2026-11-24 10:49:15+00', 625000000),
	('RLTC', 565, '\xd5f7c56977c8342677f69e2d581d573873ffb7ea5501d988d13b9b036e23e994', '2026-11-24 10:49:15+00', 625000000),
	('RLTC', 566, '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', '2026-11-24 10:49:16+00', 625000000),
	('RLTC', 567, '\x314fb58371fbf835a7559708d721b5fe9a9205a85c3b0dd3d0e05f53633f31b1', '2026-11-24 10:49:16+00', 625000000),
	('RLTC', 568, '\x3872fc7c914c3ea7d5b8b0db11e424e8a6ba394e7d85bc6deb75604587b712a9', '2026-11-24 10:49:16+00', 625000000),
	('RLTC', 569, '\xf80d54de21d5f917424f7c9efbb65c9675b924f233bc2c384e4f4b509ce70051', '2026-11-24 10:49:16+00', 625000000),
	('RLTC', 570, '\x5d880e93bbbf8721f7d98889ab33988dd4f929b42e302c92167082a97c9feded', '2026-11-24 10:49:16+00', 625000000),
	('RLTC', 571, '\x45310e2dc8b1fc92891dbd0d8aeedb8ff00dcd650566d68a39996be85e25700c', '2026-11-24 10:49:16+00', 625000000),
	('RLTC', 572, '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', '2026-11-24 10:49:17+00', 625000000),
	('RLTC', 573, '\xdb4263c028c9243d37399f884c7a38ea7ca21523526279a7bdc9a204658e1757', '2026-11-24 10:49:17+00', 625000000),
	('RLTC', 574, '\xf16aecd8c452b91bb27b93db9040162d720a8b3082522eaae9c90e9fa37ba6b8', '2026-11-24 10:49:17+00', 625000000),
	('RLTC', 575, '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', '2026-11-24 10:49:17+00', 625000000),
	('RLTC', 576, '\x6d984fb0e2c154061a66a68fcdaf85158ddf16372dafa40add4d8f33293e919b', '2026-11-24 10:49:17+00', 625000000),
	('RLTC', 577, '\xdbde50649f42443c1dcb3d89dcc8c2483831d25247434d0ee923c9298d3595d4', '2026-11-24 10:49:17+00', 625000000),
	('RLTC', 578, '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', '2026-11-24 10:49:18+00', 625000000),
	('RLTC', 579, '\x51c46a588a1b82ba3bb1ff84977ab5e6cdb05cf47b82b62ba408429b2a50f431', '2026-11-24 10:49:18+00', 625000000),
	('RLTC', 580, '\x67756855dedfe7b21978d27360746810a5fe87666c50fecb16aa8cb67aa52af1', '2026-11-24 10:49:18+00', 625000000),
	('RLTC', 581, '\x06535f774fcc1163aadc457f64b996a84f0c0c5ad8810019be823946e61088a5', '2026-11-24 10:49:18+00', 625000000),
	('RLTC', 582, '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', '2026-11-24 10:49:18+00', 625000000),
	('RLTC', 583, '\xc6ede5d8c3236f7449fbe104169b236c7be2f5bbbd27be6fea8d924f4e219ac8', '2026-11-24 10:49:18+00', 625000000),
	('RLTC', 584, '\xaac8a8a046eb0982417225c410483f482c9d9256ffe08f9c9369bb5bd32098be', '2026-11-24 10:49:19+00', 625000000),
	('RLTC', 585, '\x36e7f23ed28e9713991252a478b111cebd41eb1a4fedd8d2265a4c15c4ff3be5', '2026-11-24 10:49:19+00', 625000000),
	('RLTC', 586, '\xf78824c8270bb5ee26e74dfdbac60ebf663642ccfd88caa2dcea19fe141d0368', '2026-11-24 10:49:19+00', 625000000),
	('RLTC', 587, '\xc7b47122498f7137f5961cd336d172a58c18076d4f916fbdae43f717825ad91c', '2026-11-24 10:49:19+00', 625000000),
	('RLTC', 588, '\x5a4403b2eb4893734fdd84e2dd2b5a21788143e9d5356833a1ac60af25181af8', '2026-11-24 10:49:19+00', 625000000),
	('RLTC', 589, '\xa640f9936c5d9d6bbec5c68a2ab65c30c1dbd5d2994be1c0db2fc435f06a7f5b', '2026-11-24 10:49:19+00', 625000000),
	('RLTC', 590, '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', '2026-11-24 10:49:20+00', 625000000);


--
-- Data for Name: job_step; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.job_step VALUES
	('RLTC', 'nodes', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'follow', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'blocks', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'pps', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'statements', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'signed', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'confirm', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'broadcast', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'replace', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'audit', '2026-11-24 10:49:07.617107+00', '2026-11-24 10:49:07.617107+00', ''),
	('RLTC', 'prepare', '2026-11-24 10:48:10.949168+00', '2026-11-24 10:48:10.949168+00', '');


--
-- Data for Name: live_port; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.live_port VALUES
	('\xb7c3d514dfbe774d8a0b4940478c059c', 'main', 'main', 2, 19, '2026-11-24 10:49:07.634695+00');


--
-- Data for Name: live_worker; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.live_worker VALUES
	('\xb7c3d514dfbe774d8a0b4940478c059c', 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', 'main', 'main', 1, 0.01, 1042.8707354265669, '2026-11-24 10:49:07.335+00', 'ngpool/0.1.0', 19, '2026-11-24 10:49:07.634695+00'),
	('\xb7c3d514dfbe774d8a0b4940478c059c', 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', 'main', 'main', 1, 0.00421, 404.86572993906094, '2026-11-24 10:49:07.111+00', 'ngpool/0.1.0', 19, '2026-11-24 10:49:07.634695+00');


--
-- Data for Name: node_status; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.node_status VALUES
	('RLTC', 'litecoin-a', 'ready', '', 590, 590, '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', '\x000000000000000000000000000000000000000000000000000000000000049e', 2, 'LitecoinCore:0.21.2.1', 545259519, '2026-11-24 10:49:07.35+00', '2026-11-24 10:49:07.617107+00'),
	('RLTC', 'litecoin-b', 'ready', '', 590, 590, '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', '\x000000000000000000000000000000000000000000000000000000000000049e', 2, 'LitecoinCore:0.21.2.1', 545259519, '2026-11-24 10:49:07.357+00', '2026-11-24 10:49:07.617107+00');


--
-- Data for Name: partitioned; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.partitioned VALUES
	('share_batch', 'day'),
	('worker_minute', 'day'),
	('port_minute', 'day'),
	('reject_minute', 'day'),
	('worker_hour', 'month'),
	('port_hour', 'month'),
	('worker_reject_hour', 'month');


--
-- Data for Name: payee_donation; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: payee_setting; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: payout; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.payout VALUES
	('RLTC', 1, 'payees', 'confirmed', '2026-11-24 10:48:22.599332+00', '', '2026-11-24 10:48:10.949168+00', '\x92b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b2', 0, NULL, NULL, 1, 1, 1, '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', 546, '\x1786a10b749432f80e9cfeace1ec6cee289eff4b78e94d90b847796cc333a9aa', DEFAULT);


--
-- Data for Name: payout_change; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.payout_change VALUES
	('RLTC', 1, 1, 2, 224987085, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0');


--
-- Data for Name: payout_input; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.payout_input VALUES
	('RLTC', 1, 1, 0, '\x92b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b2', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 1, '\xbc4efe481000211c17dc8bf5424710c34bc4530847452e8d98b970a9d0d2ef6b', 0, 1250036500, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 2, '\x10a8b9c7554cc10c6d228e2123ca3f82d2dbd7f2488ea0fb16d8ace072f91632', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 3, '\x20718c91f018d5e081c52a6b92a152d014d0fa33bc524b1fc5e8c021b5289ffc', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 4, '\x236d93d21c69aad4661bb4e6c9a3b0d47e199136d749590a3e6c25b51c38b135', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 5, '\x46bcd20a76ecd6b4eac206effd276422072846c33864a19fddb861277bc90dba', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 6, '\x4ea51d25b73bd59727d9ceb54ebb1a0c1af11a5a39513b4248deeb1e8251e46c', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 7, '\x50a8921e317974f8c9e877a55c196967f86594019ee55fd9d7e73605f5aeda42', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 8, '\x7ed79a2cab3ea68b77992a9a8027d4581feb5786b273f6c5372eb3acfa758730', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 9, '\x94b2766e21b8e5c5572d9d38fae38e12d148201ad5f3c8cf4777059e0577956c', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 10, '\xa43f774e48a21fb76377ccbdc9b92ab02dcfa82cb28ae8caed140d609ca2156c', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 11, '\xa8e96b726e0e886b419def64624038ee21030c265e83d55e837485c7569a4941', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 12, '\xac4b686ab5d2790a98bab5b3c870435423b9f79388a0959d083688be8e35e5bf', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 13, '\xacd6d2fffe9a28f38b6700f4738d09e56f57d3299518534f46305cf4476b7a23', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 14, '\xbc0229e8bbbab18010ec81be6c174fb4ad1bf9eb13ddb450be2fd23a0ff639ba', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 15, '\xed3d22c0f2e0683765179af264b420fb16372ad35b96244229ec5f4e5e08c7ae', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 16, '\xf9f3e57c246e5ca1895f73c540c37adb151d398739f33aaf67154e766edd1be8', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0'),
	('RLTC', 1, 1, 17, '\xfca99507d8c84f379f6b942b09449a691aef6078a8a01efec13e3df1b6abb0a8', 0, 1250000000, '\x00144d32eccd507a5ebd0d39bed14030897cb7fb08c0');


--
-- Data for Name: payout_part; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.payout_part VALUES
	('RLTC', 1, 'rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', '\x0014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d', 11134995424, 0),
	('RLTC', 1, 'rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', '\x0014365b48fd005495711cfb0f5eaf9b86bbc0df0088', 11140040711, 0);


--
-- Data for Name: payout_reserve; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: payout_stop; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: payout_txid; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.payout_txid VALUES
	('RLTC', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', 1, 1);


--
-- Data for Name: payout_version; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.payout_version VALUES
	('RLTC', 1, 1, 13280, '\x70736274ff0100fd4903020000001292b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b20000000000feffffffbc4efe481000211c17dc8bf5424710c34bc4530847452e8d98b970a9d0d2ef6b0000000000feffffff10a8b9c7554cc10c6d228e2123ca3f82d2dbd7f2488ea0fb16d8ace072f916320000000000feffffff20718c91f018d5e081c52a6b92a152d014d0fa33bc524b1fc5e8c021b5289ffc0000000000feffffff236d93d21c69aad4661bb4e6c9a3b0d47e199136d749590a3e6c25b51c38b1350000000000feffffff46bcd20a76ecd6b4eac206effd276422072846c33864a19fddb861277bc90dba0000000000feffffff4ea51d25b73bd59727d9ceb54ebb1a0c1af11a5a39513b4248deeb1e8251e46c0000000000feffffff50a8921e317974f8c9e877a55c196967f86594019ee55fd9d7e73605f5aeda420000000000feffffff7ed79a2cab3ea68b77992a9a8027d4581feb5786b273f6c5372eb3acfa7587300000000000feffffff94b2766e21b8e5c5572d9d38fae38e12d148201ad5f3c8cf4777059e0577956c0000000000feffffffa43f774e48a21fb76377ccbdc9b92ab02dcfa82cb28ae8caed140d609ca2156c0000000000feffffffa8e96b726e0e886b419def64624038ee21030c265e83d55e837485c7569a49410000000000feffffffac4b686ab5d2790a98bab5b3c870435423b9f79388a0959d083688be8e35e5bf0000000000feffffffacd6d2fffe9a28f38b6700f4738d09e56f57d3299518534f46305cf4476b7a230000000000feffffffbc0229e8bbbab18010ec81be6c174fb4ad1bf9eb13ddb450be2fd23a0ff639ba0000000000feffffffed3d22c0f2e0683765179af264b420fb16372ad35b96244229ec5f4e5e08c7ae0000000000fefffffff9f3e57c246e5ca1895f73c540c37adb151d398739f33aaf67154e766edd1be80000000000fefffffffca99507d8c84f379f6b942b09449a691aef6078a8a01efec13e3df1b6abb0a80000000000feffffff03e08bb29702000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0788ff9702000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088cd07690d000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c000000000000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202a5010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9a401000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202b0010870cda173536f290e0c000000020000000000000000082f6e67706f6f6c2ffeffffff02140b824a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ed8bbb59c13e719fb2a6024915644d885347b050a6d37ebc56a77f98437684b706af01000001011f140b824a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202ac010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9ab01000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202a7010870cda173536f290e0c000000020000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9a601000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202b2010870cda173536f290e0c000000020000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ed8a2323d66885e72b966fc5c8f165321fc65f9ab60c25bc3b8894abc1e2250b15b101000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202ad010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9ac01000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202b6010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9eda28098ba38d56d8c53f4ef864bfca97671a61df4ab62771524ebe1e78021ff6db501000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202a8010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9a701000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202a9010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9a801000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202b1010870cda173536f290e0c000000020000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ed4df6ee81002f20c89f45867e28c61aa414e1cc92f173a14c8ee850ca37e256f6b001000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202aa010870cda173536f290e0c000000020000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9a901000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202ab010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9aa01000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202a6010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9a501000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202b5010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ed7d9e40434ffc0feeb983fdda427b28fa772205a5c364de2720e484a5ed38ffd4b401000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202b3010870cda173536f290e0c000000020000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ed1078e2795d81bf197ebcd850eb020ad32839da846cef995cfeebf1fd53527071b201000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202b4010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ed8f80957a3e72b97864ed1a9def899ad3f5a658a4eaa849f86b595fb66f8523d1b301000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202af010870cda173536f290e0c000000010000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9ae01000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c0000100a302000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2202ae010870cda173536f290e0c000000020000000000000000082f6e67706f6f6c2ffeffffff02807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9ad01000001011f807c814a000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c000000000', '\x020000001292b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b20000000000feffffffbc4efe481000211c17dc8bf5424710c34bc4530847452e8d98b970a9d0d2ef6b0000000000feffffff10a8b9c7554cc10c6d228e2123ca3f82d2dbd7f2488ea0fb16d8ace072f916320000000000feffffff20718c91f018d5e081c52a6b92a152d014d0fa33bc524b1fc5e8c021b5289ffc0000000000feffffff236d93d21c69aad4661bb4e6c9a3b0d47e199136d749590a3e6c25b51c38b1350000000000feffffff46bcd20a76ecd6b4eac206effd276422072846c33864a19fddb861277bc90dba0000000000feffffff4ea51d25b73bd59727d9ceb54ebb1a0c1af11a5a39513b4248deeb1e8251e46c0000000000feffffff50a8921e317974f8c9e877a55c196967f86594019ee55fd9d7e73605f5aeda420000000000feffffff7ed79a2cab3ea68b77992a9a8027d4581feb5786b273f6c5372eb3acfa7587300000000000feffffff94b2766e21b8e5c5572d9d38fae38e12d148201ad5f3c8cf4777059e0577956c0000000000feffffffa43f774e48a21fb76377ccbdc9b92ab02dcfa82cb28ae8caed140d609ca2156c0000000000feffffffa8e96b726e0e886b419def64624038ee21030c265e83d55e837485c7569a49410000000000feffffffac4b686ab5d2790a98bab5b3c870435423b9f79388a0959d083688be8e35e5bf0000000000feffffffacd6d2fffe9a28f38b6700f4738d09e56f57d3299518534f46305cf4476b7a230000000000feffffffbc0229e8bbbab18010ec81be6c174fb4ad1bf9eb13ddb450be2fd23a0ff639ba0000000000feffffffed3d22c0f2e0683765179af264b420fb16372ad35b96244229ec5f4e5e08c7ae0000000000fefffffff9f3e57c246e5ca1895f73c540c37adb151d398739f33aaf67154e766edd1be80000000000fefffffffca99507d8c84f379f6b942b09449a691aef6078a8a01efec13e3df1b6abb0a80000000000feffffff03e08bb29702000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0788ff9702000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088cd07690d000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c000000000', '2026-11-24 10:48:10.949168+00', '\x0200000000011292b0459b31716552f0ab9087bb410fe42b41ca79d8a2f7c2ea34745cd028f2b20000000000feffffffbc4efe481000211c17dc8bf5424710c34bc4530847452e8d98b970a9d0d2ef6b0000000000feffffff10a8b9c7554cc10c6d228e2123ca3f82d2dbd7f2488ea0fb16d8ace072f916320000000000feffffff20718c91f018d5e081c52a6b92a152d014d0fa33bc524b1fc5e8c021b5289ffc0000000000feffffff236d93d21c69aad4661bb4e6c9a3b0d47e199136d749590a3e6c25b51c38b1350000000000feffffff46bcd20a76ecd6b4eac206effd276422072846c33864a19fddb861277bc90dba0000000000feffffff4ea51d25b73bd59727d9ceb54ebb1a0c1af11a5a39513b4248deeb1e8251e46c0000000000feffffff50a8921e317974f8c9e877a55c196967f86594019ee55fd9d7e73605f5aeda420000000000feffffff7ed79a2cab3ea68b77992a9a8027d4581feb5786b273f6c5372eb3acfa7587300000000000feffffff94b2766e21b8e5c5572d9d38fae38e12d148201ad5f3c8cf4777059e0577956c0000000000feffffffa43f774e48a21fb76377ccbdc9b92ab02dcfa82cb28ae8caed140d609ca2156c0000000000feffffffa8e96b726e0e886b419def64624038ee21030c265e83d55e837485c7569a49410000000000feffffffac4b686ab5d2790a98bab5b3c870435423b9f79388a0959d083688be8e35e5bf0000000000feffffffacd6d2fffe9a28f38b6700f4738d09e56f57d3299518534f46305cf4476b7a230000000000feffffffbc0229e8bbbab18010ec81be6c174fb4ad1bf9eb13ddb450be2fd23a0ff639ba0000000000feffffffed3d22c0f2e0683765179af264b420fb16372ad35b96244229ec5f4e5e08c7ae0000000000fefffffff9f3e57c246e5ca1895f73c540c37adb151d398739f33aaf67154e766edd1be80000000000fefffffffca99507d8c84f379f6b942b09449a691aef6078a8a01efec13e3df1b6abb0a80000000000feffffff03e08bb29702000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0788ff9702000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088cd07690d000000001600144d32eccd507a5ebd0d39bed14030897cb7fb08c00247304402200986012debeeaffc39ba78c17959dc84e3a11b37fa130508a469d0a9f1134ca7022025d6e9925c58db15360b36e3dab191bdd7dae4a7046859600ec23ce45a6059eb012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022042cae9104127abdb17ef112512763bec289688947bae5cf1421b31e05e07324d02205ce9c66549ba52240e7b4434ef19a2c15bfa54b800e528e3d003462de929d776012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402202441ac71ce4184417c34a9898266f5eecbddf7ba88deee914de7a9c592984c3302203d5a7066c41b45ede6d426107eeec83507f5e799b86615511a6fb8afab9d6fb7012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022020c753ad0f50a42c66834bee54d72f2cc20a578e23bced2f743a6d52aaf7bced02206f2bf63c17b36455d3d8c81b2d910a80bc340681f0d70ccca651bbae5bf21d42012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402200b0db98a319c47c3dcaa0d52d85268e5f563bf6cbf6df33b4a229311f8b9a8a8022038ec3055fec5fbbd10ce71681a6ca900bf5e1af03b8a5d6fc3020104006772a8012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022000a3915f038769ec6f936e3f793b5a95a698ad41fc9182c2f86a10ea558a1332022076c614395f1c4d1dcd0ed6894d517ab5fb6ba1b36bf5f3f08303cea4b2a7586f012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402203204872ea809702e629d99c0fedf2b1717084e29c1b5a7a5732b445d78a07e62022057701f46d558ff46a7530696425de26ff06f4856a03cd2e84874479b4bf508ca012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402206b2b930f1340f5f1c11091eff414dfde9e7ca7adf60ae8b32ae3a0f9c60c5194022029a4f337d048ea650e8d5df760012d0b481a13c5f58389fde0d09a1df7719f02012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402205636011bbeede8061234f07ce90ae65537d9bc128809e4ea635d93c1a08aab1a02202e2f730d16c6427061d5ed50121cccbb209487c602f027b4f55d5e2508934b47012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402201efa4809ac04d09214e0e5fde1c71c1bef68c4c40c7a6ad5a83ad5765494d788022014f913b1163b3bf2f95bfd30a5857b7db6e48501362ebab222181f208e5f7f7e012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022017df16206152750c2d5b93189575f5b0462ce462f0b2674b0d3dd5cc0f7be0a002202f8fb584a1c94eeec21d12aac33349dec7f308dec8c6b7d31218d99dbb0e71bf012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022077e0228e49072cfa868cf091a2850323460689d5837299feb41dca3a014a7d00022066adf0418334deb29317768eb97a9878ccd95c05f55f34638bf03470a9def061012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402205978ab70eb3d73722b6bdc8bbd4ca1bfee47a0d7655241832336751432870e2d02204c31021f3d398f96f00a35600faba2eea7e0f67757dcb4222b1587422343d909012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022061e76d3ed825ce7a089b6059fbedc06fd72c9880410474282025498ced2629830220639188dcd447184020c6d2a68b462dc7ffa42d9f40ef95133028e2dd885af280012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402201b80932b6c5dadda47b95de142a65c4e8434e29f9c3f835bafabf2dcd8f61a0002201ca50be0a9e65ff557d37499acd60d4041fab59fa311d1998477bcee2c2734bb012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022028902194f5be167228608bd3b686549cd30e83ad7461c9ef7c014763e85f550502200868ac8f48a16878797fbfc13ce8f34d68381cfa38e5b08ec5ecce97cf17b67a012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a663567200247304402203970ac82b55cff890fabff37a2f93eee4aa3311351ba731ee116ee61634533ba02203c52ea0a9ead00c6a4cc713d3219c51a0695aa60a1171950312dc7396cf8e11d012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672002473044022071580977661a3297bffaf8ffb33ea3c0a9a7d581eece8801c31528afa33ade1002204d32330122545d316b38a8a068d854ffdbd7d4faaac92d81df6c767a28c3d6bc012103543c1640366b5f74abbbd17beca314e881e497c390b1f0194ebf2e0a6635672000000000', '\x030975da0a294acc0c18e8eb1a4369753e73415ae6f6d3e63b7bb1a4546d3063', '2026-11-24 10:48:17.597695+00', NULL, '2026-11-24 10:48:17.597695+00', 'litecoin-a has it; litecoin-b has it', '2026-11-24 10:48:17.597695+00');


--
-- Data for Name: port_hour_20261101; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.port_hour_20261101 VALUES
	('2026-11-24 10:00:00+00', 'main', 'main', '2026-11-24', 225, 130275, 1, 655);


--
-- Data for Name: port_hour_20261201; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261123; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261124; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.port_minute_20261124 VALUES
	('2026-11-24 10:47:00+00', 'main', 'main', '2026-11-24', 57, 37335, 0, 0),
	('2026-11-24 10:48:00+00', 'main', 'main', '2026-11-24', 118, 67410, 1, 655),
	('2026-11-24 10:49:00+00', 'main', 'main', '2026-11-24', 50, 25530, 0, 0);


--
-- Data for Name: port_minute_20261125; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261126; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261127; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261128; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261129; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261130; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: port_minute_20261201; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: pps_carried; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: pps_credit; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: pps_head; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: pps_period; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: pps_release; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: pps_switch; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: producer; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.producer VALUES
	('\xb7c3d514dfbe774d8a0b4940478c059c', 'main', 'main', 76, '\xd37b84894198b3178e0706998965b39637f4ff4dc3bcc5abdfb8915760e4a6e4', '2026-11-24 10:47:44.401421+00', '2026-11-24 10:49:11.864964+00');


--
-- Data for Name: reject_minute_20261123; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: reject_minute_20261124; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.reject_minute_20261124 VALUES
	('2026-11-24 10:48:00+00', 'main', 'main', 'stale', '2026-11-24', 1, 655);


--
-- Data for Name: reject_minute_20261125; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: reject_minute_20261126; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: reject_minute_20261127; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: reject_minute_20261128; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: reject_minute_20261129; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: reject_minute_20261130; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: reject_minute_20261201; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_batch_20261124; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.share_batch_20261124 VALUES
	('main', 1, '2026-11-24', '2026-11-24 10:47:44.401421+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 1, '\xd312782b2f811d9433f5c3ee126dee1b07dbe902f50f38d8125d33c34ea658fc', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000011df1f4514000000000208ee4ace9a0342a060a04524c5443', '{"RLTC": "2620"}', 2, 4),
	('main', 2, '2026-11-24', '2026-11-24 10:47:44.53431+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 2, '\x95a8ee991aaa556b852b16be2b428d285422a9427aec0c5935bee7c8fd880624', '\x0a046d61696e20ace4ace9a034', '{}', 0, 0),
	('main', 3, '2026-11-24', '2026-11-24 10:47:44.890485+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 3, '\x9faff4cbef98de704e587440617c7fafe7fe213aafeb7baad27d16462cc70ba0', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f0000000000000000121000000000000000bea14d8b800000000020f8e7ace9a0342a060a04524c5443', '{"RLTC": "1310"}', 1, 2),
	('main', 4, '2026-11-24', '2026-11-24 10:47:46.419226+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 4, '\xfbcd416882218b2d94c85466f80986c3b412dcd81c5c1b6d1e1aed94d2c541b6', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e00000000000000001210000000000000017d429b170000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000ccb280532240a1000000000000006658000000000000000121000000000000001dc9341dcc00000000020edf3ace9a0342a060a04524c5443', '{"RLTC": "5895"}', 2, 9),
	('main', 5, '2026-11-24', '2026-11-24 10:47:47.696698+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 5, '\xb9c82a0ad3f403274b55283e8854fae056ea47b39ae6fc1ec71ac8a7ba9c63e2', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f0000000000000000121000000000000000bea14d8b800000000020eafdace9a0342a060a04524c5443', '{"RLTC": "1965"}', 2, 3),
	('main', 6, '2026-11-24', '2026-11-24 10:47:49.699658+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 6, '\x74591e3bafaa39132060c2022c5dccf6edabd347b190b8a8d843f96bdaabd8e7', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000ccb280532240a1000000000000006658000000000000000121000000000000001dc9341dcc00000000020bb8dade9a0342a060a04524c5443', '{"RLTC": "3930"}', 2, 6),
	('main', 7, '2026-11-24', '2026-11-24 10:47:51.696091+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 7, '\x34d59e16b92a2ec3bf47ee8290fb392a1a0e31fece0abe4bb58e487962f10292', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f0000000000000000121000000000000000bea14d8b8000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f0000000000000000121000000000000000bea14d8b8000000000208c9dade9a0342a060a04524c5443', '{"RLTC": "2620"}', 2, 4),
	('main', 8, '2026-11-24', '2026-11-24 10:47:52.231624+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 8, '\xcb19639c5b1d7631bb389f0187711598d39e543fc65d12872d616c1b196cfab3', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c00000000020a4a1ade9a0342a060a04524c5443', '{"RLTC": "1310"}', 2, 2),
	('main', 9, '2026-11-24', '2026-11-24 10:47:52.413154+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 9, '\xaafcaef247a668e9e37a1a21995ddfd4cb68a8f4d664173f444b7529a69305d5', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f0000000000000000121000000000000000bea14d8b800000000020d9a2ade9a0342a060a04524c5443', '{"RLTC": "1310"}', 1, 2),
	('main', 10, '2026-11-24', '2026-11-24 10:47:53.112095+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 10, '\x802fe70bbb491fc4fd72c77a033c9b3923a8212786f5816f6ab62124d68a8d9f', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c0000000002093a8ade9a0342a060a04524c5443', '{"RLTC": "1310"}', 2, 2),
	('main', 11, '2026-11-24', '2026-11-24 10:47:53.616765+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 11, '\xc3779ca564b43c8ec9b4cbbc4c7bbe641022f993eac953824296058cef90e3c3', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000208dacade9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 12, '2026-11-24', '2026-11-24 10:47:54.321771+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 12, '\x3c03d5783842ea7136388c95d2490b52fac915eb8febe3f8a16528d824b24099', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c00000000020ccb1ade9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 13, '2026-11-24', '2026-11-24 10:47:54.815452+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 13, '\xa1b9f5dd92da44ce47e0f7991a3520448449850af207089f925dd783f933ddd7', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c00000000020b8b5ade9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 14, '2026-11-24', '2026-11-24 10:47:56.809252+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 14, '\x63f933db4c75cc7386dc7517a3769994e615d45e05003376e1daf994963bcd78', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000f5a280632240a1000000000000007ad00000000000000001210000000000000023be60bd582000000002087c5ade9a0342a060a04524c5443', '{"RLTC": "3930"}', 1, 6),
	('main', 15, '2026-11-24', '2026-11-24 10:47:56.839585+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 15, '\xa2e909cdc8d779f4b23cd7f008abba938f07e058711ac3baaac9f548468c9cc5', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f515d2c160000000020a4c5ade9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 16, '2026-11-24', '2026-11-24 10:47:57.61963+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 16, '\x64cc3e5c1bf0cce6e25796118bb3047733db9d57cafde591b1d6cfce4045c5a4', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f0000000000000000121000000000000000bea14d8b8000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000011df1f451400000000020b0cbade9a0342a060a04524c5443', '{"RLTC": "3275"}', 2, 5),
	('main', 17, '2026-11-24', '2026-11-24 10:47:57.97349+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 17, '\xa409080952446aaf4727fca44f95890f1edc4db7bb28c952fa71c9a6f33fd842', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000208dceade9a0342a060a04524c5443', '{"RLTC": "1310"}', 2, 2),
	('main', 18, '2026-11-24', '2026-11-24 10:47:58.332517+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 18, '\x7b7d4774212b7a7bfc7832fe32033b8af129a77c3cc3b8001e5973d4969ca27e', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000011df1f451400000000020f8d0ade9a0342a060a04524c5443', '{"RLTC": "1965"}', 1, 3),
	('main', 19, '2026-11-24', '2026-11-24 10:47:58.416405+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 19, '\x016a9115f6f3084ec4c0865d7ec3615346d775dc5702061c060e903ae48ca142', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c00000000020cbd1ade9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 20, '2026-11-24', '2026-11-24 10:47:58.860658+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 20, '\xcb3f477348d07e62cec5c19cb2e5e72b2ca95c3da889d0fc87c98c4619cf4c17', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c0000000002087d5ade9a0342a060a04524c5443', '{"RLTC": "1310"}', 2, 2),
	('main', 21, '2026-11-24', '2026-11-24 10:48:00.859398+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 21, '\xe3ade3425ca3de5fde9b322d262e0f18d89ee6400839edfd1307f6c017e34e8f', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f0000000000000000121000000000000000bea14d8b8000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000011df1f451400000000020d8e4ade9a0342a060a04524c5443', '{"RLTC": "3275"}', 2, 5),
	('main', 22, '2026-11-24', '2026-11-24 10:48:02.864111+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 22, '\xe70438526d141ea3656da19eed63c2f3b2aacda2425ac5b4ce7d79a73ce468b0', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000ccb280532240a1000000000000006658000000000000000121000000000000001dc9341dcc00000000020aaf4ade9a0342a060a04524c5443', '{"RLTC": "3275"}', 1, 5),
	('main', 23, '2026-11-24', '2026-11-24 10:48:04.217378+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 23, '\x2c10b6942bbb74735e6f0087a222819e779e938d4c4aee35c952f98b877502c3', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000011df1f4514000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000005f50a6c5c00000000020f3feade9a0342a060a04524c5443', '{"RLTC": "2620"}', 2, 4),
	('main', 24, '2026-11-24', '2026-11-24 10:48:05.584953+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 24, '\x42b1dddefb41b90226e2a83c586fd574f6d45a96189513b6eddf41b80f3451a8', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020cf89aee9a0342a060a04524c5443', '{"RLTC": "1310"}', 1, 2),
	('main', 25, '2026-11-24', '2026-11-24 10:48:07.58593+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 25, '\x42aeda242fabe98700d9abd901d3d38810d089bbc4d07f3aeff416da2a28ba35', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000209f99aee9a0342a060a04524c5443', '{"RLTC": "1310"}', 2, 2),
	('main', 60, '2026-11-24', '2026-11-24 10:49:01.126086+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 60, '\x29fd24b8333fe408c617464237cc0129a9ed0d09e2dbb017df99ea8cc7218c03', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e0000000000000000121000000000000000bea14d8b8000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec00000000020c1bbb1e9a0342a060a04524c5443', '{"RLTC": "3170"}', 2, 6),
	('main', 61, '2026-11-24', '2026-11-24 10:49:02.862903+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 61, '\x7a0ec3e2c3cc453aa555d881b81ff38dca20defe56c07833864b694a7d28fedd', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000339280332240a10000000000000019c80000000000000001210000000000000003c06d28e2000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000ccb280532240a1000000000000006658000000000000000121000000000000000ee49a0ee60000000002088c9b1e9a0342a060a04524c5443', '{"RLTC": "4100"}', 2, 8),
	('main', 64, '2026-11-24', '2026-11-24 10:49:05.584289+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 64, '\xf7edca154a3daf78baabf82b7a36e513310c3939be3670f57125d366a06a6b9c', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f600000000020a7deb1e9a0342a060a04524c5443', '{"RLTC": "1585"}', 2, 3),
	('main', 65, '2026-11-24', '2026-11-24 10:49:05.827819+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 65, '\x6992a1712085e94cf02023ab337a2ce244034ad1e8cb9a45e2f69f82f96a30b4', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000209de0b1e9a0342a060a04524c5443', '{"RLTC": "275"}', 1, 1),
	('main', 66, '2026-11-24', '2026-11-24 10:49:06.135585+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 66, '\x9cff678ca0c84034eb6fbcbeab906dd945a7791052906faf65b77d6bf4179f0f', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f600000000020cee2b1e9a0342a060a04524c5443', '{"RLTC": "930"}', 2, 2),
	('main', 26, '2026-11-24', '2026-11-24 10:48:08.291968+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 26, '\x9c63c76abe9165946774a88d6e2b2b7234f361945ff42600526fabafb8344bdf', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020df9eaee9a0342a060a04524c5443', '{"RLTC": "1310"}', 1, 2),
	('main', 54, '2026-11-24', '2026-11-24 10:48:56.646728+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 54, '\x41947d9b3705d3b19dfc20950cc74c3e874f53a22af713ac54b5124dea783797', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e00000000020b798b1e9a0342a060a04524c5443', '{"RLTC": "1205"}', 2, 3),
	('main', 55, '2026-11-24', '2026-11-24 10:48:56.822949+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 55, '\x1b3a1f99867b8cdaa0903972d0186ebd37d61f320e3a330bad9bfb830989057e', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e00000000020f399b1e9a0342a060a04524c5443', '{"RLTC": "930"}', 2, 2),
	('main', 57, '2026-11-24', '2026-11-24 10:48:58.421953+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 57, '\xf2b5c0feec5149cec29899cce45d5383bcfaae560aa10f955448379ebe32c344', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e0000000000000000121000000000000000bea14d8b800000000020b3a6b1e9a0342a060a04524c5443', '{"RLTC": "2620"}', 1, 4),
	('main', 62, '2026-11-24', '2026-11-24 10:49:04.013487+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 62, '\x2c371ea8ad0cb1e2a0ddcc11a75a29a4d3c4576999cc2db2fe69eee6434b3e95', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e0000000000000000121000000000000000bea14d8b8000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec0000000002087d2b1e9a0342a060a04524c5443', '{"RLTC": "3170"}', 2, 6),
	('main', 27, '2026-11-24', '2026-11-24 10:48:08.415473+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 27, '\x82938e1428903a286da31d91aa9934847c38e036b8eda9527ae879663399914f', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e00000000020db9faee9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 36, '2026-11-24', '2026-11-24 10:48:35.503656+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 36, '\x620ab0072d07061ece180d39dd4ee07f29fd0028ff40b8ae88d0f350e87a166d', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000008ef8fa28a00000000020adf3afe9a0342a060a04524c5443', '{"RLTC": "1965"}', 1, 3),
	('main', 49, '2026-11-24', '2026-11-24 10:48:50.937505+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 49, '\x9d68f1b1a592891bcc523a8209e970c203b3f27ee45031691dffe027336049e5', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec00000000020f2ebb0e9a0342a060a04524c5443', '{"RLTC": "1860"}', 2, 4),
	('main', 52, '2026-11-24', '2026-11-24 10:48:54.178567+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 52, '\xfde482e3c088e4bf556e8d86883b194e572cf01b35f5a4060247a86ed689d0f6', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e0000000000000000121000000000000000bea14d8b8000000000209f85b1e9a0342a060a04524c5443', '{"RLTC": "2895"}', 2, 5),
	('main', 28, '2026-11-24', '2026-11-24 10:48:28.42588+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 28, '\x8115fa32fcf9b44610347ca49b726190a4c2caa8b7b0daa59cb5e86ef406c134', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000008ef8fa28a0000000002084bcafe9a0342a060a04524c5443', '{"RLTC": "3275"}', 2, 5),
	('main', 29, '2026-11-24', '2026-11-24 10:48:28.743976+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 29, '\x812372536a7e0194675c0e87b7dba4dd63c5d175678dd2a52a20810af9b1bdd8', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020bfbeafe9a0342a060a04524c5443', '{"RLTC": "1310"}', 1, 2),
	('main', 30, '2026-11-24', '2026-11-24 10:48:29.385256+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 30, '\x05077a72aab6476903d2a5f69ec4303763b07b907864b65842e1c2d0a627b7c7', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e0000000000000000121000000000000000bea14d8b800000000020b8c3afe9a0342a060a04524c5443', '{"RLTC": "2620"}', 1, 4),
	('main', 31, '2026-11-24', '2026-11-24 10:48:30.127407+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 31, '\xe34ecad6a4d06202643868c11786cbdab6041dad166d99fa93b04e0531482cba', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e00000000020a9c9afe9a0342a060a04524c5443', '{"RLTC": "1310"}', 2, 2),
	('main', 32, '2026-11-24', '2026-11-24 10:48:30.591517+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 32, '\xcff99127a974c6b6a0c0249977ee6b6c229df19c13c7abb7f0d8cb0b173b262f', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e00000000020faccafe9a0342a060a04524c5443', '{"RLTC": "1310"}', 2, 2),
	('main', 33, '2026-11-24', '2026-11-24 10:48:30.733369+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 33, '\xd79152ebe436d28cfa0bb83f37cdab25e7f5ae9c2ea47dffa2981be674de493c', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e0000000002087ceafe9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 37, '2026-11-24', '2026-11-24 10:48:37.513285+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 37, '\x835b58f242595114b58de9859bce3ac6493eb1c91d97f57cdb839d735917be84', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000208383b0e9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 38, '2026-11-24', '2026-11-24 10:48:39.029804+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 38, '\x91e37224d9e397b57b7d41f9be90c17e5c12f67060a23fac5fd0a2f74e47307e', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e0000000000000000121000000000000000bea14d8b800000000020f48eb0e9a0342a060a04524c5443', '{"RLTC": "3930"}', 2, 6),
	('main', 39, '2026-11-24', '2026-11-24 10:48:40.471009+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 39, '\xa41d6b338fa77a5766354cd93d2d88af9c2ec4a08f4c8706a3b6a0c1eaab3708', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000a3c280432240a10000000000000051e0000000000000000121000000000000000bea14d8b800000000020809ab0e9a0342a060a04524c5443', '{"RLTC": "3170"}', 2, 6),
	('main', 44, '2026-11-24', '2026-11-24 10:48:44.252984+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 44, '\x5c65d09611555a35d061323722dbae1afbae165b245845177bbb623d5354c52f', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e00000000020d0b7b0e9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 45, '2026-11-24', '2026-11-24 10:48:44.494077+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 45, '\x55b6d288090869dd8013bdd5fb0ec666ae10de74077ab90c179c9cb0bb6400c6', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020b8b9b0e9a0342a060a04524c5443', '{"RLTC": "1310"}', 1, 2),
	('main', 50, '2026-11-24', '2026-11-24 10:48:51.63488+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 50, '\x473b840e13749257f5ea21651fcbe3e935c738d95fcad062f0f0c972f6c521f5', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000339280332240a10000000000000019c80000000000000001210000000000000003c06d28e2000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000209bf1b0e9a0342a060a04524c5443', '{"RLTC": "1480"}', 2, 4),
	('main', 56, '2026-11-24', '2026-11-24 10:48:57.845914+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 56, '\x9d8c2ffa41943ece7ab913b8e800299105bfa35168cc659d73b91d0070474900', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020f0a1b1e9a0342a060a04524c5443', '{"RLTC": "1860"}', 2, 4),
	('main', 59, '2026-11-24', '2026-11-24 10:48:59.120412+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 59, '\xc8ea6b5c329f091e2135034956123ff4ca96065e53de696728f2dc768644b9e1', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f600000000020ebabb1e9a0342a060a04524c5443', '{"RLTC": "930"}', 2, 2),
	('main', 67, '2026-11-24', '2026-11-24 10:49:07.048924+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 67, '\x77bafab3ac7bf42e7af29d18ec479cf48e197bead1199310d2c715934b588d42', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec00000000020e6e9b1e9a0342a060a04524c5443', '{"RLTC": "1860"}', 2, 4),
	('main', 34, '2026-11-24', '2026-11-24 10:48:32.732534+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 34, '\xeb90a71c68d27881286de957276d88987b4f725caa02e73eed11c2a8683bedcc', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000008ef8fa28a00000000020d7ddafe9a0342a060a04524c5443', '{"RLTC": "1965"}', 1, 3),
	('main', 35, '2026-11-24', '2026-11-24 10:48:34.742385+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 35, '\xd9f380efda3be7d4980bbf55cd193eb03046b27049dc47bdf66ca02b6b34caf9', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020a8edafe9a0342a060a04524c5443', '{"RLTC": "2620"}', 2, 4),
	('main', 40, '2026-11-24', '2026-11-24 10:48:41.701062+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 40, '\xf7dba29d27420bc27d447a532b67952038afc47b7f8fdf36abbd29227a467bfe', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000008ef8fa28a0000000001a4f0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f1a057374616c6520012a100000000000000000000000000000028f20d4a3b0e9a0342a060a04524c5443', '{"RLTC": "2240"}', 2, 4),
	('main', 41, '2026-11-24', '2026-11-24 10:48:41.853621+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 41, '\x696201dbe06e6d0ff0b4c4133018ac552f10391a0dfa6fca0b537ecf5c0cf78e', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f600000000020f0a4b0e9a0342a060a04524c5443', '{"RLTC": "275"}', 1, 1),
	('main', 42, '2026-11-24', '2026-11-24 10:48:43.714497+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 42, '\xc5c9ccb4ec086e6e59f2114b5d9e90ded4e89726f513a9acac0ad68429693fd9', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020adb3b0e9a0342a060a04524c5443', '{"RLTC": "1585"}', 2, 3),
	('main', 43, '2026-11-24', '2026-11-24 10:48:44.079984+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 43, '\x9aef20e7ceb8c8b2a25f8e2817d5375e413f5982cb5ab3f3be5dc8cf6beaf4bd', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f60000000002092b6b0e9a0342a060a04524c5443', '{"RLTC": "930"}', 2, 2),
	('main', 46, '2026-11-24', '2026-11-24 10:48:45.963769+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 46, '\xbba2e4f85dcd4c75e537a8da044698198e037ca06bec352412009f5a3c8f5f22', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c0000000002086c5b0e9a0342a060a04524c5443', '{"RLTC": "1860"}', 2, 4),
	('main', 47, '2026-11-24', '2026-11-24 10:48:47.733648+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 47, '\x3a2d4fb689922f491c53f7f0d0a137bb2d16ca8a226d9053c27d416fb77bfaa2', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f221000000000000000000000000000000ccb280532240a1000000000000006658000000000000000121000000000000000ee49a0ee600000000020f0d2b0e9a0342a060a04524c5443', '{"RLTC": "3275"}', 1, 5),
	('main', 48, '2026-11-24', '2026-11-24 10:48:48.936214+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 48, '\x7ea80f34477eb183c5000b6df864ded49a410cb591273594e70d1d7c46916f86', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec00000000020a4dcb0e9a0342a060a04524c5443', '{"RLTC": "550"}', 1, 2),
	('main', 51, '2026-11-24', '2026-11-24 10:48:52.828533+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 51, '\x5fafcad8cc57778121294ba749d57d427adeaf0112b89c649489707fdeb6a5e2', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec00000000020befab0e9a0342a060a04524c5443', '{"RLTC": "1205"}', 2, 3),
	('main', 53, '2026-11-24', '2026-11-24 10:48:54.6406+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 53, '\x35ebaecb878eec57b0669842e5aa330c48131ca915a3a0abb2545867d23fc6df', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f600000000020e788b1e9a0342a060a04524c5443', '{"RLTC": "275"}', 1, 1),
	('main', 58, '2026-11-24', '2026-11-24 10:48:58.777228+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 58, '\x532f5e6e219b02140df8ff476fb5327e2738799480d77c2b8352dce315031127', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f60000000002096a9b1e9a0342a060a04524c5443', '{"RLTC": "930"}', 2, 2),
	('main', 63, '2026-11-24', '2026-11-24 10:49:05.125476+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 63, '\x2e51e2796a2751c8445952139f835eaef9cc82c75a69d22ba7482e490edaa9d0', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000008ef8fa28a00000000020e3dab1e9a0342a060a04524c5443', '{"RLTC": "2240"}', 2, 4),
	('main', 68, '2026-11-24', '2026-11-24 10:49:07.378692+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 68, '\x85935de6868f06fd48c17a1e2126573e5b5282a718c7410d30c0ed8204121590', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e0000000002093ecb1e9a0342a060a04524c5443', '{"RLTC": "930"}', 2, 2),
	('main', 69, '2026-11-24', '2026-11-24 10:49:08.064543+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 69, '\x7fc0d19f39d3de99039d43026ac35bb947cd59d78e5115a07e698eb1631191ff', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e00000000020dbf1b1e9a0342a060a04524c5443', '{"RLTC": "655"}', 1, 1),
	('main', 70, '2026-11-24', '2026-11-24 10:49:08.166126+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 70, '\xbdca2d14e240fd1db443610e2a9fe8ece3b636853f5a696d792239dbdf1104f5', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020c1f2b1e9a0342a060a04524c5443', '{"RLTC": "1310"}', 1, 2),
	('main', 71, '2026-11-24', '2026-11-24 10:49:08.433137+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 71, '\xb3023283ca48b8f71420fae2ca437aba685dd4fc3ccb0bfef08aeaf0fdb974bb', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000028f280132240a10000000000000014780000000000000001210000000000000002fa85362e000000000126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f600000000020caf4b1e9a0342a060a04524c5443', '{"RLTC": "930"}', 2, 2),
	('main', 72, '2026-11-24', '2026-11-24 10:49:08.768441+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 72, '\xb6626ce706b418c918a024690cb7c2f6e6820220684bcb5ac7a40139ccee5c07', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f60000000002099f7b1e9a0342a060a04524c5443', '{"RLTC": "275"}', 1, 1),
	('main', 73, '2026-11-24', '2026-11-24 10:49:09.761529+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 73, '\x0b9e5d592dc175a00c2969f8be56a6711b880318e5dc59d0e5be367211b48df2', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000113280132240a10000000000000008980000000000000001210000000000000001402462f6000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f22100000000000000000000000000000051e280232240a10000000000000028f00000000000000001210000000000000005f50a6c5c00000000020f2feb1e9a0342a060a04524c5443', '{"RLTC": "1585"}', 2, 3),
	('main', 74, '2026-11-24', '2026-11-24 10:49:11.368076+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 74, '\xdd0ec80d786a4ba5f7d369a6452347c1b17151d5ca041de48ebd7c0f10520ebb', '\x0a046d61696e126e0a2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068120464656d6f221000000000000000000000000000000226280232240a100000000000000113000000000000000012100000000000000028048c5ec000000000126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000008ef8fa28a00000000020c38bb2e9a0342a060a04524c5443', '{"RLTC": "2515"}', 2, 5),
	('main', 75, '2026-11-24', '2026-11-24 10:49:11.864964+00', '\xb7c3d514dfbe774d8a0b4940478c059c', 75, '\xd37b84894198b3178e0706998965b39637f4ff4dc3bcc5abdfb8915760e4a6e4', '\x0a046d61696e126e0a2c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661120464656d6f2210000000000000000000000000000007ad280332240a1000000000000003d680000000000000001210000000000000008ef8fa28a00000000020b08fb2e9a0342a060a04524c5443', '{"RLTC": "1965"}', 1, 3);


--
-- Data for Name: share_batch_20261125; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_batch_20261126; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_batch_20261127; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_batch_20261128; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_batch_20261129; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_batch_20261130; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_batch_20261201; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: share_chunk; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.share_chunk VALUES
	('main', 1, 0, 32, '{"RLTC": "60915"}', '\x010104524c5443022c726c7463317161397378363834796c7239706e346464366e3274357163366e7677383866676468397278666101000299843c2c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068010002546f21', '\x010a4cc200000000000000000a135c64b9c458000000000a2a3780000000000000000a0b2b738b2c8000000000', '\x30ace3ca034feb79deb12d5e08f8bf55c94ef939f575cd5fb952f20584f374b5', '2026-11-24 10:48:31.632051+00'),
	('main', 1, 1, 64, '{"RLTC": "58095"}', '\x010104524c5443022c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661010002b31a462c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d7130680100022fd527', '\x010a598d00000000000000000a0d0806cd0940000000000a17ea80000000000000000a037af0e605a000000000', '\x4e0cfdb4dda19624853d840c63e3faa597cc1b08523ecc036736995d236664a9', '2026-11-24 10:49:05.63811+00');


--
-- Data for Name: share_currency; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.share_currency VALUES
	('main', 'RLTC', 1, 2);


--
-- Data for Name: share_keep; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.share_keep VALUES
	('main', 1);


--
-- Data for Name: sharechain_head; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.sharechain_head VALUES
	('main', 75, '2026-11-24 10:47:37.734396+00');


--
-- Data for Name: signer_message; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.signer_message VALUES
	('RLTC', '\x33151b4f44526be1f8e2e9a636607bd44a227a59db334a8f976792f3bb8a8855', '2026-11-24 10:48:13.072346+00', '\x7b22666f726d6174223a20312c202263757272656e6379223a2022524c5443222c202267656e657369735f68617368223a202235333038323766333866393362343365643132616630623361643235613238386463303265643734643664373835373836326466353166633536633431366639222c20226e756d626572223a20312c202276657273696f6e223a20312c2022706f736974696f6e223a207b227061796f7574223a20312c202273746174656d656e7473223a205b7b227368617265636861696e223a20226d61696e222c20226166746572223a2031387d5d7d2c20226f7574636f6d65223a207b227369676e6564223a207b2274786964223a202236333330366435346134623137623362653664336636653635613431373333653735363934333161656265383138306363633461323930616461373530393033222c20227472616e73616374696f6e223a2022303230303030303030303031313239326230343539623331373136353532663061623930383762623431306665343262343163613739643861326637633265613334373435636430323866326232303030303030303030306665666666666666626334656665343831303030323131633137646338626635343234373130633334626334353330383437343532653864393862393730613964306432656636623030303030303030303066656666666666663130613862396337353534636331306336643232386532313233636133663832643264626437663234383865613066623136643861636530373266393136333230303030303030303030666566666666666632303731386339316630313864356530383163353261366239326131353264303134643066613333626335323462316663356538633032316235323839666663303030303030303030306665666666666666323336643933643231633639616164343636316262346536633961336230643437653139393133366437343935393061336536633235623531633338623133353030303030303030303066656666666666663436626364323061373665636436623465616332303665666664323736343232303732383436633333383634613139666464623836313237376263393064626130303030303030303030666566666666666634656135316432356237336264353937323764396365623534656262316130633161663131613561333935313362343234386465656231653832353165343663303030303030303030306665666666666666353061383932316533313739373466386339653837376135356331393639363766383635393430313965653535666439643765373336303566356165646134323030303030303030303066656666666666663765643739613263616233656136386237373939326139613830323764343538316665623537383662323733663663353337326562336163666137353837333030303030303030303030666566666666666639346232373636653231623865356335353732643964333866616533386531326431343832303161643566336338636634373737303539653035373739353663303030303030303030306665666666666666613433663737346534386132316662373633373763636264633962393261623032646366613832636232386165386361656431343064363039636132313536633030303030303030303066656666666666666138653936623732366530653838366234313964656636343632343033386565323130333063323635653833643535653833373438356337353639613439343130303030303030303030666566666666666661633462363836616235643237393061393862616235623363383730343335343233623966373933383861303935396430383336383862653865333565356266303030303030303030306665666666666666616364366432666666653961323866333862363730306634373338643039653536663537643332393935313835333466343633303563663434373662376132333030303030303030303066656666666666666263303232396538626262616231383031306563383162653663313734666234616431626639656231336464623435306265326664323361306666363339626130303030303030303030666566666666666665643364323263306632653036383337363531373961663236346234323066623136333732616433356239363234343232396563356634653565303863376165303030303030303030306665666666666666663966336535376332343665356361313839356637336335343063333761646231353164333938373339663333616166363731353465373636656464316265383030303030303030303066656666666666666663613939353037643863383466333739663662393432623039343439613639316165663630373861386130316566656331336533646631623661626230613830303030303030303030666566666666666630336530386262323937303230303030303031363030313465393630366431656134663863613139643561646434643462613033316139623163373361353064303738386666393730323030303030303136303031343336356234386664303035343935373131636662306635656166396238366262633064663030383863643037363930643030303030303030313630303134346433326563636435303761356562643064333962656431343033303839376362376662303863303032343733303434303232303039383630313264656265656166666333396261373863313739353964633834653361313162333766613133303530386134363964306139663131333463613730323230323564366539393235633538646231353336306233366533646162313931626464376461653461373034363835393630306563323363653435613630353965623031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323034326361653931303431323761626462313765663131323531323736336265633238393638383934376261653563663134323162333165303565303733323464303232303563653963363635343962613532323430653762343433346566313961326331356266613534623830306535323865336430303334363264653932396437373630313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230323434316163373163653431383434313763333461393839383236366635656563626464663762613838646565653931346465376139633539323938346333333032323033643561373036366334316234356564653664343236313037656565633833353037663565373939623836363135353131613666623861666162396436666237303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303230633735336164306635306134326336363833346265653534643732663263633230613537386532336263656432663734336136643532616166376263656430323230366632626636336331376233363435356433643863383162326439313061383062633334303638316630643730636363613635316262616535626632316434323031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323030623064623938613331396334376333646361613064353264383532363865356635363362663663626636646633336234613232393331316638623961386138303232303338656333303535666563356662626431306365373136383161366361393030626635653161663033623861356436666333303230313034303036373732613830313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230303061333931356630333837363965633666393336653366373933623561393561363938616434316663393138326332663836613130656135353861313333323032323037366336313433393566316334643164636430656436383934643531376162356662366261316233366266356633663038333033636561346232613735383666303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303332303438373265613830393730326536323964393963306665646632623137313730383465323963316235613761353733326234343564373861303765363230323230353737303166343664353538666634366137353330363936343235646532366666303666343835366130336364326538343837343437396234626635303863613031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323036623262393330663133343066356631633131303931656666343134646664653965376361376164663630616538623332616533613066396336306335313934303232303239613466333337643034386561363530653864356466373630303132643062343831613133633566353833383966646530643039613164663737313966303230313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230353633363031316262656564653830363132333466303763653930616536353533376439626331323838303965346561363335643933633161303861616231613032323032653266373330643136633634323730363164356564353031323163636362623230393438376336303266303237623466353564356532353038393334623437303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303165666134383039616330346430393231346530653566646531633731633162656636386334633430633761366164356138336164353736353439346437383830323230313466393133623131363362336266326639356266643330613538353762376462366534383530313336326562616232323231383166323038653566376637653031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323031376466313632303631353237353063326435623933313839353735663562303436326365343632663062323637346230643364643563633066376265306130303232303266386662353834613163393465656563323164313261616333333334396465633766333038646563386336623764333132313864393964626230653731626630313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230373765303232386534393037326366613836386366303931613238353033323334363036383964353833373239396665623431646361336130313461376430303032323036366164663034313833333464656232393331373736386562393761393837386363643935633035663535663334363338626630333437306139646566303631303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303539373861623730656233643733373232623662646338626264346361316266656534376130643736353532343138333233333637353134333238373065326430323230346333313032316633643339386639366630306133353630306661626132656561376530663637373537646362343232326231353837343232333433643930393031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323036316537366433656438323563653761303839623630353966626564633036666437326339383830343130343734323832303235343938636564323632393833303232303633393138386463643434373138343032306336643261363862343632646337666661343264396634306566393531333330323865326464383835616632383030313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230316238303933326236633564616464613437623935646531343261363563346538343334653239663963336638333562616661626632646364386636316130303032323031636135306265306139653635666635353764333734393961636436306434303431666162353966613331316431393938343737626365653263323733346262303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303238393032313934663562653136373232383630386264336236383635343963643330653833616437343631633965663763303134373633653835663535303530323230303836386163386634386131363837383739376662666331336365386633346436383338316366613338653562303865633565636365393763663137623637613031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323033393730616338326235356366663839306661626666333761326639336565653461613333313133353162613733316565313136656536313633343533336261303232303363353265613061396561643030633661346363373133643332313963353161303639356161363061313137313935303331326463373339366366386531316430313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230373135383039373736363161333239376266666166386666623333656133633061396137643538316565636538383031633331353238616661333361646531303032323034643332333330313232353435643331366233386138613036386438353466666462643764346661616163393264383164663663373637613238633364366263303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303030303030303030222c2022616761696e223a2066616c73657d7d7d', '2026-11-24 10:48:17.597695+00', 'version 1 of payout 1 is signed'),
	('RLTC', '\x529e9021100efed735333c3570e8fce6d89aec15b1bd040af7cc47f3bf39f9d6', '2026-11-24 10:48:14.098291+00', '\x7b22666f726d6174223a20312c202263757272656e6379223a2022524c5443222c202267656e657369735f68617368223a202235333038323766333866393362343365643132616630623361643235613238386463303265643734643664373835373836326466353166633536633431366639222c20226e756d626572223a20312c202276657273696f6e223a20312c2022706f736974696f6e223a207b227061796f7574223a20312c202273746174656d656e7473223a205b7b227368617265636861696e223a20226d61696e222c20226166746572223a2031387d5d7d2c20226f7574636f6d65223a207b227369676e6564223a207b2274786964223a202236333330366435346134623137623362653664336636653635613431373333653735363934333161656265383138306363633461323930616461373530393033222c20227472616e73616374696f6e223a2022303230303030303030303031313239326230343539623331373136353532663061623930383762623431306665343262343163613739643861326637633265613334373435636430323866326232303030303030303030306665666666666666626334656665343831303030323131633137646338626635343234373130633334626334353330383437343532653864393862393730613964306432656636623030303030303030303066656666666666663130613862396337353534636331306336643232386532313233636133663832643264626437663234383865613066623136643861636530373266393136333230303030303030303030666566666666666632303731386339316630313864356530383163353261366239326131353264303134643066613333626335323462316663356538633032316235323839666663303030303030303030306665666666666666323336643933643231633639616164343636316262346536633961336230643437653139393133366437343935393061336536633235623531633338623133353030303030303030303066656666666666663436626364323061373665636436623465616332303665666664323736343232303732383436633333383634613139666464623836313237376263393064626130303030303030303030666566666666666634656135316432356237336264353937323764396365623534656262316130633161663131613561333935313362343234386465656231653832353165343663303030303030303030306665666666666666353061383932316533313739373466386339653837376135356331393639363766383635393430313965653535666439643765373336303566356165646134323030303030303030303066656666666666663765643739613263616233656136386237373939326139613830323764343538316665623537383662323733663663353337326562336163666137353837333030303030303030303030666566666666666639346232373636653231623865356335353732643964333866616533386531326431343832303161643566336338636634373737303539653035373739353663303030303030303030306665666666666666613433663737346534386132316662373633373763636264633962393261623032646366613832636232386165386361656431343064363039636132313536633030303030303030303066656666666666666138653936623732366530653838366234313964656636343632343033386565323130333063323635653833643535653833373438356337353639613439343130303030303030303030666566666666666661633462363836616235643237393061393862616235623363383730343335343233623966373933383861303935396430383336383862653865333565356266303030303030303030306665666666666666616364366432666666653961323866333862363730306634373338643039653536663537643332393935313835333466343633303563663434373662376132333030303030303030303066656666666666666263303232396538626262616231383031306563383162653663313734666234616431626639656231336464623435306265326664323361306666363339626130303030303030303030666566666666666665643364323263306632653036383337363531373961663236346234323066623136333732616433356239363234343232396563356634653565303863376165303030303030303030306665666666666666663966336535376332343665356361313839356637336335343063333761646231353164333938373339663333616166363731353465373636656464316265383030303030303030303066656666666666666663613939353037643863383466333739663662393432623039343439613639316165663630373861386130316566656331336533646631623661626230613830303030303030303030666566666666666630336530386262323937303230303030303031363030313465393630366431656134663863613139643561646434643462613033316139623163373361353064303738386666393730323030303030303136303031343336356234386664303035343935373131636662306635656166396238366262633064663030383863643037363930643030303030303030313630303134346433326563636435303761356562643064333962656431343033303839376362376662303863303032343733303434303232303039383630313264656265656166666333396261373863313739353964633834653361313162333766613133303530386134363964306139663131333463613730323230323564366539393235633538646231353336306233366533646162313931626464376461653461373034363835393630306563323363653435613630353965623031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323034326361653931303431323761626462313765663131323531323736336265633238393638383934376261653563663134323162333165303565303733323464303232303563653963363635343962613532323430653762343433346566313961326331356266613534623830306535323865336430303334363264653932396437373630313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230323434316163373163653431383434313763333461393839383236366635656563626464663762613838646565653931346465376139633539323938346333333032323033643561373036366334316234356564653664343236313037656565633833353037663565373939623836363135353131613666623861666162396436666237303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303230633735336164306635306134326336363833346265653534643732663263633230613537386532336263656432663734336136643532616166376263656430323230366632626636336331376233363435356433643863383162326439313061383062633334303638316630643730636363613635316262616535626632316434323031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323030623064623938613331396334376333646361613064353264383532363865356635363362663663626636646633336234613232393331316638623961386138303232303338656333303535666563356662626431306365373136383161366361393030626635653161663033623861356436666333303230313034303036373732613830313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230303061333931356630333837363965633666393336653366373933623561393561363938616434316663393138326332663836613130656135353861313333323032323037366336313433393566316334643164636430656436383934643531376162356662366261316233366266356633663038333033636561346232613735383666303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303332303438373265613830393730326536323964393963306665646632623137313730383465323963316235613761353733326234343564373861303765363230323230353737303166343664353538666634366137353330363936343235646532366666303666343835366130336364326538343837343437396234626635303863613031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323036623262393330663133343066356631633131303931656666343134646664653965376361376164663630616538623332616533613066396336306335313934303232303239613466333337643034386561363530653864356466373630303132643062343831613133633566353833383966646530643039613164663737313966303230313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230353633363031316262656564653830363132333466303763653930616536353533376439626331323838303965346561363335643933633161303861616231613032323032653266373330643136633634323730363164356564353031323163636362623230393438376336303266303237623466353564356532353038393334623437303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303165666134383039616330346430393231346530653566646531633731633162656636386334633430633761366164356138336164353736353439346437383830323230313466393133623131363362336266326639356266643330613538353762376462366534383530313336326562616232323231383166323038653566376637653031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323031376466313632303631353237353063326435623933313839353735663562303436326365343632663062323637346230643364643563633066376265306130303232303266386662353834613163393465656563323164313261616333333334396465633766333038646563386336623764333132313864393964626230653731626630313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230373765303232386534393037326366613836386366303931613238353033323334363036383964353833373239396665623431646361336130313461376430303032323036366164663034313833333464656232393331373736386562393761393837386363643935633035663535663334363338626630333437306139646566303631303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303539373861623730656233643733373232623662646338626264346361316266656534376130643736353532343138333233333637353134333238373065326430323230346333313032316633643339386639366630306133353630306661626132656561376530663637373537646362343232326231353837343232333433643930393031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323036316537366433656438323563653761303839623630353966626564633036666437326339383830343130343734323832303235343938636564323632393833303232303633393138386463643434373138343032306336643261363862343632646337666661343264396634306566393531333330323865326464383835616632383030313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230316238303933326236633564616464613437623935646531343261363563346538343334653239663963336638333562616661626632646364386636316130303032323031636135306265306139653635666635353764333734393961636436306434303431666162353966613331316431393938343737626365653263323733346262303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303032343733303434303232303238393032313934663562653136373232383630386264336236383635343963643330653833616437343631633965663763303134373633653835663535303530323230303836386163386634386131363837383739376662666331336365386633346436383338316366613338653562303865633565636365393763663137623637613031323130333534336331363430333636623566373461626262643137626563613331346538383165343937633339306231663031393465626632653061363633353637323030323437333034343032323033393730616338326235356366663839306661626666333761326639336565653461613333313133353162613733316565313136656536313633343533336261303232303363353265613061396561643030633661346363373133643332313963353161303639356161363061313137313935303331326463373339366366386531316430313231303335343363313634303336366235663734616262626431376265636133313465383831653439376333393062316630313934656266326530613636333536373230303234373330343430323230373135383039373736363161333239376266666166386666623333656133633061396137643538316565636538383031633331353238616661333361646531303032323034643332333330313232353435643331366233386138613036386438353466666462643764346661616163393264383164663663373637613238633364366263303132313033353433633136343033363662356637346162626264313762656361333134653838316534393763333930623166303139346562663265306136363335363732303030303030303030222c2022616761696e223a20747275657d7d7d', '2026-11-24 10:48:17.597695+00', 'version 1 of payout 1 is signed');


--
-- Data for Name: signer_seen; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.signer_seen VALUES
	('RLTC', '2026-11-24 10:48:22.159829+00', '{"payout": 1, "statements": [{"after": 18, "sharechain": "main"}]}', 1);


--
-- Data for Name: solvency; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.solvency VALUES
	('RLTC', '2026-11-24 10:47:42.590102+00', 'clean', '', 420, '\x1095d054e673fd3bc512898d227584ecf7b84f3004f9ccc2d1f8a6e679b5354a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', '[]'),
	('RLTC', '2026-11-24 10:47:47.593803+00', 'clean', '', 425, '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', 5, 6250000000, 6250000000, 0, 0, 6250000000, 0, 0, 0, 0, 0, '{}', '[]'),
	('RLTC', '2026-11-24 10:47:52.591822+00', 'clean', '', 427, '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', 7, 8750000000, 8750000000, 0, 0, 8750000000, 0, 0, 0, 0, 0, '{}', '[]'),
	('RLTC', '2026-11-24 10:47:57.592629+00', 'doubtful', 'the chain of litecoin-a moved while it was looked at; the chain of litecoin-b moved while it was looked at', 433, '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', 13, 16250036500, 16250036500, 0, 0, 16250036500, 0, 0, 0, 0, 0, '{}', '[]'),
	('RLTC', '2026-11-24 10:48:02.593733+00', 'clean', '', 437, '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', 17, 21250036500, 21250036500, 0, 0, 21250036500, 0, 0, 0, 0, 0, '{}', '[]'),
	('RLTC', '2026-11-24 10:48:07.595678+00', 'doubtful', 'the chain of litecoin-a moved while it was looked at; the chain of litecoin-b moved while it was looked at', 540, '\x193e80b9169df175443492fdb9e226f5c5ffdbc36fdaa8cb434dff762373cd54', 20, 23750036500, 24375036500, -625000000, 0, 1875000000, 22275036135, 0, 0, 225000365, 0, '{"fee": 225000365}', '[{"txid": "713baa890c710ee4a3c8b6cf3e202829f248d6692b915fb92126b92064cd03d8", "vout": 0, "amount": -625000000, "reason": "the block at height 541 is not on the followed chain: reorganisation", "missing": false}]'),
	('RLTC', '2026-11-24 10:48:12.596492+00', 'clean', '', 545, '\x98c2fdd78041945832e15ea3dfe2f18b9cba724d1083466870be0ab0800f8adc', 21, 24375036500, 24375036500, 0, 0, 1875000000, 0, 0, 22275036135, 225000365, 0, '{"fee": 225000365}', '[]'),
	('RLTC', '2026-11-24 10:48:17.597695+00', 'clean', '', 545, '\x98c2fdd78041945832e15ea3dfe2f18b9cba724d1083466870be0ab0800f8adc', 21, 24375036500, 24375036500, 0, 0, 1875000000, 0, 0, 22275036135, 225000365, 0, '{"fee": 225000365}', '[]'),
	('RLTC', '2026-11-24 10:48:22.599332+00', 'clean', '', 549, '\x6e52bb9c98207c6cea8c19abbab580cc89a11542a8a3f8ca440035f5cd6945a4', 4, 2099987085, 2099987085, 0, 0, 1875000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]'),
	('RLTC', '2026-11-24 10:48:27.600322+00', 'clean', '', 555, '\xfae4f21ab298771a341d2ebba097c49a0922e7cdd1bff715eff47a7b4bac606e', 4, 2099987085, 2099987085, 0, 0, 1875000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]'),
	('RLTC', '2026-11-24 10:48:32.604284+00', 'clean', '', 561, '\x203b24493e3bb516c89b451680cfaa4d7c871e60f7974ebcbef41d88d7abf4d8', 10, 5849987085, 5849987085, 0, 0, 5625000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]'),
	('RLTC', '2026-11-24 10:48:37.602415+00', 'clean', '', 562, '\x78f7e2e27ccd40cd10ae3c8003c890a84f73478dd8421bcf898faa580e87773b', 11, 6474987085, 6474987085, 0, 0, 6250000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]'),
	('RLTC', '2026-11-24 10:48:42.604365+00', 'clean', '', 566, '\x3b721e5595b74720d76abd36a9f1b2016ababfaa8d1002044348032656b64fa1', 15, 8974987085, 8974987085, 0, 0, 8750000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]'),
	('RLTC', '2026-11-24 10:48:47.606794+00', 'clean', '', 572, '\xd5eddfef6d92016b57ab4b752a0215a2d3b2b49f7c6ef01bd6c4df178000cb2e', 21, 12724987085, 12724987085, 0, 0, 12500000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]'),
	('RLTC', '2026-11-24 10:48:52.61313+00', 'clean', '', 575, '\xc2c536315f89d2db88eff2e75adf93e56f4073501bec092a6513b6b1fcd8e61a', 24, 14599987085, 14599987085, 0, 0, 14375000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]'),
	('RLTC', '2026-11-24 10:48:57.614414+00', 'doubtful', 'the chain of litecoin-a moved while it was looked at; the chain of litecoin-b moved while it was looked at', 578, '\xf8afdecef00595aa05c535916e1e0982e60d01cd5bb0b15805af70f18d1337b0', 27, 16474987085, 17099987085, -625000000, 0, 16875000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[{"txid": "d88cd27d98167b51335bf67cddba853f1ed292950f580b56443729367d8085fc", "vout": 0, "amount": -625000000, "reason": "the block at height 579 is not on the followed chain: reorganisation", "missing": false}]'),
	('RLTC', '2026-11-24 10:49:02.615628+00', 'doubtful', 'the chain of litecoin-a moved while it was looked at; the chain of litecoin-b moved while it was looked at', 582, '\xfe0d1d59d8d8f02b06f1698ae1d863b5e0f6b3d30e0d49ec3c90d9f87282b795', 31, 18974987085, 19599987085, -625000000, 0, 19375000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[{"txid": "b5618c429710dd54c9de30a2d06ba6552524db78ff31ea54fe5c1f8306db50c8", "vout": 0, "amount": -625000000, "reason": "the block at height 583 is not on the followed chain: reorganisation", "missing": false}]'),
	('RLTC', '2026-11-24 10:49:07.617107+00', 'doubtful', 'the chain of litecoin-a moved while it was looked at; the chain of litecoin-b moved while it was looked at', 590, '\xc1eb46b931ecc37b8733c9182224bf2425a4ec2054c2de1b6a0273543bc63a9b', 39, 23974987085, 23974987085, 0, 0, 23750000000, 0, 0, 0, 224987085, 0, '{"fee": 224987085}', '[]');


--
-- Data for Name: statement; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.statement VALUES
	('RLTC', 'main', 1, '\x0000000000000000000000000000000000000000000000000000000000000000', '\x2a0a32be2a889ffb3ab7746d4ecbc93e304f3a6838f4c41a4577646361bca690', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000100000000000000000000000000000000000000000000000000000000000000003558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01000001a5000000004a817c80000000004a817c800000000000bebc2067845f276170d90f150700f00c365b49aac0ceefac6de3e29333ce7d8f0bb466000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000001270b0180000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000037521048', '\x99982310dcc02fff1327a1737e116391ff735e0df0865dbd50e84f763cd65b595b97a5310c04ad1b0afc114012f4f0b0c66f3dc3f3e6eeac9505d31e16756b05', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x3558f57d95d184ea1d83e8b0862c61f51f8a7dc3a648c40c1914e7e007768f01', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 2, '\x2a0a32be2a889ffb3ab7746d4ecbc93e304f3a6838f4c41a4577646361bca690', '\x17c3a3994611272995334071bd2fffba94b7ea0c614ce48c6f0f01caeaf03018', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e00000000000000022a0a32be2a889ffb3ab7746d4ecbc93e304f3a6838f4c41a4577646361bca690f4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b000001a6000000004a817c80000000004a817c800000000000bebc2067845f276170d90f150700f00c365b49aac0ceefac6de3e29333ce7d8f0bb466000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000001270b0180000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000037521048', '\x9b41d0b9f131ca09eca56eb785174530fc20f4300a71335ec128c9267ddf4a3b23d0963815f31decec19a174ba35775a0d7b708ce63661844ed3d2d479c78900', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\xf4d9898cb1b385ac4f5cd18b7353655a0e30503e8c4396dd4508d950128e9a5b', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 3, '\x17c3a3994611272995334071bd2fffba94b7ea0c614ce48c6f0f01caeaf03018', '\x8534cb206d2e46f841588694ef4d157e83444a41cc0478728efe700148f92298', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000317c3a3994611272995334071bd2fffba94b7ea0c614ce48c6f0f01caeaf030189d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb000001a7000000004a817c80000000004a817c800000000000bebc20c4b32fdc98af6c6b0f3a6b8f4f89a0a2911086a23fe60f7d1167b82de7f33d49000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000024e160300000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000024e16030', '\x13663980bd6c42fd5171b12ba3553696d6b57e8b53951f65ef044eb7b3770b84354ed02390d965b4833adeb154495c66777e66b4eb25dd4a25fcc8c1a71eee07', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x9d677dee8ccb90462b5d16986f2f4b14f55daa43ec82e7cd2ffe3619f44ccecb', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 4, '\x8534cb206d2e46f841588694ef4d157e83444a41cc0478728efe700148f92298', '\xbb5ea2ac96bdade404fc649e6662998a82f32bd89b9f4f7f3d273f1f14243ee8', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e00000000000000048534cb206d2e46f841588694ef4d157e83444a41cc0478728efe700148f92298c1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8000001a8000000004a817c80000000004a817c800000000000bebc209efe65bee8df4b02e6c22602e294967d3e3542cb5f612585baf7b3e0ceb29b5b000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d00000000226bf3600000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000002756cd00', '\xd11932a977e0ca7be6a35750966e1953497b652ce764f8e37e38b90cfa1621008e4befa2c9c4f69e70f759b42631916a690a6bd3ee3461d7ddee2e308d45080e', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\xc1e9c245ff02be15c1266ece72bee9cdba2f03803810806ef375944053054dc8', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 5, '\xbb5ea2ac96bdade404fc649e6662998a82f32bd89b9f4f7f3d273f1f14243ee8', '\x6dfa2246bc9996e7b7d1a790948ff52ab3959d570c3c5285ebe668182e38cf22', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e0000000000000005bb5ea2ac96bdade404fc649e6662998a82f32bd89b9f4f7f3d273f1f14243ee87866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb000001a9000000004a817c80000000004a817c800000000000bebc205f8d62cf5963eb3da357ca33521e15af44a75dbf662529e22b8c4c5278b52f3e000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000020c855800000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000028fa6ae0', '\xf952eb45db92c40acfe63dad8c2744397b7b4e89cb32722131cb47eff9484ac310d309a963886f4a23386f45ee082b49a3cbb5139364684b3e588b696498a001', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x7866b8f7943c267a9882d2417f45cd4e73dc7f8329044e48370953c34be495eb', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 6, '\x6dfa2246bc9996e7b7d1a790948ff52ab3959d570c3c5285ebe668182e38cf22', '\x1df14bb111298f38e0a0408e1dd8004407ffc215f04588c8c7614eae174a7b55', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e00000000000000066dfa2246bc9996e7b7d1a790948ff52ab3959d570c3c5285ebe668182e38cf22c77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee000001aa000000004a817c80000000004a817c800000000000bebc20bb173a298b588f4c586abc76870aa082005b9e8f1de24d044087bf957ef5e990000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000002756cd000000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df008800000000226bf360', '\x32e438001bbeb85a6d3404300a943bda490a58dfda07729d4cf91fa1284d66676e329e6b1207d28b39192514caf58efabddf7613dc46263bc9374cdb0160060b', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\xc77068a5e4098de1d39943b5d9ad377fa154e48ff293c9b5f13fec9834e701ee', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 7, '\x1df14bb111298f38e0a0408e1dd8004407ffc215f04588c8c7614eae174a7b55', '\xfd5b097ea6a565aeed3c08ba9dd47dbc8cfb1bcadd6d9e2a04c8fc49c26e0e0d', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e00000000000000071df14bb111298f38e0a0408e1dd8004407ffc215f04588c8c7614eae174a7b55e4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038000001ab000000004a817c80000000004a817c800000000000bebc204e5208f983ccd389d90e4d8ec38cc395b44e7bfb291dd279b3842c25c3c66462000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000024e160300000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000024e16030', '\xfc28d8c48b5cecc6087dfcd6caa4d3e424f0ebe982ff15e2a41058633a7d3d5ed20c840e7d53e553895867082b23c4ae8365d407b265a8e5f0ab8dbd2503070d', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\xe4dbce35d17f931e0721316a1e41d03a40e0075a8fa42b6f2702226976cc0038', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 8, '\xfd5b097ea6a565aeed3c08ba9dd47dbc8cfb1bcadd6d9e2a04c8fc49c26e0e0d', '\x4dd69b4b84f5e33abd89575c1f5f357d5b98fe7b5270f4045c44ee8171c5f36a', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e0000000000000008fd5b097ea6a565aeed3c08ba9dd47dbc8cfb1bcadd6d9e2a04c8fc49c26e0e0de48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2000001ac000000004a817c80000000004a817c800000000000bebc20da6e4fdf324b4385047cb7f449586f7860daae07f07fea440ce38c2c3606be56000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000024e160300000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000024e16030', '\x48f972ddca8f13d6897b7b978f538da48c172806696f3deafbf0dab4338f4a2daa08d1b16a911f026cfce50efb2f97e1dc44d4cf08cc45fc215fd514b0c22e03', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\xe48f9d64df08e1d3964db16ff77b554a405963689d27fc75d57de4e9086959d2', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 9, '\x4dd69b4b84f5e33abd89575c1f5f357d5b98fe7b5270f4045c44ee8171c5f36a', '\x51ac8e2b7acd93d26dac967c10a00bd5438b3216d0214944bc9f504f9d8131c6', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e00000000000000094dd69b4b84f5e33abd89575c1f5f357d5b98fe7b5270f4045c44ee8171c5f36a11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0000001ad000000004a817c80000000004a817c800000000000bebc20711efc96d5c58647dd24c3971c2ea82a480adc15e06118aa8b0ea792341289cd000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000023d39f450000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000025ef211b', '\xc6747eae15d52b21e54c5130d53c9de26beddfff14e081772db972625c764b23829da9f12e7a85027437fe1ea71a5209fb7146418e0f31710faa8e1d2fecce01', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x11610c1f5cb4c7c24c9e53e820d5187aca9150d0385615a26c6922bd7b49b0e0', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 10, '\x51ac8e2b7acd93d26dac967c10a00bd5438b3216d0214944bc9f504f9d8131c6', '\x10d304e951f1bb648e72649247711cb45c6948cc36402b62a16dc577050fc4dd', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000a51ac8e2b7acd93d26dac967c10a00bd5438b3216d0214944bc9f504f9d8131c6530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74000001ae000000004a817c80000000004a817c800000000000bebc207af364982457528974c7e01f57c4ef87653e1466fcb8eb490de7d8a10d9fc78d000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000024e160300000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000024e16030', '\x2b427f3eef0dc03c99de6daff3ca679739b75470658fbfc02400da3b1e3474522816f8d89649eb40a111cac9b36e00f62aa1e7d19822b60c9b90bc15231d2307', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x530632c0c1cee56fb4b6dcf394f4a4048cd98f5be9f904ad3a0af60c5eb68f74', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 11, '\x10d304e951f1bb648e72649247711cb45c6948cc36402b62a16dc577050fc4dd', '\x397be572222ed10521452e853b2a1e806b314b6faffc2653e56cdcb46c13210d', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000b10d304e951f1bb648e72649247711cb45c6948cc36402b62a16dc577050fc4dd0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c000001af000000004a817c80000000004a817c800000000000bebc204ac192e482c7af85bc45a9b5f986d36e28391172efc65e240805efd1c535b639000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000023e234130000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df00880000000025e08c4d', '\xb4d900ab9cb63d22ed25fd3999a780f92d417524ec9c2cd91119be4918f4a05ccd679b44fff401af6b45d67d7b2c7899f03c7291fd546f2686c26715c903a40a', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x0d5d808987171fed3e102963883e9fd6716e66f9f6243d336c9efc1e5684c24c', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 12, '\x397be572222ed10521452e853b2a1e806b314b6faffc2653e56cdcb46c13210d', '\x6915457510e14a2062c5572a1ed858d16d8a6b6641057d38beb43569f8264883', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000c397be572222ed10521452e853b2a1e806b314b6faffc2653e56cdcb46c13210d93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510000001b0000000004a820b14000000004a820b140000000000bebd8d00eff38018a629d0e0ba80d3724f27bc4b4e5e83f81a7dcbcfe2904515f1923f000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000029e9263b0000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000001fda274c', '\x1b322253834dc55169781c8300d70617a24acb305b552fff392735efe023bb9150262f946e6000228caa3c4af510896a5ad9497749dbcc53727d9bae8854c203', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x93469afbfb8a280ff8e996095c7ff715d1bbdd33eff17a05db87d0d19c25d510', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 13, '\x6915457510e14a2062c5572a1ed858d16d8a6b6641057d38beb43569f8264883', '\x3320a057c2669879acc99f3cea8cef13a4b6471b397bea2300633bc4e0a634ad', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000d6915457510e14a2062c5572a1ed858d16d8a6b6641057d38beb43569f82648832d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c000001b1000000004a817c80000000004a817c800000000000bebc207aa3ae1278d0d8cbfa6d5fd9dddbae835bda21533236179596fc2e4d0c1c6059000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000002a2624c90000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000001f9c9b97', '\x35526d32623a063f689a232a6f21ec60143d917fcd4e34a1da62464c0f25adc2f70bddcb3c78a4373250dca94b9416fd12453a112393ac6a0c7f61a0ef0f6103', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x2d60d1747711af6be05a74a1fe66cdd8c2d7569e183ad701c65682637c0b3a4c', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 15, '\xc834a6bd6d5456172cff7068a5c4a996166ee706cbf735a036f96a2d0a31a0a9', '\xb8a9799a7934b8a56d42ac60fafec91b1935932c9eb1e48e37a1ac62593e4280', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000fc834a6bd6d5456172cff7068a5c4a996166ee706cbf735a036f96a2d0a31a0a93b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943000001b3000000004a817c80000000004a817c800000000000bebc20fde2996f0e01fb1b9b1a3701a86ae3b55033bddcf4697e70774c80cdc620806a000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000002bb5c7550000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000001e0cf90b', '\x5142ce6f47923088bf0db073ae054de319c9a4d6f6482a52bc3e6cfa31cce82713088922203945d40b232b89957492a68df47c6bdda35a17aa8fa0e5093bc109', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x3b727421d3472f4f3369350dc96c84af90fc0bb7749225a46869fbc776c55943', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 17, '\xae14c251fd18a143e585c7e445939ed56a7b5a1f39a430cb110a59faeca948e9', '\xfe54a571b246fd3e4227b95416626745d9bef436a53830459d8be3973d18807c', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e0000000000000011ae14c251fd18a143e585c7e445939ed56a7b5a1f39a430cb110a59faeca948e9e771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582000001b5000000004a817c80000000004a817c800000000000bebc20a167d7d55ded3da84e3e48909367145f822bef572a0b10d50424e935030c7a81000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000002ab41e880000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000001f0ea1d8', '\xcbcc89822874d31429b8446ceb5c773b1ecb9b24f357e2a5d01c09b231605529b7066ee6f9b19e7c6ea63a99a93a9bdc090d635aebff5731ffa28a59c4c9f60b', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\xe771f189a5f0bfc2b6df68ec29dd287d4b29733008913f2d0098bce316d0c582', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 14, '\x3320a057c2669879acc99f3cea8cef13a4b6471b397bea2300633bc4e0a634ad', '\xc834a6bd6d5456172cff7068a5c4a996166ee706cbf735a036f96a2d0a31a0a9', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e000000000000000e3320a057c2669879acc99f3cea8cef13a4b6471b397bea2300633bc4e0a634ad8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83000001b2000000004a817c80000000004a817c800000000000bebc20b51d98de4b8f729039c6580e61400c23e66deb4e2eb4c76f0fe09d3204221c93000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d0000000029f140370000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000001fd18029', '\xec774827e1e1000f16824e2d6e55a3659556fb9065cd843e7c9f47b1d3e9720ef3104f0fc409b00793e9bb81d481a0162107d74ea108df10793e89819333da03', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x8629296b652e3f92e3ee2483f0ec1f3a00b857fbb94c4b347a53cf511b047f83', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 16, '\xb8a9799a7934b8a56d42ac60fafec91b1935932c9eb1e48e37a1ac62593e4280', '\xae14c251fd18a143e585c7e445939ed56a7b5a1f39a430cb110a59faeca948e9', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e0000000000000010b8a9799a7934b8a56d42ac60fafec91b1935932c9eb1e48e37a1ac62593e42808d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8000001b4000000004a817c80000000004a817c800000000000bebc205d1a69b78a5d37b6bd10b5de92a2c99903a7a78f602c96689580d26814cc9f74000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000002aea54000000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000001ed86c60', '\x3e50acfb60477d6d9096264aa72e872bc540da6f31f7e116c6e58d58a670fa8426e6a8ce15b4d6c40a6d8c08a4ae59df594769faa6c252858edab47658d4e50d', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x8d54f531e6a9af8c1f0888e2e5132bc9f8a1acb6a5f6b92dc241afa2926e9af8', '2026-11-24 10:48:07.595678+00', NULL),
	('RLTC', 'main', 18, '\xfe54a571b246fd3e4227b95416626745d9bef436a53830459d8be3973d18807c', '\xe5b2a9819d09c0855902e4c906ca03ef9fc12e5a0760e1e4591581b712f7778d', '\x6e67706f6f6c2f73746174656d656e742f310a00000004524c5443f916c456fc51df627885d7d674ed02dc88a225adb3f02ad13eb4938ff3270853000000046d61696e0000000000000012fe54a571b246fd3e4227b95416626745d9bef436a53830459d8be3973d18807c2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88000001b6000000004a817c80000000004a817c800000000000bebc200b8a32b0b4a74f89f9023970a521de55087ca1aa454935a15c23d3cf06d35af7000000020000002c726c7463317161397378363834796c7239706e346464366e3274357163366e76773838666764683972786661000000160014e9606d1ea4f8ca19d5add4d4ba031a9b1c73a50d000000002db5fca00000002c726c7463317178656435336c6771326a32687a38386d706130326c787578683071643771796736676d713068000000160014365b48fd005495711cfb0f5eaf9b86bbc0df0088000000001c0cc3c0', '\xb6a462ae394c234a6707eb97c9f4276b82813277d564efda18739e1c567699824a750c336e145c8e7735b6bcef76c2913d89bbd450893e1d9d8cdacc15c7ad05', '\xa2ef7bc6ad13bf0987d8002b3ecb0778e96ba8836f7e2082a484d3213e4dd320', '\x2fa900ad1e1a419fb95c437bce09533ea9170255e7a02c508cb25d24db845b88', '2026-11-24 10:48:07.595678+00', NULL);


--
-- Data for Name: statistics_head; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.statistics_head VALUES
	('main', 74);


--
-- Data for Name: worker; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.worker VALUES
	('rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '2026-11-24 10:47:00+00', '2026-11-24 10:49:00+00'),
	('rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '2026-11-24 10:47:00+00', '2026-11-24 10:49:00+00');


--
-- Data for Name: worker_hour_20261101; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.worker_hour_20261101 VALUES
	('rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '2026-11-24 10:00:00+00', 'main', 'main', '2026-11-24', 143, 93665, 1, 655),
	('rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '2026-11-24 10:00:00+00', 'main', 'main', '2026-11-24', 82, 36610, 0, 0);


--
-- Data for Name: worker_hour_20261201; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261123; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261124; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.worker_minute_20261124 VALUES
	('rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '2026-11-24 10:48:00+00', 'main', 'main', '2026-11-24', 79, 51745, 1, 655),
	('rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '2026-11-24 10:47:00+00', 'main', 'main', '2026-11-24', 33, 21615, 0, 0),
	('rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '2026-11-24 10:47:00+00', 'main', 'main', '2026-11-24', 24, 15720, 0, 0),
	('rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '2026-11-24 10:48:00+00', 'main', 'main', '2026-11-24', 39, 15665, 0, 0),
	('rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '2026-11-24 10:49:00+00', 'main', 'main', '2026-11-24', 31, 20305, 0, 0),
	('rltc1qxed53lgq2j2hz88mpa02lxuxh0qd7qyg6gmq0h', 'demo', '2026-11-24 10:49:00+00', 'main', 'main', '2026-11-24', 19, 5225, 0, 0);


--
-- Data for Name: worker_minute_20261125; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261126; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261127; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261128; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261129; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261130; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_minute_20261201; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Data for Name: worker_reject_hour_20261101; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--

INSERT INTO public.worker_reject_hour_20261101 VALUES
	('rltc1qa9sx684ylr9pn4dd6n2t5qc6nvw88fgdh9rxfa', 'demo', '2026-11-24 10:00:00+00', 'main', 'main', 'stale', '2026-11-24', 1, 655);


--
-- Data for Name: worker_reject_hour_20261201; Type: TABLE DATA; Schema: public; Owner: ngpool_books
--



--
-- Name: _sqlx_migrations _sqlx_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);


--
-- Name: audit_alarm audit_alarm_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.audit_alarm
    ADD CONSTRAINT audit_alarm_pkey PRIMARY KEY (currency, kind, subject);


--
-- Name: balance balance_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (currency, account);


--
-- Name: block_answer block_answer_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block_answer
    ADD CONSTRAINT block_answer_pkey PRIMARY KEY (currency, hash, node);


--
-- Name: block_credit block_credit_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block_credit
    ADD CONSTRAINT block_credit_pkey PRIMARY KEY (currency, hash, payee, sharechain);


--
-- Name: block_part block_part_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block_part
    ADD CONSTRAINT block_part_pkey PRIMARY KEY (currency, hash, sharechain);


--
-- Name: block block_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block
    ADD CONSTRAINT block_pkey PRIMARY KEY (currency, hash);


--
-- Name: book_entry book_entry_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.book_entry
    ADD CONSTRAINT book_entry_pkey PRIMARY KEY (currency, account, id);


--
-- Name: book_transaction book_transaction_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.book_transaction
    ADD CONSTRAINT book_transaction_pkey PRIMARY KEY (currency, id);


--
-- Name: chain_output chain_output_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.chain_output
    ADD CONSTRAINT chain_output_pkey PRIMARY KEY (currency, txid, vout);


--
-- Name: chain_spender chain_spender_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.chain_spender
    ADD CONSTRAINT chain_spender_pkey PRIMARY KEY (currency, txid);


--
-- Name: coinbase_seen coinbase_seen_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.coinbase_seen
    ADD CONSTRAINT coinbase_seen_pkey PRIMARY KEY (currency, hash);


--
-- Name: currency currency_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.currency
    ADD CONSTRAINT currency_pkey PRIMARY KEY (code);


--
-- Name: cut cut_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_pkey PRIMARY KEY (currency, hash, sharechain);


--
-- Name: donation_head donation_head_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.donation_head
    ADD CONSTRAINT donation_head_pkey PRIMARY KEY (currency);


--
-- Name: fee_draw fee_draw_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.fee_draw
    ADD CONSTRAINT fee_draw_pkey PRIMARY KEY (currency, reference);


--
-- Name: followed_block followed_block_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.followed_block
    ADD CONSTRAINT followed_block_pkey PRIMARY KEY (currency, height);


--
-- Name: job_step job_step_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.job_step
    ADD CONSTRAINT job_step_pkey PRIMARY KEY (currency, step);


--
-- Name: live_port live_port_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.live_port
    ADD CONSTRAINT live_port_pkey PRIMARY KEY (producer);


--
-- Name: live_worker live_worker_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.live_worker
    ADD CONSTRAINT live_worker_pkey PRIMARY KEY (producer, user_name, worker);


--
-- Name: node_status node_status_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.node_status
    ADD CONSTRAINT node_status_pkey PRIMARY KEY (currency, node);


--
-- Name: partitioned partitioned_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.partitioned
    ADD CONSTRAINT partitioned_pkey PRIMARY KEY (name);


--
-- Name: payee_donation payee_donation_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payee_donation
    ADD CONSTRAINT payee_donation_pkey PRIMARY KEY (currency, number);


--
-- Name: payee_setting payee_setting_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payee_setting
    ADD CONSTRAINT payee_setting_pkey PRIMARY KEY (currency, payee);


--
-- Name: payout_change payout_change_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_change
    ADD CONSTRAINT payout_change_pkey PRIMARY KEY (currency, number, version, vout);


--
-- Name: payout_input payout_input_currency_txid_vout_number_version_key; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_input
    ADD CONSTRAINT payout_input_currency_txid_vout_number_version_key UNIQUE (currency, txid, vout, number, version);


--
-- Name: payout_input payout_input_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_input
    ADD CONSTRAINT payout_input_pkey PRIMARY KEY (currency, number, version, place);


--
-- Name: payout_part payout_part_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_part
    ADD CONSTRAINT payout_part_pkey PRIMARY KEY (currency, number, payee);


--
-- Name: payout payout_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout
    ADD CONSTRAINT payout_pkey PRIMARY KEY (currency, number);


--
-- Name: payout_reserve payout_reserve_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_reserve
    ADD CONSTRAINT payout_reserve_pkey PRIMARY KEY (currency, txid, vout);


--
-- Name: payout_stop payout_stop_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_stop
    ADD CONSTRAINT payout_stop_pkey PRIMARY KEY (currency, by);


--
-- Name: payout_txid payout_txid_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_txid
    ADD CONSTRAINT payout_txid_pkey PRIMARY KEY (currency, txid);


--
-- Name: payout_version payout_version_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_version
    ADD CONSTRAINT payout_version_pkey PRIMARY KEY (currency, number, version);


--
-- Name: port_hour port_hour_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_hour
    ADD CONSTRAINT port_hour_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_hour_20261101 port_hour_20261101_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_hour_20261101
    ADD CONSTRAINT port_hour_20261101_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_hour_20261201 port_hour_20261201_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_hour_20261201
    ADD CONSTRAINT port_hour_20261201_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute port_minute_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute
    ADD CONSTRAINT port_minute_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261123 port_minute_20261123_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261123
    ADD CONSTRAINT port_minute_20261123_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261124 port_minute_20261124_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261124
    ADD CONSTRAINT port_minute_20261124_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261125 port_minute_20261125_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261125
    ADD CONSTRAINT port_minute_20261125_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261126 port_minute_20261126_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261126
    ADD CONSTRAINT port_minute_20261126_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261127 port_minute_20261127_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261127
    ADD CONSTRAINT port_minute_20261127_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261128 port_minute_20261128_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261128
    ADD CONSTRAINT port_minute_20261128_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261129 port_minute_20261129_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261129
    ADD CONSTRAINT port_minute_20261129_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261130 port_minute_20261130_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261130
    ADD CONSTRAINT port_minute_20261130_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: port_minute_20261201 port_minute_20261201_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.port_minute_20261201
    ADD CONSTRAINT port_minute_20261201_pkey PRIMARY KEY (bucket, sharechain, port, day);


--
-- Name: pps_carried pps_carried_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_carried
    ADD CONSTRAINT pps_carried_pkey PRIMARY KEY (currency, sharechain, payee);


--
-- Name: pps_credit pps_credit_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_credit
    ADD CONSTRAINT pps_credit_pkey PRIMARY KEY (currency, sharechain, number, payee);


--
-- Name: pps_head pps_head_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_head
    ADD CONSTRAINT pps_head_pkey PRIMARY KEY (currency, sharechain);


--
-- Name: pps_period pps_period_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_period
    ADD CONSTRAINT pps_period_pkey PRIMARY KEY (currency, sharechain, number);


--
-- Name: pps_release pps_release_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_release
    ADD CONSTRAINT pps_release_pkey PRIMARY KEY (currency, sharechain, reference);


--
-- Name: pps_switch pps_switch_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_switch
    ADD CONSTRAINT pps_switch_pkey PRIMARY KEY (currency, sharechain, number);


--
-- Name: producer producer_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.producer
    ADD CONSTRAINT producer_pkey PRIMARY KEY (id);


--
-- Name: reject_minute reject_minute_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute
    ADD CONSTRAINT reject_minute_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261123 reject_minute_20261123_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261123
    ADD CONSTRAINT reject_minute_20261123_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261124 reject_minute_20261124_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261124
    ADD CONSTRAINT reject_minute_20261124_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261125 reject_minute_20261125_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261125
    ADD CONSTRAINT reject_minute_20261125_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261126 reject_minute_20261126_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261126
    ADD CONSTRAINT reject_minute_20261126_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261127 reject_minute_20261127_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261127
    ADD CONSTRAINT reject_minute_20261127_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261128 reject_minute_20261128_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261128
    ADD CONSTRAINT reject_minute_20261128_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261129 reject_minute_20261129_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261129
    ADD CONSTRAINT reject_minute_20261129_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261130 reject_minute_20261130_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261130
    ADD CONSTRAINT reject_minute_20261130_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: reject_minute_20261201 reject_minute_20261201_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.reject_minute_20261201
    ADD CONSTRAINT reject_minute_20261201_pkey PRIMARY KEY (bucket, sharechain, port, reason, day);


--
-- Name: share_batch share_batch_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch
    ADD CONSTRAINT share_batch_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261124 share_batch_20261124_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261124
    ADD CONSTRAINT share_batch_20261124_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261125 share_batch_20261125_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261125
    ADD CONSTRAINT share_batch_20261125_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261126 share_batch_20261126_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261126
    ADD CONSTRAINT share_batch_20261126_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261127 share_batch_20261127_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261127
    ADD CONSTRAINT share_batch_20261127_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261128 share_batch_20261128_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261128
    ADD CONSTRAINT share_batch_20261128_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261129 share_batch_20261129_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261129
    ADD CONSTRAINT share_batch_20261129_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261130 share_batch_20261130_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261130
    ADD CONSTRAINT share_batch_20261130_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_batch_20261201 share_batch_20261201_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_batch_20261201
    ADD CONSTRAINT share_batch_20261201_pkey PRIMARY KEY (sharechain, pos, day);


--
-- Name: share_chunk share_chunk_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_chunk
    ADD CONSTRAINT share_chunk_pkey PRIMARY KEY (sharechain, level, number);


--
-- Name: share_chunk share_chunk_sharechain_last_pos_level_key; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_chunk
    ADD CONSTRAINT share_chunk_sharechain_last_pos_level_key UNIQUE (sharechain, last_pos, level);


--
-- Name: share_currency share_currency_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_currency
    ADD CONSTRAINT share_currency_pkey PRIMARY KEY (sharechain, currency);


--
-- Name: share_keep share_keep_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_keep
    ADD CONSTRAINT share_keep_pkey PRIMARY KEY (sharechain);


--
-- Name: sharechain_head sharechain_head_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.sharechain_head
    ADD CONSTRAINT sharechain_head_pkey PRIMARY KEY (sharechain);


--
-- Name: signer_message signer_message_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.signer_message
    ADD CONSTRAINT signer_message_pkey PRIMARY KEY (currency, digest);


--
-- Name: signer_seen signer_seen_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.signer_seen
    ADD CONSTRAINT signer_seen_pkey PRIMARY KEY (currency);


--
-- Name: solvency solvency_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.solvency
    ADD CONSTRAINT solvency_pkey PRIMARY KEY (currency, at);


--
-- Name: statement statement_currency_hash_sharechain_key; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_currency_hash_sharechain_key UNIQUE (currency, hash, sharechain);


--
-- Name: statement statement_period; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_period UNIQUE (currency, sharechain, period);


--
-- Name: statement statement_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_pkey PRIMARY KEY (currency, sharechain, seq);


--
-- Name: statistics_head statistics_head_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.statistics_head
    ADD CONSTRAINT statistics_head_pkey PRIMARY KEY (sharechain);


--
-- Name: worker_hour worker_hour_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_hour
    ADD CONSTRAINT worker_hour_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_hour_20261101 worker_hour_20261101_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_hour_20261101
    ADD CONSTRAINT worker_hour_20261101_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_hour_20261201 worker_hour_20261201_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_hour_20261201
    ADD CONSTRAINT worker_hour_20261201_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute worker_minute_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute
    ADD CONSTRAINT worker_minute_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261123 worker_minute_20261123_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261123
    ADD CONSTRAINT worker_minute_20261123_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261124 worker_minute_20261124_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261124
    ADD CONSTRAINT worker_minute_20261124_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261125 worker_minute_20261125_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261125
    ADD CONSTRAINT worker_minute_20261125_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261126 worker_minute_20261126_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261126
    ADD CONSTRAINT worker_minute_20261126_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261127 worker_minute_20261127_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261127
    ADD CONSTRAINT worker_minute_20261127_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261128 worker_minute_20261128_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261128
    ADD CONSTRAINT worker_minute_20261128_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261129 worker_minute_20261129_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261129
    ADD CONSTRAINT worker_minute_20261129_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261130 worker_minute_20261130_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261130
    ADD CONSTRAINT worker_minute_20261130_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker_minute_20261201 worker_minute_20261201_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_minute_20261201
    ADD CONSTRAINT worker_minute_20261201_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, day);


--
-- Name: worker worker_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (user_name, worker);


--
-- Name: worker_reject_hour worker_reject_hour_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_reject_hour
    ADD CONSTRAINT worker_reject_hour_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, reason, day);


--
-- Name: worker_reject_hour_20261101 worker_reject_hour_20261101_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_reject_hour_20261101
    ADD CONSTRAINT worker_reject_hour_20261101_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, reason, day);


--
-- Name: worker_reject_hour_20261201 worker_reject_hour_20261201_pkey; Type: CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.worker_reject_hour_20261201
    ADD CONSTRAINT worker_reject_hour_20261201_pkey PRIMARY KEY (user_name, worker, bucket, sharechain, port, reason, day);


--
-- Name: block_coinbase; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX block_coinbase ON public.block USING btree (currency, coinbase_txid);


--
-- Name: block_credit_payee; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX block_credit_payee ON public.block_credit USING btree (payee, currency);


--
-- Name: block_finder; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX block_finder ON public.block USING btree (finder, found_at DESC);


--
-- Name: block_found; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX block_found ON public.block USING btree (found_at DESC, currency DESC, hash DESC);


--
-- Name: block_state; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX block_state ON public.block USING btree (currency, state);


--
-- Name: book_entry_transaction; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX book_entry_transaction ON public.book_entry USING btree (currency, id);


--
-- Name: book_transaction_time; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX book_transaction_time ON public.book_transaction USING btree (posted_at, currency, id);


--
-- Name: chain_output_created; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX chain_output_created ON public.chain_output USING btree (currency, created_height);


--
-- Name: chain_output_spent; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX chain_output_spent ON public.chain_output USING btree (currency, spent_height);


--
-- Name: chain_output_unbooked; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX chain_output_unbooked ON public.chain_output USING btree (currency) WHERE (NOT booked);


--
-- Name: chain_spender_hash; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX chain_spender_hash ON public.chain_spender USING btree (currency, hash);


--
-- Name: cut_position; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX cut_position ON public.cut USING btree (currency, sharechain, pos);


--
-- Name: live_worker_user; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX live_worker_user ON public.live_worker USING btree (user_name, worker);


--
-- Name: payee_donation_payee; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX payee_donation_payee ON public.payee_donation USING btree (payee, currency, number DESC);


--
-- Name: payout_anchor; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE UNIQUE INDEX payout_anchor ON public.payout USING btree (currency, anchor_txid, anchor_vout) WHERE (state <> 'void'::text);


--
-- Name: payout_confirmed; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX payout_confirmed ON public.payout USING btree (currency, confirmed_txid) WHERE (state = 'confirmed'::text);


--
-- Name: payout_live; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX payout_live ON public.payout USING btree (currency, number) WHERE (state = ANY (ARRAY['prepared'::text, 'signed'::text, 'broadcast'::text]));


--
-- Name: payout_part_payee; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX payout_part_payee ON public.payout_part USING btree (payee, currency, number);


--
-- Name: payout_prepared; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE UNIQUE INDEX payout_prepared ON public.payout USING btree (currency) WHERE (state = 'prepared'::text);


--
-- Name: payout_reserve_number; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX payout_reserve_number ON public.payout_reserve USING btree (currency, number);


--
-- Name: payout_version_txid; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX payout_version_txid ON public.payout_version USING btree (currency, txid);


--
-- Name: pps_credit_payee; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX pps_credit_payee ON public.pps_credit USING btree (payee, currency, sharechain, number DESC);


--
-- Name: share_batch_producer; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_producer ON ONLY public.share_batch USING btree (producer, number);


--
-- Name: share_batch_20261124_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261124_producer_number_idx ON public.share_batch_20261124 USING btree (producer, number);


--
-- Name: share_batch_20261125_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261125_producer_number_idx ON public.share_batch_20261125 USING btree (producer, number);


--
-- Name: share_batch_20261126_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261126_producer_number_idx ON public.share_batch_20261126 USING btree (producer, number);


--
-- Name: share_batch_20261127_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261127_producer_number_idx ON public.share_batch_20261127 USING btree (producer, number);


--
-- Name: share_batch_20261128_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261128_producer_number_idx ON public.share_batch_20261128 USING btree (producer, number);


--
-- Name: share_batch_20261129_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261129_producer_number_idx ON public.share_batch_20261129 USING btree (producer, number);


--
-- Name: share_batch_20261130_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261130_producer_number_idx ON public.share_batch_20261130 USING btree (producer, number);


--
-- Name: share_batch_20261201_producer_number_idx; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX share_batch_20261201_producer_number_idx ON public.share_batch_20261201 USING btree (producer, number);


--
-- Name: signer_message_open; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX signer_message_open ON public.signer_message USING btree (currency, received_at) WHERE (handled_at IS NULL);


--
-- Name: worker_last_share; Type: INDEX; Schema: public; Owner: ngpool_books
--

CREATE INDEX worker_last_share ON public.worker USING btree (last_share);


--
-- Name: port_hour_20261101_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_hour_pkey ATTACH PARTITION public.port_hour_20261101_pkey;


--
-- Name: port_hour_20261201_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_hour_pkey ATTACH PARTITION public.port_hour_20261201_pkey;


--
-- Name: port_minute_20261123_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261123_pkey;


--
-- Name: port_minute_20261124_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261124_pkey;


--
-- Name: port_minute_20261125_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261125_pkey;


--
-- Name: port_minute_20261126_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261126_pkey;


--
-- Name: port_minute_20261127_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261127_pkey;


--
-- Name: port_minute_20261128_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261128_pkey;


--
-- Name: port_minute_20261129_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261129_pkey;


--
-- Name: port_minute_20261130_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261130_pkey;


--
-- Name: port_minute_20261201_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.port_minute_pkey ATTACH PARTITION public.port_minute_20261201_pkey;


--
-- Name: reject_minute_20261123_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261123_pkey;


--
-- Name: reject_minute_20261124_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261124_pkey;


--
-- Name: reject_minute_20261125_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261125_pkey;


--
-- Name: reject_minute_20261126_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261126_pkey;


--
-- Name: reject_minute_20261127_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261127_pkey;


--
-- Name: reject_minute_20261128_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261128_pkey;


--
-- Name: reject_minute_20261129_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261129_pkey;


--
-- Name: reject_minute_20261130_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261130_pkey;


--
-- Name: reject_minute_20261201_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.reject_minute_pkey ATTACH PARTITION public.reject_minute_20261201_pkey;


--
-- Name: share_batch_20261124_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261124_pkey;


--
-- Name: share_batch_20261124_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261124_producer_number_idx;


--
-- Name: share_batch_20261125_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261125_pkey;


--
-- Name: share_batch_20261125_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261125_producer_number_idx;


--
-- Name: share_batch_20261126_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261126_pkey;


--
-- Name: share_batch_20261126_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261126_producer_number_idx;


--
-- Name: share_batch_20261127_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261127_pkey;


--
-- Name: share_batch_20261127_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261127_producer_number_idx;


--
-- Name: share_batch_20261128_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261128_pkey;


--
-- Name: share_batch_20261128_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261128_producer_number_idx;


--
-- Name: share_batch_20261129_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261129_pkey;


--
-- Name: share_batch_20261129_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261129_producer_number_idx;


--
-- Name: share_batch_20261130_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261130_pkey;


--
-- Name: share_batch_20261130_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261130_producer_number_idx;


--
-- Name: share_batch_20261201_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_pkey ATTACH PARTITION public.share_batch_20261201_pkey;


--
-- Name: share_batch_20261201_producer_number_idx; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.share_batch_producer ATTACH PARTITION public.share_batch_20261201_producer_number_idx;


--
-- Name: worker_hour_20261101_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_hour_pkey ATTACH PARTITION public.worker_hour_20261101_pkey;


--
-- Name: worker_hour_20261201_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_hour_pkey ATTACH PARTITION public.worker_hour_20261201_pkey;


--
-- Name: worker_minute_20261123_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261123_pkey;


--
-- Name: worker_minute_20261124_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261124_pkey;


--
-- Name: worker_minute_20261125_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261125_pkey;


--
-- Name: worker_minute_20261126_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261126_pkey;


--
-- Name: worker_minute_20261127_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261127_pkey;


--
-- Name: worker_minute_20261128_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261128_pkey;


--
-- Name: worker_minute_20261129_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261129_pkey;


--
-- Name: worker_minute_20261130_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261130_pkey;


--
-- Name: worker_minute_20261201_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_minute_pkey ATTACH PARTITION public.worker_minute_20261201_pkey;


--
-- Name: worker_reject_hour_20261101_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_reject_hour_pkey ATTACH PARTITION public.worker_reject_hour_20261101_pkey;


--
-- Name: worker_reject_hour_20261201_pkey; Type: INDEX ATTACH; Schema: public; Owner: ngpool_books
--

ALTER INDEX public.worker_reject_hour_pkey ATTACH PARTITION public.worker_reject_hour_20261201_pkey;


--
-- Name: book_entry added; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER added AFTER INSERT ON public.book_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.book_entry_added();


--
-- Name: payout_version changed; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER changed BEFORE UPDATE ON public.payout_version FOR EACH ROW EXECUTE FUNCTION public.payout_version_changed();


--
-- Name: payout deleted; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER deleted BEFORE DELETE ON public.payout FOR EACH ROW EXECUTE FUNCTION public.payout_row_deleted();


--
-- Name: payout_change deleted; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER deleted BEFORE DELETE ON public.payout_change FOR EACH ROW EXECUTE FUNCTION public.version_row_deleted();


--
-- Name: payout_input deleted; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER deleted BEFORE DELETE ON public.payout_input FOR EACH ROW EXECUTE FUNCTION public.version_row_deleted();


--
-- Name: payout_part deleted; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER deleted BEFORE DELETE ON public.payout_part FOR EACH ROW EXECUTE FUNCTION public.payout_row_deleted();


--
-- Name: payout_version deleted; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER deleted BEFORE DELETE ON public.payout_version FOR EACH ROW EXECUTE FUNCTION public.version_row_deleted();


--
-- Name: balance final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR TRUNCATE ON public.balance FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: block_credit final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.block_credit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: block_part final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.block_part FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: book_entry final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.book_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: book_transaction final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.book_transaction FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: currency final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.currency FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: cut final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.cut FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: fee_draw final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fee_draw FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payee_donation final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payee_donation FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payout final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE TRUNCATE ON public.payout FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payout_change final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON public.payout_change FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payout_input final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON public.payout_input FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payout_part final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON public.payout_part FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: payout_version final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE TRUNCATE ON public.payout_version FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: pps_credit final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pps_credit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: pps_period final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pps_period FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: pps_switch final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pps_switch FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: share_batch final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.share_batch FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: share_chunk final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE UPDATE OR TRUNCATE ON public.share_chunk FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: statement final; Type: TRIGGER; Schema: public; Owner: ngpool_books
--

CREATE TRIGGER final BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statement FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: audit_alarm audit_alarm_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.audit_alarm
    ADD CONSTRAINT audit_alarm_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: block_answer block_answer_currency_hash_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block_answer
    ADD CONSTRAINT block_answer_currency_hash_fkey FOREIGN KEY (currency, hash) REFERENCES public.block(currency, hash);


--
-- Name: block_credit block_credit_currency_hash_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block_credit
    ADD CONSTRAINT block_credit_currency_hash_sharechain_fkey FOREIGN KEY (currency, hash, sharechain) REFERENCES public.block_part(currency, hash, sharechain);


--
-- Name: block block_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block
    ADD CONSTRAINT block_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: block_part block_part_currency_hash_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.block_part
    ADD CONSTRAINT block_part_currency_hash_fkey FOREIGN KEY (currency, hash) REFERENCES public.block(currency, hash);


--
-- Name: book_entry book_entry_currency_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.book_entry
    ADD CONSTRAINT book_entry_currency_id_fkey FOREIGN KEY (currency, id) REFERENCES public.book_transaction(currency, id);


--
-- Name: book_transaction book_transaction_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.book_transaction
    ADD CONSTRAINT book_transaction_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: chain_output chain_output_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.chain_output
    ADD CONSTRAINT chain_output_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: chain_spender chain_spender_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.chain_spender
    ADD CONSTRAINT chain_spender_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: coinbase_seen coinbase_seen_currency_hash_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.coinbase_seen
    ADD CONSTRAINT coinbase_seen_currency_hash_fkey FOREIGN KEY (currency, hash) REFERENCES public.block(currency, hash);


--
-- Name: cut cut_currency_hash_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_currency_hash_fkey FOREIGN KEY (currency, hash) REFERENCES public.block(currency, hash);


--
-- Name: cut cut_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: donation_head donation_head_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.donation_head
    ADD CONSTRAINT donation_head_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: fee_draw fee_draw_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.fee_draw
    ADD CONSTRAINT fee_draw_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: followed_block followed_block_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.followed_block
    ADD CONSTRAINT followed_block_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: payee_donation payee_donation_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payee_donation
    ADD CONSTRAINT payee_donation_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: payee_setting payee_setting_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payee_setting
    ADD CONSTRAINT payee_setting_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: payout_change payout_change_currency_number_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_change
    ADD CONSTRAINT payout_change_currency_number_version_fkey FOREIGN KEY (currency, number, version) REFERENCES public.payout_version(currency, number, version);


--
-- Name: payout payout_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout
    ADD CONSTRAINT payout_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: payout payout_currency_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout
    ADD CONSTRAINT payout_currency_parent_fkey FOREIGN KEY (currency, parent) REFERENCES public.payout(currency, number) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: payout payout_currency_previous_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout
    ADD CONSTRAINT payout_currency_previous_fkey FOREIGN KEY (currency, previous) REFERENCES public.payout(currency, number) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: payout_input payout_input_currency_number_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_input
    ADD CONSTRAINT payout_input_currency_number_version_fkey FOREIGN KEY (currency, number, version) REFERENCES public.payout_version(currency, number, version);


--
-- Name: payout_part payout_part_currency_number_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_part
    ADD CONSTRAINT payout_part_currency_number_fkey FOREIGN KEY (currency, number) REFERENCES public.payout(currency, number);


--
-- Name: payout_reserve payout_reserve_currency_number_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_reserve
    ADD CONSTRAINT payout_reserve_currency_number_fkey FOREIGN KEY (currency, number) REFERENCES public.payout(currency, number);


--
-- Name: payout_stop payout_stop_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_stop
    ADD CONSTRAINT payout_stop_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: payout_txid payout_txid_currency_number_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_txid
    ADD CONSTRAINT payout_txid_currency_number_version_fkey FOREIGN KEY (currency, number, version) REFERENCES public.payout_version(currency, number, version);


--
-- Name: payout_version payout_version_currency_number_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.payout_version
    ADD CONSTRAINT payout_version_currency_number_fkey FOREIGN KEY (currency, number) REFERENCES public.payout(currency, number);


--
-- Name: pps_credit pps_credit_currency_sharechain_number_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_credit
    ADD CONSTRAINT pps_credit_currency_sharechain_number_fkey FOREIGN KEY (currency, sharechain, number) REFERENCES public.pps_period(currency, sharechain, number);


--
-- Name: pps_head pps_head_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_head
    ADD CONSTRAINT pps_head_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: pps_head pps_head_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_head
    ADD CONSTRAINT pps_head_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: pps_period pps_period_currency_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_period
    ADD CONSTRAINT pps_period_currency_sharechain_fkey FOREIGN KEY (currency, sharechain) REFERENCES public.pps_head(currency, sharechain);


--
-- Name: pps_release pps_release_currency_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_release
    ADD CONSTRAINT pps_release_currency_sharechain_fkey FOREIGN KEY (currency, sharechain) REFERENCES public.pps_head(currency, sharechain);


--
-- Name: pps_switch pps_switch_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_switch
    ADD CONSTRAINT pps_switch_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: pps_switch pps_switch_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.pps_switch
    ADD CONSTRAINT pps_switch_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: producer producer_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.producer
    ADD CONSTRAINT producer_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: share_chunk share_chunk_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_chunk
    ADD CONSTRAINT share_chunk_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: share_currency share_currency_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_currency
    ADD CONSTRAINT share_currency_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: share_keep share_keep_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.share_keep
    ADD CONSTRAINT share_keep_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: solvency solvency_currency_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.solvency
    ADD CONSTRAINT solvency_currency_fkey FOREIGN KEY (currency) REFERENCES public.currency(code);


--
-- Name: statement statement_currency_hash_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_currency_hash_sharechain_fkey FOREIGN KEY (currency, hash, sharechain) REFERENCES public.block_part(currency, hash, sharechain);


--
-- Name: statement statement_of_period; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_of_period FOREIGN KEY (currency, sharechain, period) REFERENCES public.pps_period(currency, sharechain, number);


--
-- Name: statistics_head statistics_head_sharechain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: ngpool_books
--

ALTER TABLE ONLY public.statistics_head
    ADD CONSTRAINT statistics_head_sharechain_fkey FOREIGN KEY (sharechain) REFERENCES public.sharechain_head(sharechain);


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT ALL ON SCHEMA public TO ngpool_books;
GRANT USAGE ON SCHEMA public TO ngpool_ledger;
GRANT USAGE ON SCHEMA public TO ngpool_payout;
GRANT USAGE ON SCHEMA public TO ngpool_web;


--
-- Name: FUNCTION book_entry_added(); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.book_entry_added() FROM PUBLIC;


--
-- Name: FUNCTION books_check(p_currency text); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.books_check(p_currency text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.books_check(p_currency text) TO ngpool_payout;
GRANT ALL ON FUNCTION public.books_check(p_currency text) TO ngpool_web;


--
-- Name: FUNCTION drop_share_partitions(p_before date); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.drop_share_partitions(p_before date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.drop_share_partitions(p_before date) TO ngpool_ledger;


--
-- Name: FUNCTION drop_statistics(p_minutes_before date, p_hours_before date); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.drop_statistics(p_minutes_before date, p_hours_before date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.drop_statistics(p_minutes_before date, p_hours_before date) TO ngpool_ledger;


--
-- Name: FUNCTION forget_payout(p_currency text, p_number bigint); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.forget_payout(p_currency text, p_number bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_payout(p_currency text, p_number bigint) TO ngpool_payout;


--
-- Name: FUNCTION forget_payout_version(p_currency text, p_number bigint, p_version integer); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.forget_payout_version(p_currency text, p_number bigint, p_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_payout_version(p_currency text, p_number bigint, p_version integer) TO ngpool_payout;


--
-- Name: FUNCTION lock_sharechain(p_sharechain text); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.lock_sharechain(p_sharechain text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lock_sharechain(p_sharechain text) TO ngpool_payout;


--
-- Name: FUNCTION make_partitions(p_table text, p_first date, p_last date); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.make_partitions(p_table text, p_first date, p_last date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.make_partitions(p_table text, p_first date, p_last date) TO ngpool_ledger;


--
-- Name: FUNCTION payouts_check(p_currency text); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.payouts_check(p_currency text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.payouts_check(p_currency text) TO ngpool_payout;
GRANT ALL ON FUNCTION public.payouts_check(p_currency text) TO ngpool_web;


--
-- Name: FUNCTION post(p_currency text, p_id bytea, p_kind text, p_cause jsonb, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[]); Type: ACL; Schema: public; Owner: ngpool_books
--

REVOKE ALL ON FUNCTION public.post(p_currency text, p_id bytea, p_kind text, p_cause jsonb, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.post(p_currency text, p_id bytea, p_kind text, p_cause jsonb, p_at timestamp with time zone, p_accounts text[], p_amounts bigint[]) TO ngpool_payout;


--
-- Name: TABLE audit_alarm; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE ON TABLE public.audit_alarm TO ngpool_payout;
GRANT SELECT ON TABLE public.audit_alarm TO ngpool_web;


--
-- Name: COLUMN audit_alarm.what; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(what) ON TABLE public.audit_alarm TO ngpool_payout;


--
-- Name: COLUMN audit_alarm.seen_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(seen_at) ON TABLE public.audit_alarm TO ngpool_payout;


--
-- Name: TABLE balance; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT ON TABLE public.balance TO ngpool_payout;
GRANT SELECT ON TABLE public.balance TO ngpool_web;


--
-- Name: TABLE block; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.block TO ngpool_ledger;
GRANT SELECT ON TABLE public.block TO ngpool_payout;
GRANT SELECT ON TABLE public.block TO ngpool_web;


--
-- Name: COLUMN block.final; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(final) ON TABLE public.block TO ngpool_ledger;


--
-- Name: COLUMN block.state; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(state) ON TABLE public.block TO ngpool_payout;


--
-- Name: COLUMN block.state_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(state_at) ON TABLE public.block TO ngpool_payout;


--
-- Name: COLUMN block.state_reason; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(state_reason) ON TABLE public.block TO ngpool_payout;


--
-- Name: COLUMN block.confirmations; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(confirmations) ON TABLE public.block TO ngpool_payout;


--
-- Name: COLUMN block.accepted_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(accepted_at) ON TABLE public.block TO ngpool_payout;


--
-- Name: COLUMN block.matured_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(matured_at) ON TABLE public.block TO ngpool_payout;


--
-- Name: COLUMN block.orphaned; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(orphaned) ON TABLE public.block TO ngpool_payout;


--
-- Name: TABLE block_answer; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.block_answer TO ngpool_ledger;
GRANT SELECT ON TABLE public.block_answer TO ngpool_payout;
GRANT SELECT ON TABLE public.block_answer TO ngpool_web;


--
-- Name: TABLE block_credit; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.block_credit TO ngpool_payout;
GRANT SELECT ON TABLE public.block_credit TO ngpool_web;
GRANT SELECT ON TABLE public.block_credit TO ngpool_ledger;


--
-- Name: TABLE block_part; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.block_part TO ngpool_payout;
GRANT SELECT ON TABLE public.block_part TO ngpool_web;
GRANT SELECT ON TABLE public.block_part TO ngpool_ledger;


--
-- Name: TABLE book_entry; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT ON TABLE public.book_entry TO ngpool_payout;
GRANT SELECT ON TABLE public.book_entry TO ngpool_web;


--
-- Name: TABLE book_transaction; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT ON TABLE public.book_transaction TO ngpool_payout;
GRANT SELECT ON TABLE public.book_transaction TO ngpool_web;


--
-- Name: TABLE chain_output; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.chain_output TO ngpool_payout;
GRANT SELECT ON TABLE public.chain_output TO ngpool_web;


--
-- Name: TABLE chain_spender; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chain_spender TO ngpool_payout;
GRANT SELECT ON TABLE public.chain_spender TO ngpool_web;


--
-- Name: TABLE coinbase_seen; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.coinbase_seen TO ngpool_payout;
GRANT SELECT ON TABLE public.coinbase_seen TO ngpool_web;


--
-- Name: TABLE currency; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.currency TO ngpool_ledger;
GRANT SELECT,INSERT ON TABLE public.currency TO ngpool_payout;
GRANT SELECT ON TABLE public.currency TO ngpool_web;


--
-- Name: TABLE cut; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.cut TO ngpool_ledger;
GRANT SELECT ON TABLE public.cut TO ngpool_payout;
GRANT SELECT ON TABLE public.cut TO ngpool_web;


--
-- Name: TABLE donation_head; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.donation_head TO ngpool_payout;
GRANT SELECT ON TABLE public.donation_head TO ngpool_ledger;
GRANT SELECT ON TABLE public.donation_head TO ngpool_web;


--
-- Name: COLUMN donation_head.number; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(number) ON TABLE public.donation_head TO ngpool_payout;


--
-- Name: TABLE fee_draw; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.fee_draw TO ngpool_payout;
GRANT SELECT ON TABLE public.fee_draw TO ngpool_web;


--
-- Name: TABLE followed_block; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE ON TABLE public.followed_block TO ngpool_payout;
GRANT SELECT ON TABLE public.followed_block TO ngpool_web;


--
-- Name: TABLE job_step; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_step TO ngpool_payout;
GRANT SELECT ON TABLE public.job_step TO ngpool_web;
GRANT SELECT ON TABLE public.job_step TO ngpool_ledger;


--
-- Name: TABLE live_port; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.live_port TO ngpool_ledger;
GRANT SELECT ON TABLE public.live_port TO ngpool_web;


--
-- Name: TABLE live_worker; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.live_worker TO ngpool_ledger;
GRANT SELECT ON TABLE public.live_worker TO ngpool_web;


--
-- Name: TABLE node_status; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.node_status TO ngpool_payout;
GRANT SELECT ON TABLE public.node_status TO ngpool_web;
GRANT SELECT ON TABLE public.node_status TO ngpool_ledger;


--
-- Name: TABLE payee_donation; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.payee_donation TO ngpool_payout;
GRANT SELECT ON TABLE public.payee_donation TO ngpool_web;


--
-- Name: TABLE payee_setting; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payee_setting TO ngpool_payout;
GRANT SELECT ON TABLE public.payee_setting TO ngpool_web;


--
-- Name: TABLE payout; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.payout TO ngpool_payout;
GRANT SELECT ON TABLE public.payout TO ngpool_web;


--
-- Name: COLUMN payout.state; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(state) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.state_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(state_at) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.reason; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(reason) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.void_asked_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(void_asked_at) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.bookings; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(bookings) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.confirmations; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(confirmations) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.confirmed_version; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(confirmed_version) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.confirmed_txid; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(confirmed_txid) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.confirmed_height; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(confirmed_height) ON TABLE public.payout TO ngpool_payout;


--
-- Name: COLUMN payout.confirmed_hash; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(confirmed_hash) ON TABLE public.payout TO ngpool_payout;


--
-- Name: TABLE payout_change; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.payout_change TO ngpool_payout;
GRANT SELECT ON TABLE public.payout_change TO ngpool_web;


--
-- Name: TABLE payout_input; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.payout_input TO ngpool_payout;
GRANT SELECT ON TABLE public.payout_input TO ngpool_web;


--
-- Name: TABLE payout_part; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.payout_part TO ngpool_payout;
GRANT SELECT ON TABLE public.payout_part TO ngpool_web;


--
-- Name: TABLE payout_reserve; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE ON TABLE public.payout_reserve TO ngpool_payout;
GRANT SELECT ON TABLE public.payout_reserve TO ngpool_web;


--
-- Name: COLUMN payout_reserve.held; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(held) ON TABLE public.payout_reserve TO ngpool_payout;


--
-- Name: TABLE payout_stop; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payout_stop TO ngpool_payout;
GRANT SELECT ON TABLE public.payout_stop TO ngpool_web;


--
-- Name: TABLE payout_txid; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.payout_txid TO ngpool_payout;
GRANT SELECT ON TABLE public.payout_txid TO ngpool_web;


--
-- Name: TABLE payout_version; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.payout_version TO ngpool_payout;
GRANT SELECT ON TABLE public.payout_version TO ngpool_web;


--
-- Name: COLUMN payout_version.transaction; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(transaction) ON TABLE public.payout_version TO ngpool_payout;


--
-- Name: COLUMN payout_version.txid; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(txid) ON TABLE public.payout_version TO ngpool_payout;


--
-- Name: COLUMN payout_version.signed_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(signed_at) ON TABLE public.payout_version TO ngpool_payout;


--
-- Name: COLUMN payout_version.waiting_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(waiting_at) ON TABLE public.payout_version TO ngpool_payout;


--
-- Name: COLUMN payout_version.broadcast_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(broadcast_at) ON TABLE public.payout_version TO ngpool_payout;


--
-- Name: COLUMN payout_version.answer; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(answer) ON TABLE public.payout_version TO ngpool_payout;


--
-- Name: COLUMN payout_version.answer_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(answer_at) ON TABLE public.payout_version TO ngpool_payout;


--
-- Name: TABLE port_hour; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.port_hour TO ngpool_ledger;
GRANT SELECT ON TABLE public.port_hour TO ngpool_web;
GRANT SELECT ON TABLE public.port_hour TO ngpool_payout;


--
-- Name: TABLE port_minute; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.port_minute TO ngpool_ledger;
GRANT SELECT ON TABLE public.port_minute TO ngpool_web;
GRANT SELECT ON TABLE public.port_minute TO ngpool_payout;


--
-- Name: TABLE pps_carried; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.pps_carried TO ngpool_payout;
GRANT SELECT ON TABLE public.pps_carried TO ngpool_web;


--
-- Name: COLUMN pps_carried.credit; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(credit) ON TABLE public.pps_carried TO ngpool_payout;


--
-- Name: COLUMN pps_carried.donation; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(donation) ON TABLE public.pps_carried TO ngpool_payout;


--
-- Name: TABLE pps_credit; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.pps_credit TO ngpool_payout;
GRANT SELECT ON TABLE public.pps_credit TO ngpool_ledger;
GRANT SELECT ON TABLE public.pps_credit TO ngpool_web;


--
-- Name: TABLE pps_head; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.pps_head TO ngpool_payout;
GRANT SELECT ON TABLE public.pps_head TO ngpool_ledger;
GRANT SELECT ON TABLE public.pps_head TO ngpool_web;


--
-- Name: COLUMN pps_head.pos; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(pos) ON TABLE public.pps_head TO ngpool_payout;


--
-- Name: COLUMN pps_head.period; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(period) ON TABLE public.pps_head TO ngpool_payout;


--
-- Name: COLUMN pps_head.buys; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(buys) ON TABLE public.pps_head TO ngpool_payout;


--
-- Name: COLUMN pps_head.opened_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(opened_at) ON TABLE public.pps_head TO ngpool_payout;


--
-- Name: COLUMN pps_head.terms; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(terms) ON TABLE public.pps_head TO ngpool_payout;


--
-- Name: TABLE pps_period; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.pps_period TO ngpool_payout;
GRANT SELECT ON TABLE public.pps_period TO ngpool_ledger;
GRANT SELECT ON TABLE public.pps_period TO ngpool_web;


--
-- Name: TABLE pps_release; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.pps_release TO ngpool_payout;
GRANT SELECT ON TABLE public.pps_release TO ngpool_web;


--
-- Name: COLUMN pps_release.period; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(period) ON TABLE public.pps_release TO ngpool_payout;


--
-- Name: TABLE pps_switch; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.pps_switch TO ngpool_payout;
GRANT SELECT ON TABLE public.pps_switch TO ngpool_ledger;
GRANT SELECT ON TABLE public.pps_switch TO ngpool_web;


--
-- Name: TABLE producer; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.producer TO ngpool_ledger;
GRANT SELECT ON TABLE public.producer TO ngpool_payout;
GRANT SELECT ON TABLE public.producer TO ngpool_web;


--
-- Name: COLUMN producer.sharechain; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(sharechain) ON TABLE public.producer TO ngpool_ledger;


--
-- Name: COLUMN producer.port; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(port) ON TABLE public.producer TO ngpool_ledger;


--
-- Name: COLUMN producer.next; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(next) ON TABLE public.producer TO ngpool_ledger;


--
-- Name: COLUMN producer.digest; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(digest) ON TABLE public.producer TO ngpool_ledger;


--
-- Name: COLUMN producer.last_seen; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(last_seen) ON TABLE public.producer TO ngpool_ledger;


--
-- Name: TABLE reject_minute; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.reject_minute TO ngpool_ledger;
GRANT SELECT ON TABLE public.reject_minute TO ngpool_web;
GRANT SELECT ON TABLE public.reject_minute TO ngpool_payout;


--
-- Name: TABLE share_batch; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.share_batch TO ngpool_ledger;
GRANT SELECT ON TABLE public.share_batch TO ngpool_payout;
GRANT SELECT ON TABLE public.share_batch TO ngpool_web;


--
-- Name: TABLE share_chunk; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.share_chunk TO ngpool_ledger;
GRANT SELECT ON TABLE public.share_chunk TO ngpool_payout;
GRANT SELECT ON TABLE public.share_chunk TO ngpool_web;


--
-- Name: TABLE share_currency; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.share_currency TO ngpool_ledger;
GRANT SELECT ON TABLE public.share_currency TO ngpool_payout;
GRANT SELECT ON TABLE public.share_currency TO ngpool_web;


--
-- Name: COLUMN share_currency.network_work; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(network_work) ON TABLE public.share_currency TO ngpool_ledger;


--
-- Name: TABLE share_keep; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.share_keep TO ngpool_ledger;
GRANT SELECT ON TABLE public.share_keep TO ngpool_payout;
GRANT SELECT ON TABLE public.share_keep TO ngpool_web;


--
-- Name: COLUMN share_keep.from_pos; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(from_pos) ON TABLE public.share_keep TO ngpool_ledger;


--
-- Name: TABLE sharechain_head; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.sharechain_head TO ngpool_ledger;
GRANT SELECT ON TABLE public.sharechain_head TO ngpool_payout;
GRANT SELECT ON TABLE public.sharechain_head TO ngpool_web;


--
-- Name: COLUMN sharechain_head.pos; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(pos) ON TABLE public.sharechain_head TO ngpool_ledger;


--
-- Name: TABLE signer_message; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT ON TABLE public.signer_message TO ngpool_web;
GRANT SELECT,DELETE ON TABLE public.signer_message TO ngpool_payout;


--
-- Name: COLUMN signer_message.currency; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT INSERT(currency) ON TABLE public.signer_message TO ngpool_web;


--
-- Name: COLUMN signer_message.digest; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT INSERT(digest) ON TABLE public.signer_message TO ngpool_web;


--
-- Name: COLUMN signer_message.received_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT INSERT(received_at) ON TABLE public.signer_message TO ngpool_web;


--
-- Name: COLUMN signer_message.body; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT INSERT(body) ON TABLE public.signer_message TO ngpool_web;


--
-- Name: COLUMN signer_message.handled_at; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(handled_at) ON TABLE public.signer_message TO ngpool_payout;


--
-- Name: COLUMN signer_message.outcome; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(outcome) ON TABLE public.signer_message TO ngpool_payout;


--
-- Name: TABLE signer_seen; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.signer_seen TO ngpool_web;
GRANT SELECT ON TABLE public.signer_seen TO ngpool_payout;


--
-- Name: TABLE solvency; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE ON TABLE public.solvency TO ngpool_payout;
GRANT SELECT ON TABLE public.solvency TO ngpool_web;


--
-- Name: TABLE statement; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.statement TO ngpool_payout;
GRANT SELECT ON TABLE public.statement TO ngpool_web;


--
-- Name: TABLE statistics_head; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT ON TABLE public.statistics_head TO ngpool_ledger;
GRANT SELECT ON TABLE public.statistics_head TO ngpool_web;
GRANT SELECT ON TABLE public.statistics_head TO ngpool_payout;


--
-- Name: COLUMN statistics_head.pos; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(pos) ON TABLE public.statistics_head TO ngpool_ledger;


--
-- Name: TABLE worker; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,DELETE ON TABLE public.worker TO ngpool_ledger;
GRANT SELECT ON TABLE public.worker TO ngpool_web;
GRANT SELECT ON TABLE public.worker TO ngpool_payout;


--
-- Name: COLUMN worker.last_share; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT UPDATE(last_share) ON TABLE public.worker TO ngpool_ledger;


--
-- Name: TABLE worker_hour; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.worker_hour TO ngpool_ledger;
GRANT SELECT ON TABLE public.worker_hour TO ngpool_web;
GRANT SELECT ON TABLE public.worker_hour TO ngpool_payout;


--
-- Name: TABLE worker_minute; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.worker_minute TO ngpool_ledger;
GRANT SELECT ON TABLE public.worker_minute TO ngpool_web;
GRANT SELECT ON TABLE public.worker_minute TO ngpool_payout;


--
-- Name: TABLE worker_reject_hour; Type: ACL; Schema: public; Owner: ngpool_books
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.worker_reject_hour TO ngpool_ledger;
GRANT SELECT ON TABLE public.worker_reject_hour TO ngpool_web;
GRANT SELECT ON TABLE public.worker_reject_hour TO ngpool_payout;


--
-- PostgreSQL database dump complete
--


