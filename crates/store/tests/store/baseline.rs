//! A database of the last release is brought up to date and says the same: books, blocks, payouts,
//! shares and statistics of a small pool that mined, matured and paid.
//!
//! `e2e/baseline/database.sql` is its dump; `scripts/baseline` makes another at a release.

use std::{collections::BTreeMap, fs, path::PathBuf};

use ngpool_store::{Logins, Store, StoreOptions, known_schema, migrate};
use ngpool_testkit::Database;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The code of its currency.
const CODE: &str = "RLTC";
/// Roles that a dump grants to; they are the server's and in no dump.
const ROLES: [&str; 4] = [
    "ngpool_books",
    "ngpool_ledger",
    "ngpool_payout",
    "ngpool_web",
];

/// A database as the last release left it.
async fn last_release() -> Database {
    let database = Database::create().await.unwrap();
    // A migration makes the roles; other tests may make them on the same server at the same time.
    let elsewhere = Database::create().await.unwrap();
    migrate(&elsewhere.owner_url(), &Logins::without_passwords())
        .await
        .unwrap();
    let mut connection = PgConnection::connect(&database.owner_url()).await.unwrap();
    for role in ROLES {
        let known: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
                .bind(role)
                .fetch_one(&mut connection)
                .await
                .unwrap();
        assert!(known, "{role}");
    }
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../e2e/baseline/database.sql");
    let dump = fs::read_to_string(file).unwrap();
    sqlx::raw_sql(AssertSqlSafe(dump))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    database
}

async fn connect(database: &Database) -> PgConnection {
    PgConnection::connect(&database.owner_url()).await.unwrap()
}

/// The columns of every table, in their order; partitions are read through their parents.
async fn tables(database: &Database) -> BTreeMap<String, Vec<String>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text
           FROM pg_class c
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND NOT c.relispartition AND c.relname <> '_sqlx_migrations'
          ORDER BY c.relname, a.attnum",
    )
    .fetch_all(&mut connect(database).await)
    .await
    .unwrap();
    let mut tables = BTreeMap::<_, Vec<_>>::new();
    for (table, column) in rows {
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// How many rows each table has and a digest of these columns of them.
async fn contents(
    database: &Database,
    tables: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, (i64, String)> {
    let mut connection = connect(database).await;
    let mut contents = BTreeMap::new();
    for (table, columns) in tables {
        let columns: Vec<_> = columns
            .iter()
            .map(|column| format!("\"{column}\""))
            .collect();
        let query = format!(
            "SELECT count(*), md5(coalesce(string_agg(line, E'\\n' ORDER BY line), ''))
               FROM (SELECT ROW({})::text AS line FROM \"{table}\") AS lines",
            columns.join(", ")
        );
        let found: (i64, String) = sqlx::query_as(AssertSqlSafe(query))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        contents.insert(table.clone(), found);
    }
    contents
}

async fn schema_version(database: &Database) -> i64 {
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut connect(database).await)
        .await
        .unwrap()
}

fn open(database: &Database, role: &str) -> Store {
    Store::open(&database.url_of(role), &StoreOptions::default()).unwrap()
}

#[tokio::test]
async fn a_database_of_the_last_release_is_migrated_and_every_row_of_it_stays() {
    let database = last_release().await;
    assert!(schema_version(&database).await <= known_schema());
    let tables = tables(&database).await;
    let before = contents(&database, &tables).await;

    for _ in 0..2 {
        migrate(&database.owner_url(), &Logins::without_passwords())
            .await
            .unwrap();
        assert_eq!(schema_version(&database).await, known_schema());
        let after = contents(&database, &tables).await;
        for (table, rows) in &before {
            assert_eq!(after.get(table), Some(rows), "{table}");
        }
    }
}

#[tokio::test]
async fn the_books_of_the_last_release_add_up_afterwards() {
    let database = last_release().await;
    migrate(&database.owner_url(), &Logins::without_passwords())
        .await
        .unwrap();
    let (payout, web) = (open(&database, "payout"), open(&database, "web"));
    assert_eq!(payout.books_check(CODE).await.unwrap(), []);
    let balances = web.account_balances(CODE).await.unwrap();
    let sum: i64 = balances.values().map(|amount| amount.0).sum();
    assert!(!balances.is_empty() && sum == 0, "{balances:?}");
}

#[tokio::test]
async fn the_pool_of_the_last_release_had_mined_matured_and_paid() {
    let contents = {
        let database = last_release().await;
        contents(&database, &tables(&database).await).await
    };
    for table in [
        "share_batch",
        "block",
        "cut",
        "block_credit",
        "book_entry",
        "statement",
        "payout",
        "payout_version",
        "solvency",
        "worker_minute",
    ] {
        let rows = contents.get(table).map_or(0, |(rows, _)| *rows);
        assert!(rows > 0, "no row in {table}");
    }
}
