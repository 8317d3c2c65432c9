//! Who may do what.

use ngpool_chain::BlockHash;
use ngpool_store::{Login, Logins, StoreError, known_schema, migrate};
use ngpool_testkit::Database;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::support::{Pool, block, start};

#[tokio::test]
async fn migrating_again_and_from_many_programs_at_once_changes_nothing() {
    let database = Database::create().await.unwrap();
    let url = database.owner_url();
    let logins = Logins::without_passwords();
    let (a, b, c) = tokio::join!(
        migrate(&url, &logins),
        migrate(&url, &logins),
        migrate(&url, &logins)
    );
    for result in [a, b, c] {
        result.unwrap();
    }
    migrate(&url, &logins).await.unwrap();
}

#[tokio::test]
async fn a_database_that_a_newer_program_migrated_is_refused_and_left_alone() {
    let database = Database::create().await.unwrap();
    let url = database.owner_url();
    migrate(&url, &Logins::default()).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of tomorrow', true, '', 0)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let newcomer = Login {
        name: format!("new-{}", database.name()),
        password: None,
    };
    let logins = Logins {
        web: Some(newcomer.clone()),
        ..Logins::default()
    };
    let refusal = migrate(&url, &logins).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        format!(
            "the database's schema is version 9999, this program knows {} at most: run a newer \
             version of ngpool, or restore a backup of before",
            known_schema()
        )
    );
    let made: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
        .bind(&newcomer.name)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(!made);
}

#[tokio::test]
async fn a_password_with_every_kind_of_character_is_set_as_it_is() {
    let database = Database::create().await.unwrap();
    let login = Login {
        name: format!("odd-{}", database.name()),
        password: Some("it's a \\ \"$do$\" pass\u{e4}\u{1f4a5};--".to_owned()),
    };
    let logins = Logins {
        web: Some(login.clone()),
        ..Logins::default()
    };
    migrate(&database.owner_url(), &logins).await.unwrap();
    let store = ngpool_store::Store::open(
        &database.url_of(&login.name),
        &ngpool_store::StoreOptions::default(),
    )
    .unwrap();
    store.currencies().await.unwrap();
}

#[tokio::test]
async fn another_genesis_under_the_same_code_is_refused() {
    let pool = Pool::fresh().await;
    let other = BlockHash::from_bytes([8; 32]);
    let refusal = pool
        .payout
        .adopt_currency("LTC", other, start())
        .await
        .unwrap_err();
    assert!(
        matches!(refusal, StoreError::OtherGenesis { .. }),
        "{refusal}"
    );
    assert!(
        refusal
            .to_string()
            .contains("use another code or another database"),
        "{refusal}"
    );
    let books = pool.web.currencies().await.unwrap();
    assert_eq!(books["LTC"], crate::support::genesis());
}

/// Everything that would let a workload change money other than by `post()`, or shares that are stored.
#[tokio::test]
async fn no_workload_can_change_the_books_or_stored_shares_by_hand() {
    let pool = Pool::fresh().await;
    pool.report_and_cut(&block(1, "alice")).await;
    let attempts = [
        "INSERT INTO balance (currency, account, amount) VALUES ('LTC', 'payee:x', 5)",
        "UPDATE balance SET amount = 5",
        "INSERT INTO book_transaction VALUES ('LTC', '\\x00', 'k', '{}', '\\x00', 2, now())",
        "INSERT INTO book_entry VALUES ('LTC', '\\x00', 'fee', 5)",
        "UPDATE book_entry SET amount = 5",
        "DELETE FROM book_entry",
        "TRUNCATE book_entry",
        "TRUNCATE balance",
        "TRUNCATE book_transaction CASCADE",
        "SET session_replication_role = replica",
        "ALTER TABLE book_entry DISABLE TRIGGER ALL",
        "DROP TABLE book_entry",
        "SET ROLE ngpool_books",
        "UPDATE share_batch SET content = ''",
        "DELETE FROM share_batch",
        "TRUNCATE share_batch",
        "UPDATE share_chunk SET sums = ''",
        "DELETE FROM share_chunk",
        "UPDATE cut SET pos = 1",
        "DELETE FROM cut",
        "UPDATE block_credit SET amount = 1",
        "UPDATE block_part SET amount = 1",
        "UPDATE block SET reward = 1",
        "DELETE FROM block",
        "UPDATE statement SET body = ''",
        "UPDATE currency SET genesis = '\\x00'",
        "CREATE TABLE public.mine (n int)",
    ];
    for role in ["ledger", "payout", "web"] {
        let mut connection = pool.connect(role).await;
        for attempt in attempts {
            let result = sqlx::raw_sql(AssertSqlSafe(attempt))
                .execute(&mut connection)
                .await;
            let error = result.expect_err(attempt);
            let code = error
                .as_database_error()
                .and_then(|e| e.code().map(std::borrow::Cow::into_owned));
            // Insufficient privilege.
            assert_eq!(code.as_deref(), Some("42501"), "{role}: {attempt}: {error}");
        }
    }
}

#[tokio::test]
async fn only_the_payout_role_posts_and_the_web_role_writes_only_what_signers_say() {
    let pool = Pool::fresh().await;
    let post = "SELECT post('LTC', decode(repeat('00', 32), 'hex'), 'k', '{}', now(),
                            '{utxo:spendable,capital}', '{-5,5}')";
    for (role, may) in [("ledger", false), ("web", false), ("payout", true)] {
        let mut connection = pool.connect(role).await;
        let result = sqlx::raw_sql(post).execute(&mut connection).await;
        assert_eq!(result.is_ok(), may, "{role}: {result:?}");
    }
    let mut owner = pool.connect("postgres").await;
    let writable: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND (has_table_privilege('web', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
             OR has_any_column_privilege('web', c.oid, 'INSERT, UPDATE'))
         ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    // The inbox, and where the signer stood when it was last heard of.
    assert_eq!(writable, ["signer_message", "signer_seen"]);
}

#[tokio::test]
async fn even_the_owner_cannot_change_final_rows_by_a_slip() {
    let pool = Pool::fresh().await;
    pool.report_and_cut(&block(1, "alice")).await;
    let mut owner = pool.connect("postgres").await;
    for slip in [
        "DELETE FROM book_entry",
        "TRUNCATE book_entry",
        "UPDATE cut SET pos = 9",
    ] {
        let error = sqlx::raw_sql(AssertSqlSafe(slip))
            .execute(&mut owner)
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("rows are final"),
            "{slip}: {error}"
        );
    }
}
