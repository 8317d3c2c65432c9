//! Brings a database up to date: roles, schema, logins.

use std::time::Duration;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, migrate::Migrator};

use crate::{StoreError, error::code, store::connect_options};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Owner of every table. Nobody logs in as it.
const OWNER: &str = "ngpool_books";
/// The roles that logins are members of.
const GROUPS: [&str; 3] = ["ngpool_ledger", "ngpool_payout", "ngpool_web"];

/// A role to log in with.
#[derive(Debug, Clone)]
pub struct Login {
    /// Name of the role, such as `ledger`.
    pub name: String,
    /// Its password; none where the server asks for none (a unix socket of our own).
    pub password: Option<String>,
}

/// The logins to make or to bring up to date; one that is absent is left alone.
#[derive(Debug, Clone, Default)]
pub struct Logins {
    /// For `ngledger`.
    pub ledger: Option<Login>,
    /// For `ngpayout`.
    pub payout: Option<Login>,
    /// For `ngweb`.
    pub web: Option<Login>,
}

impl Logins {
    /// `ledger`, `payout` and `web`, without passwords.
    pub fn without_passwords() -> Self {
        let login = |name: &str| {
            Some(Login {
                name: name.to_owned(),
                password: None,
            })
        };
        Self {
            ledger: login("ledger"),
            payout: login("payout"),
            web: login("web"),
        }
    }
}

/// The newest version of the schema that this program knows: the number of its last migration.
pub fn known_schema() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// Applies the migrations that are missing and makes the logins. The URL's role must own the database
/// and may create roles. Safe to call at any time, from several programs at once. A database that a
/// newer program migrated is left alone and refused.
pub async fn migrate(owner_url: &str, logins: &Logins) -> Result<(), StoreError> {
    let options = connect_options(owner_url)?.application_name("ngpool migrate");
    let mut connection = options.connect().await?;
    refuse_newer(&mut connection).await?;
    for statement in role_statements(logins) {
        shared_catalog(&mut connection, &statement).await?;
    }
    // What the migrations make belongs to the owner role, whoever runs them.
    let own = format!("SET ROLE {OWNER}");
    sqlx::raw_sql(AssertSqlSafe(own))
        .execute(&mut connection)
        .await?;
    MIGRATIONS.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Before anything is touched: what this program does not know it cannot keep.
async fn refuse_newer(connection: &mut PgConnection) -> Result<(), StoreError> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        return Ok(());
    }
    let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await?;
    let known = known_schema();
    match found {
        Some(found) if found > known => Err(StoreError::NewerSchema { found, known }),
        _ => Ok(()),
    }
}

/// Everything about roles, each statement safe to repeat.
fn role_statements(logins: &Logins) -> Vec<String> {
    let mut statements = Vec::new();
    for role in GROUPS.iter().chain([&OWNER]) {
        statements.push(create_role(role, "NOLOGIN"));
    }
    statements.push(format!("GRANT {OWNER} TO CURRENT_USER"));
    statements.push(format!("GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}"));
    for group in GROUPS {
        statements.push(format!("GRANT USAGE ON SCHEMA public TO {group}"));
    }
    for (login, group) in [&logins.ledger, &logins.payout, &logins.web]
        .into_iter()
        .zip(GROUPS)
    {
        let Some(login) = login else { continue };
        let name = identifier(&login.name);
        statements.push(create_role(&login.name, "LOGIN"));
        if let Some(password) = &login.password {
            statements.push(format!(
                "ALTER ROLE {name} LOGIN PASSWORD {}",
                literal(password)
            ));
        }
        statements.push(format!("GRANT {group} TO {name}"));
    }
    statements
}

fn create_role(name: &str, options: &str) -> String {
    format!(
        "DO $do$ BEGIN
             IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {}) THEN
                 CREATE ROLE {} {options};
             END IF;
         END $do$",
        literal(name),
        identifier(name)
    )
}

/// Runs a statement on catalogs that all databases of a server share: others may migrate theirs at
/// the same moment, which PostgreSQL tells as an error instead of waiting.
async fn shared_catalog(connection: &mut PgConnection, statement: &str) -> Result<(), StoreError> {
    const ATTEMPTS: u32 = 50;
    let mut attempt = 0;
    loop {
        let result = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut *connection)
            .await;
        let Err(error) = result else { return Ok(()) };
        attempt += 1;
        // Tuple concurrently updated, unique violation, duplicate object.
        let raced = matches!(code(&error).as_deref(), Some("XX000" | "23505" | "42710"));
        if !raced || attempt == ATTEMPTS {
            return Err(error.into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text literal with every backslash and quote escaped; a dollar sign cannot end the block around.
fn literal(text: &str) -> String {
    let mut out = String::from("U&'");
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || character == '_' {
            out.push(character);
        } else {
            out.push_str("\\+");
            let code = u32::from(character);
            out.extend(
                (0..6)
                    .rev()
                    .filter_map(|digit| char::from_digit(code >> (4 * digit) & 0xf, 16)),
            );
        }
    }
    out.push('\'');
    out
}
