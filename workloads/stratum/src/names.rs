//! Who mines: `address[.worker]` and the arguments in the password.

use std::sync::Arc;

use ngpool_chain::{Address, AddressError, Network};
use thiserror::Error;

/// Longest full name. Above 127 characters some firmware overflows, so nobody can have a longer one.
pub const NAME_LIMIT: usize = 127;
/// Longest worker name.
pub const WORKER_LIMIT: usize = 48;

/// A worker's name, checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The address in its canonical text: what the books know.
    pub user: Arc<str>,
    /// Empty when the miner gave none.
    pub worker: Arc<str>,
}

/// Why a name is refused; the text goes to the miner.
#[derive(Debug, Error)]
pub enum NameError {
    /// Nothing before the first point.
    #[error("the worker name must be ADDRESS or ADDRESS.WORKER")]
    Empty,
    /// Longer than miners' firmware can hold.
    #[error("the worker name has more than {NAME_LIMIT} characters")]
    TooLong,
    /// The worker part has other characters than allowed or too many.
    #[error("the part after the address may have up to {WORKER_LIMIT} letters, digits, . _ and -")]
    Worker,
    /// The address is not one of this chain.
    #[error("{0}")]
    Address(#[from] AddressError),
}

impl Name {
    /// Reads `address[.worker]` for a chain.
    pub fn parse(text: &str, network: &Network) -> Result<Self, NameError> {
        if text.len() > NAME_LIMIT {
            return Err(NameError::TooLong);
        }
        let (user, worker) = text.split_once('.').unwrap_or((text, ""));
        if user.is_empty() {
            return Err(NameError::Empty);
        }
        // An allow-list: names go to pages, files and the database.
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if worker.len() > WORKER_LIMIT || !worker.bytes().all(allowed) {
            return Err(NameError::Worker);
        }
        let address = Address::parse(user, network)?;
        Ok(Self {
            user: address.as_str().into(),
            worker: worker.into(),
        })
    }
}

/// What users put into the password field.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Arguments {
    /// `d=`: difficulty to stay at.
    pub fixed: Option<f64>,
    /// `md=`: never easier than this.
    pub minimum: Option<f64>,
}

impl Arguments {
    /// Reads arguments separated by commas, semicolons or spaces; what is not understood is skipped,
    /// because most passwords are `x`.
    #[must_use]
    pub fn parse(password: &str) -> Self {
        let mut arguments = Self::default();
        for part in password.split([',', ';', ' ']) {
            let Some((key, value)) = part.split_once('=') else {
                continue;
            };
            let number = value
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite() && *number > 0.0);
            match key {
                "d" | "diff" => arguments.fixed = number.or(arguments.fixed),
                "md" | "mindiff" => arguments.minimum = number.or(arguments.minimum),
                _ => {}
            }
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "rltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kk0n3aq";

    fn network() -> Network {
        Network::preset("litecoin-regtest").unwrap()
    }

    fn address() -> String {
        Address::p2wpkh([7; 20], &network()).unwrap().to_string()
    }

    #[test]
    fn a_name_is_an_address_and_perhaps_a_worker() {
        let address = address();
        let name = Name::parse(&address, &network()).unwrap();
        assert_eq!((&*name.user, &*name.worker), (address.as_str(), ""));
        let name = Name::parse(&format!("{address}.rig-1.a_b"), &network()).unwrap();
        assert_eq!(
            (&*name.user, &*name.worker),
            (address.as_str(), "rig-1.a_b")
        );
    }

    #[test]
    fn letter_case_of_an_address_makes_no_second_user() {
        let name = Name::parse(&address().to_uppercase(), &network()).unwrap();
        assert_eq!(&*name.user, address());
    }

    #[test]
    fn a_name_that_could_hurt_is_refused_with_the_reason() {
        let address = address();
        for (text, reason) in [
            (String::new(), "ADDRESS"),
            (".rig".to_owned(), "ADDRESS"),
            (format!("{address}.a b"), "letters"),
            (format!("{address}.<script>"), "letters"),
            (format!("{address}.'; drop"), "letters"),
            (format!("{address}.é"), "letters"),
            (format!("{address}.{}", "a".repeat(49)), "48"),
            ("a".repeat(200), "127"),
            (ADDRESS.replace('q', "p"), "valid address"),
            (
                "1BoatSLRHtKNngkdXEeobR76b53LETtpyT".to_owned(),
                "not of this network",
            ),
        ] {
            let error = Name::parse(&text, &network()).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn password_arguments_are_found_among_other_things() {
        assert_eq!(Arguments::parse("x"), Arguments::default());
        assert_eq!(
            Arguments::parse("x,d=1024;md=0.5"),
            Arguments {
                fixed: Some(1024.0),
                minimum: Some(0.5)
            }
        );
        for hostile in ["d=NaN", "d=inf", "d=-1", "d=0", "d=", "=", "d=1e999"] {
            assert_eq!(Arguments::parse(hostile), Arguments::default(), "{hostile}");
        }
    }
}
