//! Who a program is, by its certificate.

use std::{fmt, str::FromStr};

use thiserror::Error;
use x509_parser::{extensions::GeneralName, prelude::FromDer, prelude::X509Certificate};

/// A program of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Namespace of its pool.
    pub namespace: String,
    /// The program, such as `ngstratum`.
    pub program: String,
    /// Name of the object it serves.
    pub name: String,
}

/// A certificate without a usable name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// Not a certificate.
    #[error("the peer's certificate cannot be read")]
    Certificate,
    /// None, or more than one.
    #[error("the peer's certificate has {0} names of the form ngpool://namespace/program/name")]
    Names(usize),
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            namespace,
            program,
            name,
        } = self;
        write!(f, "ngpool://{namespace}/{program}/{name}")
    }
}

impl FromStr for Identity {
    type Err = IdentityError;

    fn from_str(uri: &str) -> Result<Self, IdentityError> {
        let rest = uri
            .strip_prefix("ngpool://")
            .ok_or(IdentityError::Names(0))?;
        let mut words = rest.split('/');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some(namespace), Some(program), Some(name), None)
                if ![namespace, program, name].contains(&"") =>
            {
                Ok(Self {
                    namespace: namespace.to_owned(),
                    program: program.to_owned(),
                    name: name.to_owned(),
                })
            }
            _ => Err(IdentityError::Names(0)),
        }
    }
}

impl Identity {
    /// Reads it from a certificate in DER: exactly one URI of ours.
    pub fn of_certificate(der: &[u8]) -> Result<Self, IdentityError> {
        let (_, certificate) =
            X509Certificate::from_der(der).map_err(|_| IdentityError::Certificate)?;
        let names = certificate
            .subject_alternative_name()
            .map_err(|_| IdentityError::Certificate)?;
        let mut identities: Vec<Self> = names
            .iter()
            .flat_map(|names| &names.value.general_names)
            .filter_map(|name| match name {
                GeneralName::URI(uri) => uri.parse().ok(),
                _ => None,
            })
            .collect();
        match (identities.pop(), identities.len()) {
            (Some(identity), 0) => Ok(identity),
            (None, _) => Err(IdentityError::Names(0)),
            (Some(_), others) => Err(IdentityError::Names(others + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_exactly_three_words() {
        let identity: Identity = "ngpool://pools/ngstratum/main".parse().unwrap();
        assert_eq!(identity.program, "ngstratum");
        assert_eq!(identity.to_string(), "ngpool://pools/ngstratum/main");
        for wrong in [
            "",
            "ngpool://",
            "ngpool://a/b",
            "ngpool://a/b/",
            "ngpool://a//c",
            "ngpool://a/b/c/d",
            "https://a/b/c",
            "NGPOOL://a/b/c",
        ] {
            assert!(wrong.parse::<Identity>().is_err(), "{wrong}");
        }
    }
}
