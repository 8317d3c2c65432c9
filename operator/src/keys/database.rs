//! How the programs log in to the database.

use k8s_openapi::api::core::v1::Pod;
use ngpool_settings::{DatabaseAddress, MigrationReport};
use sha2::{Digest, Sha256};

use super::{
    Data, Unusable,
    made::{random, text},
};
use crate::{
    build::pool::{OWNER_URL_KEY, PASSWORD_KEY, ROLES, role_secret},
    view::View,
};

/// Name of the bundled database and of the role that owns it.
const BUNDLED: &str = "ngpool";

/// Password and URL of the role that owns the bundled database. PostgreSQL takes the password in when
/// its volume is new: the two stay as long as each other.
pub(super) fn owner(there: &Data, service: &str) -> Result<Data, Unusable> {
    let password = match text(there, PASSWORD_KEY) {
        Some(password) => password.to_owned(),
        None if there.contains_key(PASSWORD_KEY) || there.contains_key(OWNER_URL_KEY) => {
            return Err(Unusable(
                "it has no password: put the one back that the database was made with, or remove both \
                 the Secret and the database's claim",
            ));
        }
        None => random(),
    };
    let address = DatabaseAddress {
        host: service.to_owned(),
        port: 5432,
        database: BUNDLED.to_owned(),
        options: std::collections::BTreeMap::new(),
    };
    let url = address.url(BUNDLED, Some(&password));
    Ok(Data::from([
        (PASSWORD_KEY.to_owned(), password.into_bytes()),
        (OWNER_URL_KEY.to_owned(), url.into_bytes()),
    ]))
}

/// Password and, once the database's address is known, URL of a role.
pub(super) fn role(role: &str, there: &Data, report: Option<&MigrationReport>) -> Data {
    let password = text(there, PASSWORD_KEY).map_or_else(random, ToOwned::to_owned);
    let url = report.and_then(|report| {
        let login = report.logins.get(role)?;
        Some(report.address.url(login, Some(&password)))
    });
    // What was known of the address stays true while nothing else is known: a pod that is done is
    // cleaned away some day. A new password makes the old URL wrong.
    let url = url.or_else(|| {
        text(there, PASSWORD_KEY)?;
        text(there, role).map(ToOwned::to_owned)
    });
    let mut data = Data::from([(PASSWORD_KEY.to_owned(), password.into_bytes())]);
    if let Some(url) = url {
        data.insert(role.to_owned(), url.into_bytes());
    }
    data
}

/// What a migration Job said of the database when it ended well.
pub(super) fn report(view: &View, job: &str) -> Option<MigrationReport> {
    let said = view.pods.values().find_map(|pod| termination(pod, job))?;
    serde_json::from_str(said).ok()
}

fn termination<'a>(pod: &'a Pod, job: &str) -> Option<&'a str> {
    let labels = pod.metadata.labels.as_ref()?;
    if labels.get("batch.kubernetes.io/job-name")? != job {
        return None;
    }
    let statuses = pod.status.as_ref()?.container_statuses.as_ref()?;
    statuses.iter().find_map(|status| {
        let ended = status.state.as_ref()?.terminated.as_ref()?;
        (ended.exit_code == 0).then_some(ended.message.as_deref())?
    })
}

/// Digest of the passwords of all roles: another password needs another migration Job, which makes it
/// known to the database. Nothing before they are made.
pub fn logins_digest(view: &View) -> Option<String> {
    let mut hash = Sha256::new();
    for role in ROLES {
        let secret = view.secrets.get(&role_secret(role))?;
        let password = secret.data.as_ref()?.get(PASSWORD_KEY)?;
        // Each is 256 random bits, so that a digest tells nothing of it.
        hash.update(Sha256::digest(&password.0));
    }
    Some(hex::encode(hash.finalize()))
}

/// Whether a role's Secret has its URL.
pub fn has_url(view: &View, role: &str) -> bool {
    view.secrets
        .get(&role_secret(role))
        .and_then(|secret| secret.data.as_ref())
        .is_some_and(|data| data.contains_key(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(host: &str) -> MigrationReport {
        MigrationReport {
            schema: 1,
            address: DatabaseAddress::of_url(&format!("postgres://o@{host}/pool")).unwrap(),
            logins: [("web".to_owned(), "web_pool".to_owned())].into(),
        }
    }

    #[test]
    fn a_role_gets_its_url_once_the_database_is_known_and_keeps_it() {
        let first = role("web", &Data::new(), None);
        assert!(!first.contains_key("web"));
        let known = role("web", &first, Some(&migration("db")));
        let password = text(&first, PASSWORD_KEY).unwrap();
        let url = format!("postgres://web_pool:{password}@db:5432/pool");
        assert_eq!(text(&known, "web").unwrap(), url);
        assert!(role("web", &known, None) == known);
        let moved = role("web", &known, Some(&migration("elsewhere")));
        assert!(text(&moved, "web").unwrap().contains("@elsewhere:"));
    }

    #[test]
    fn a_password_that_was_taken_out_takes_its_url_with_it() {
        let mut data = role("web", &Data::new(), Some(&migration("db")));
        data.remove(PASSWORD_KEY);
        assert!(!role("web", &data, None).contains_key("web"));
    }

    #[test]
    fn the_bundled_database_keeps_the_password_it_was_made_with() {
        let made = owner(&Data::new(), "pool-database").unwrap();
        assert!(owner(&made, "pool-database").unwrap() == made);
        let url = text(&made, "url").unwrap();
        assert!(
            url.starts_with("postgres://ngpool:") && url.ends_with("@pool-database:5432/ngpool")
        );
        let emptied = Data::from([(PASSWORD_KEY.to_owned(), Vec::new())]);
        owner(&emptied, "pool-database").unwrap_err();
    }
}
