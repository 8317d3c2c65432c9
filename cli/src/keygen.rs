//! `ngpool keygen`: a key and its address for a currency, made offline.

use std::{
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use ngpool_chain::{Address, Network, PrivateKey};
use rand::{TryRng, rngs::SysRng};
use serde::Serialize;
use thiserror::Error;

/// Make a key and address that block rewards can go to. Nothing leaves this machine.
#[derive(Debug, Args)]
pub struct KeygenCommand {
    /// A known chain, such as litecoin or litecoin-regtest, or a YAML file with a Currency.
    pub currency: String,
    /// The Currency of the file, by object name, where it holds several.
    #[arg(long)]
    pub name: Option<String>,
    /// Kind of address [default: p2wpkh where the chain has segwit, else p2pkh].
    #[arg(long, value_enum)]
    pub kind: Option<KeyKind>,
    /// Write the key to this new file, readable by you alone, instead of printing it.
    #[arg(short, long)]
    pub out: Option<PathBuf>,
    /// Print a JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Kinds of address a single key can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyKind {
    /// Segwit version 0.
    P2wpkh,
    /// The oldest kind, on every chain.
    P2pkh,
}

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeygenError {
    /// Neither a preset nor a file.
    #[error("{given:?} is neither a file nor a known chain; known are {known}")]
    Unknown {
        /// As given.
        given: String,
        /// Names of the presets.
        known: String,
    },
    /// The file's objects cannot be used.
    #[error("{0}")]
    File(String),
    /// The chain has no such addresses.
    #[error("{0} has no segwit addresses: pass --kind p2pkh")]
    Segwit(String),
    /// The system gave no randomness.
    #[error("the system gave no randomness: {0}")]
    Random(String),
    /// The key cannot be stored.
    #[error("cannot write the key to {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The result cannot be printed.
    #[error("cannot print the address")]
    Print(#[source] std::io::Error),
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Made {
    currency: String,
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    wif: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_file: Option<PathBuf>,
}

/// Makes a key, stores or prints it.
pub fn run(command: KeygenCommand, output: &mut dyn Write) -> Result<(), KeygenError> {
    let network = network(&command)?;
    let key = draw()?;
    let address = address(&key, &network, &command)?;
    let wif = key.to_wif(&network);
    let made = match command.out {
        Some(path) => {
            store(&path, &wif)?;
            Made {
                currency: command.currency,
                address,
                wif: None,
                key_file: Some(path),
            }
        }
        None => Made {
            currency: command.currency,
            address,
            wif: Some(wif),
            key_file: None,
        },
    };
    print(&made, command.json, output).map_err(KeygenError::Print)
}

fn network(command: &KeygenCommand) -> Result<Network, KeygenError> {
    let given = &command.currency;
    if let Some(network) = Network::preset(given) {
        return Ok(network);
    }
    if Path::new(given).exists() {
        return from_file(Path::new(given), command.name.as_deref());
    }
    Err(KeygenError::Unknown {
        given: given.clone(),
        known: Network::preset_names().collect::<Vec<_>>().join(", "),
    })
}

fn from_file(path: &Path, name: Option<&str>) -> Result<Network, KeygenError> {
    let objects = ngpool_crds::load(&[path.to_owned()])
        .map_err(|problems| KeygenError::File(problems.to_string()))?;
    let names: Vec<&str> = objects.currencies.keys().map(String::as_str).collect();
    let names = names.join(", ");
    let place = path.display();
    let currency = match name {
        Some(name) => objects.currencies.get(name).ok_or_else(|| {
            KeygenError::File(format!("{place} has no Currency {name:?}, only {names}"))
        })?,
        None if objects.currencies.len() > 1 => {
            return Err(KeygenError::File(format!(
                "{place} has several Currencies: choose one of {names} with --name"
            )));
        }
        None => objects
            .currencies
            .values()
            .next()
            .ok_or_else(|| KeygenError::File(format!("{place} has no Currency")))?,
    };
    match (currency.spec.preset, currency.spec.network.clone()) {
        (Some(preset), _) => Ok(preset.network.clone()),
        (None, Some(network)) => Ok(network.into()),
        (None, None) => Err(KeygenError::File(format!(
            "the Currency in {place} has neither a preset nor a network"
        ))),
    }
}

fn draw() -> Result<PrivateKey, KeygenError> {
    let mut bytes = [0; 32];
    // A number outside the group is as likely as guessing the key: one more draw is enough for ever.
    for _ in 0..2 {
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| KeygenError::Random(error.to_string()))?;
        if let Ok(key) = PrivateKey::from_bytes(&bytes) {
            return Ok(key);
        }
    }
    Err(KeygenError::Random(
        "two draws in a row were no keys".to_owned(),
    ))
}

fn address(
    key: &PrivateKey,
    network: &Network,
    command: &KeygenCommand,
) -> Result<String, KeygenError> {
    let address: Address = match command.kind {
        Some(KeyKind::P2pkh) => key.p2pkh(network),
        Some(KeyKind::P2wpkh) => key
            .p2wpkh(network)
            .ok_or_else(|| KeygenError::Segwit(command.currency.clone()))?,
        None => key.p2wpkh(network).unwrap_or_else(|| key.p2pkh(network)),
    };
    Ok(address.as_str().to_owned())
}

/// Writes the key to a file that must not exist, so that no key is ever overwritten.
fn store(path: &Path, wif: &str) -> Result<(), KeygenError> {
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        writeln!(file, "{wif}")?;
        file.sync_all()
    };
    write().map_err(|source| KeygenError::Write {
        path: path.to_owned(),
        source,
    })
}

fn print(made: &Made, json: bool, output: &mut dyn Write) -> std::io::Result<()> {
    if json {
        serde_json::to_writer(&mut *output, made)?;
        return writeln!(output);
    }
    writeln!(output, "address  {}", made.address)?;
    match (&made.wif, &made.key_file) {
        (Some(wif), _) => writeln!(output, "key      {wif}"),
        (None, Some(file)) => writeln!(output, "key      in {}", file.display()),
        (None, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn command(currency: &str) -> KeygenCommand {
        KeygenCommand {
            currency: currency.to_owned(),
            name: None,
            kind: None,
            out: None,
            json: true,
        }
    }

    fn made(command: KeygenCommand) -> serde_json::Value {
        let mut output = Vec::new();
        run(command, &mut output).unwrap();
        serde_json::from_slice(&output).unwrap()
    }

    #[test]
    fn every_known_chain_gets_an_address_of_its_own() {
        for name in Network::preset_names() {
            let made = made(command(name));
            let network = Network::preset(name).unwrap();
            let address = made["address"].as_str().unwrap();
            assert!(
                Address::parse(address, &network).is_ok(),
                "{name}: {address}"
            );
            assert!(made["wif"].as_str().unwrap().len() > 50);
        }
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(
            made(command("litecoin"))["wif"],
            made(command("litecoin"))["wif"]
        );
    }

    #[test]
    fn a_key_that_goes_to_a_file_is_not_printed_and_never_overwrites() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let to_file = || KeygenCommand {
            out: Some(path.clone()),
            ..command("litecoin")
        };
        let made = made(to_file());
        assert_eq!(made.get("wif"), None);
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let error = run(to_file(), &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("File exists"), "{error}");
    }

    #[test]
    fn an_unknown_chain_is_refused_with_the_known_ones() {
        let error = run(command("lightcoin"), &mut Vec::new())
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("\"lightcoin\" is neither a file nor a known chain; known are "));
        assert!(error.contains("litecoin-regtest"));
    }

    #[test]
    fn a_currency_of_a_file_gets_an_address_of_its_network() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("currency.yaml");
        let currency = |name: &str, preset: &str| {
            format!(
                "apiVersion: ngpool.io/v1alpha1\nkind: Currency\nmetadata: {{name: {name}}}\n\
                 spec: {{code: C, preset: {preset}, subsidyAddress: LLLLLLLLLLLLLLLLLLLL}}\n"
            )
            .replace("code: C", &format!("code: C{}", name.to_uppercase()))
        };
        std::fs::write(&path, currency("one", "litecoin-regtest")).unwrap();
        let given = path.to_str().unwrap();
        assert!(
            made(command(given))["address"]
                .as_str()
                .unwrap()
                .starts_with("rltc1")
        );
        let two = format!(
            "{}---\n{}",
            currency("one", "litecoin"),
            currency("two", "dogecoin")
        );
        std::fs::write(&path, two).unwrap();
        let error = run(command(given), &mut Vec::new())
            .unwrap_err()
            .to_string();
        assert!(
            error.ends_with("choose one of one, two with --name"),
            "{error}"
        );
        let named = KeygenCommand {
            name: Some("two".to_owned()),
            ..command(given)
        };
        assert!(made(named)["address"].as_str().unwrap().starts_with('D'));
    }

    #[test]
    fn segwit_is_refused_where_the_chain_has_none() {
        let command = KeygenCommand {
            kind: Some(KeyKind::P2wpkh),
            ..command("dogecoin")
        };
        let error = run(command, &mut Vec::new()).unwrap_err().to_string();
        assert_eq!(error, "dogecoin has no segwit addresses: pass --kind p2pkh");
    }
}
