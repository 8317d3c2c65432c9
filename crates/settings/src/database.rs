//! Where a pool's database is, without anybody's password: what its migration tells whoever makes the
//! URLs that the programs log in by.

use std::{collections::BTreeMap, fmt::Write};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Options of a URL that say how to connect and not as whom. Files are not among them: a file of one
/// program is not there for another.
const OPTIONS: [&str; 4] = [
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "options",
];
const DEFAULT_PORT: u16 = 5432;

/// Why a URL of a database cannot be used. Nothing of the URL is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DatabaseUrlError {
    /// Not a URL of PostgreSQL.
    #[error("the database URL is not like postgres://owner:password@host/name")]
    Form,
    /// The port is no number.
    #[error("the port in the database URL is not a number from 1 to 65535")]
    Port,
    /// A percent sign that is not one of an escape, or bytes that are no text.
    #[error("the database URL has an escape that cannot be read: write a percent sign as %25")]
    Escape,
}

/// A database without the user and the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseAddress {
    /// Host name, address, or the folder of a unix socket.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Name of the database.
    pub database: String,
    /// Options of connections, such as `sslmode`, as the URL of whoever migrates has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

/// What `ngpool migrate` reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationReport {
    /// Version of the schema that is there now: the number of the last migration.
    pub schema: i64,
    /// The database.
    pub address: DatabaseAddress,
    /// Names to log in with, by role: `ledger`, `payout`, `web`.
    pub logins: BTreeMap<String, String>,
}

impl DatabaseAddress {
    /// Of anybody's URL, as far as it is not his alone.
    pub fn of_url(url: &str) -> Result<Self, DatabaseUrlError> {
        let (scheme, rest) = url.trim().split_once("://").ok_or(DatabaseUrlError::Form)?;
        if !["postgres", "postgresql"].contains(&scheme) {
            return Err(DatabaseUrlError::Form);
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (host, port) = host_and_port(host)?;
        let user = decode(user.split(':').next().unwrap_or_default(), false)?;
        let mut address = Self {
            host: decode(host, false)?,
            port,
            database: decode(path.trim_start_matches('/'), false)?,
            options: BTreeMap::new(),
        };
        let mut named = user;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (decode(key, true)?, decode(value, true)?);
            match key.as_str() {
                "host" | "hostaddr" => address.host = value,
                "port" => address.port = port_number(&value)?,
                "dbname" => address.database = value,
                "user" => named = value,
                _ => {
                    if let Some(option) = option(&key) {
                        address.options.insert(option, value);
                    }
                }
            }
        }
        if address.database.is_empty() {
            // As PostgreSQL has it.
            address.database = named;
        }
        if address.host.is_empty() || address.database.is_empty() {
            return Err(DatabaseUrlError::Form);
        }
        Ok(address)
    }

    /// The URL of somebody who logs in by a password, or without one.
    pub fn url(&self, user: &str, password: Option<&str>) -> String {
        let socket = self.host.starts_with('/');
        let mut url = format!("postgres://{}", encode(user));
        if let Some(password) = password {
            url.push(':');
            url.push_str(&encode(password));
        }
        let host = match self.host.as_str() {
            // A URL with a user has a host, though nobody looks at it then.
            _ if socket => "localhost".to_owned(),
            host if host.contains(':') && !host.starts_with('[') => format!("[{host}]"),
            host => host.to_owned(),
        };
        let _never_fails = write!(url, "@{host}:{}/{}", self.port, encode(&self.database));
        let folder = socket.then(|| ("host".to_owned(), self.host.clone()));
        for (place, (key, value)) in folder
            .iter()
            .map(|(key, value)| (key, value))
            .chain(&self.options)
            .enumerate()
        {
            url.push(if place == 0 { '?' } else { '&' });
            let _never_fails = write!(url, "{}={}", encode(key), encode(value));
        }
        url
    }
}

/// Name of an option that is passed on, as it is spelt most.
fn option(key: &str) -> Option<String> {
    let known = match key {
        "ssl-mode" => "sslmode",
        "ssl-root-cert" | "ssl-ca" => "sslrootcert",
        key => key,
    };
    (OPTIONS.contains(&known) || known.starts_with("options[")).then(|| known.to_owned())
}

fn host_and_port(text: &str) -> Result<(&str, u16), DatabaseUrlError> {
    // The colons of an address of version 6 are in brackets.
    let after = text.rfind(']').map_or(0, |bracket| bracket + 1);
    match text.get(after..).and_then(|rest| rest.rfind(':')) {
        Some(colon) => {
            let (host, port) = text.split_at(after + colon);
            Ok((host, port_number(port.trim_start_matches(':'))?))
        }
        None => Ok((text, DEFAULT_PORT)),
    }
}

fn port_number(text: &str) -> Result<u16, DatabaseUrlError> {
    match text.parse() {
        Ok(0) | Err(_) => Err(DatabaseUrlError::Port),
        Ok(port) => Ok(port),
    }
}

/// Everything but the letters that mean nothing in a URL is escaped (RFC 3986, 2.3).
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _never_fails = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Undoes escapes; in a query, a plus sign is a space.
fn decode(text: &str, query: bool) -> Result<String, DatabaseUrlError> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let digits = [bytes.next(), bytes.next()].map(|digit| {
                    let digit = char::from(digit?).to_digit(16)?;
                    u8::try_from(digit).ok()
                });
                let [Some(high), Some(low)] = digits else {
                    return Err(DatabaseUrlError::Escape);
                };
                out.push(high << 4 | low);
            }
            b'+' if query => out.push(b' '),
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).map_err(|_| DatabaseUrlError::Escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(url: &str) -> String {
        DatabaseAddress::of_url(url)
            .unwrap()
            .url("me", Some("p@ss/w:d%"))
    }

    #[test]
    fn a_url_keeps_everything_but_who_logs_in() {
        assert_eq!(
            again("postgres://o:p@db.example:5433/pool"),
            "postgres://me:p%40ss%2Fw%3Ad%25@db.example:5433/pool"
        );
        assert_eq!(
            again("postgresql://o@db/pool?sslmode=require&application_name=x&password=y"),
            "postgres://me:p%40ss%2Fw%3Ad%25@db:5432/pool?sslmode=require"
        );
        assert_eq!(
            again("postgres:///pool?host=/run/pg&user=o&password=x"),
            "postgres://me:p%40ss%2Fw%3Ad%25@localhost:5432/pool?host=%2Frun%2Fpg"
        );
        assert_eq!(
            again("postgres://o:p%40@[fd00::1]:5444/a%20b"),
            "postgres://me:p%40ss%2Fw%3Ad%25@[fd00::1]:5444/a%20b"
        );
        assert_eq!(
            DatabaseAddress::of_url("postgres://o:p@h\n")
                .unwrap()
                .url("me", None),
            "postgres://me@h:5432/o"
        );
    }

    #[test]
    fn what_is_read_back_is_the_same() {
        let address = DatabaseAddress {
            host: "/run/my pg".to_owned(),
            port: 7,
            database: "é&=?".to_owned(),
            options: [
                ("sslmode".to_owned(), "verify-full".to_owned()),
                ("sslrootcert".to_owned(), "-----BEGIN C\n+/=\n".to_owned()),
                ("options[a b]".to_owned(), "c".to_owned()),
            ]
            .into(),
        };
        let url = address.url("someone", Some("+ &"));
        assert_eq!(DatabaseAddress::of_url(&url).unwrap(), address);
    }

    #[test]
    fn what_is_no_url_is_refused_without_telling_it() {
        for (url, error) in [
            ("localhost/pool", DatabaseUrlError::Form),
            ("mysql://o:secret@h/d", DatabaseUrlError::Form),
            ("postgres://o:secret@/d", DatabaseUrlError::Form),
            ("postgres://o:secret@h:x/d", DatabaseUrlError::Port),
            ("postgres://o:secret@h:0/d", DatabaseUrlError::Port),
            ("postgres://o%zz:secret@h/d", DatabaseUrlError::Escape),
        ] {
            let found = DatabaseAddress::of_url(url).unwrap_err();
            assert_eq!(found, error, "{url}");
            assert!(!found.to_string().contains("secret"));
        }
    }
}
