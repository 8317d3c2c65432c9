//! A Pool that names a database of its own.

use ngpool_testkit::postgres::Database;
use tokio::{net::TcpListener, time::timeout};

use crate::{
    files::Pool,
    running::{PATIENCE, Running, ngpool},
};

fn write(pool: &Pool, url: &str) {
    let text = format!(
        "apiVersion: ngpool.io/v1alpha1
kind: Pool
metadata:
  name: pool
spec:
  database:
    urlSecret:
      name: database
      key: url
  web:
    port: {}
---
apiVersion: v1
kind: Secret
metadata:
  name: database
stringData:
  url: \"{url}\"
",
        pool.web.number()
    );
    pool.write("pool.yaml", &text);
}

#[tokio::test]
async fn the_pools_own_database_is_migrated_and_used_by_every_role() {
    let database = Database::create().await.unwrap();
    let pool = Pool::new();
    write(&pool, &database.owner_url());
    let up = Running::start(&pool);
    up.answers("/api/v1/currencies", |currencies| {
        // The settle job, the ledger and the web side all have found it.
        currencies[0]["steps"]
            .as_array()
            .is_some_and(|steps| !steps.is_empty())
    })
    .await;
    assert!(!pool.state_dir().join("postgres").exists());
    up.stop().await;
    // The logins made for it are found again.
    let up = Running::start(&pool);
    up.answers("/api/v1/pool", |pool| pool["name"].is_string())
        .await;
    up.stop().await;
}

#[test]
fn a_database_that_does_not_answer_is_named_without_its_password() {
    let pool = Pool::new();
    write(&pool, "postgres://owner:hunter2@127.0.0.1:1/pool");
    let (files, state) = (pool.files(), pool.state_dir());
    let arguments = [
        "up",
        files.to_str().unwrap(),
        "--state-dir",
        state.to_str().unwrap(),
        "--no-progress",
    ];
    let (status, text) = ngpool(pool.path(), &arguments);
    assert_eq!(status.code(), Some(1));
    assert!(
        text.contains("the Pool's database cannot be used"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn ctrl_c_ends_the_start_while_the_database_keeps_it_waiting() {
    let pool = Pool::new();
    // Takes connections and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    write(&pool, &format!("postgres://owner@{address}/pool"));
    let up = Running::start(&pool);
    let (_connection, _) = timeout(PATIENCE, silent.accept()).await.unwrap().unwrap();
    let log = up.stop().await;
    assert!(log.contains("stopped before it ran"), "{log}");
    // The directory is free again.
    write(&pool, "postgres://owner@127.0.0.1:1/pool");
    let (files, state) = (pool.files(), pool.state_dir());
    let arguments = [
        "up",
        files.to_str().unwrap(),
        "--state-dir",
        state.to_str().unwrap(),
    ];
    let (_, text) = ngpool(pool.path(), &arguments);
    assert!(text.contains("database cannot be used"), "{text}");
}
