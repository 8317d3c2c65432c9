//! The files of a signer: opened, made, shown.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use age::secrecy::SecretString;
use anyhow::{Context, bail, ensure};
use clap::Args;
use ngpool_chain::{Network, Preset, PrivateKey};
use rand::{TryRng, rngs::SysRng};
use zeroize::Zeroizing;

use crate::{
    journal::Journal,
    keyring::{Key, address_of},
    keystore::{Keystore, Unlock},
    policy::Policy,
    signer::Signer,
};

#[derive(Debug, Args)]
pub(super) struct Files {
    /// The encrypted keystore.
    #[arg(long)]
    keystore: PathBuf,
    /// Its journal [default: the keystore's name with .journal].
    #[arg(long)]
    journal: Option<PathBuf>,
    /// File with an age identity that opens the keystore, instead of a passphrase.
    #[arg(long, conflicts_with = "passphrase_file")]
    identity: Option<PathBuf>,
    /// File whose first line is the passphrase; asked for on the terminal without.
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
}

/// The files of a signer that answers.
#[derive(Debug, Args)]
pub(super) struct SignerFiles {
    #[command(flatten)]
    files: Files,
    /// The policy; see docs/signer-policy.yaml.
    #[arg(long)]
    pub(super) policy: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct ChainArguments {
    /// For a new keystore: a known chain, such as litecoin, or a JSON file with network parameters.
    #[arg(long)]
    pub(super) network: Option<String>,
    /// For a new keystore: code of the currency [default: the known chain's].
    #[arg(long)]
    pub(super) currency: Option<String>,
}

impl SignerFiles {
    /// The signer that these files make.
    pub(super) fn open(&self) -> anyhow::Result<Signer> {
        let (keystore, journal) = self.files.open()?;
        let policy = Policy::read(&self.policy, keystore.network())?;
        Ok(Signer::new(keystore, journal, policy)?)
    }
}

impl Files {
    fn journal(&self) -> PathBuf {
        self.journal.clone().unwrap_or_else(|| {
            let mut name = self.keystore.as_os_str().to_owned();
            name.push(".journal");
            PathBuf::from(name)
        })
    }

    fn unlock(&self, is_new: bool) -> anyhow::Result<Unlock> {
        let read = |path: &Path| {
            fs::read_to_string(path)
                .map(Zeroizing::new)
                .with_context(|| format!("cannot read {}", path.display()))
        };
        if let Some(path) = &self.identity {
            return Ok(Unlock::Identity(SecretString::from(
                read(path)?.as_str().to_owned(),
            )));
        }
        let passphrase = if let Some(path) = &self.passphrase_file {
            Zeroizing::new(read(path)?.lines().next().unwrap_or_default().to_owned())
        } else {
            let first = Zeroizing::new(rpassword::prompt_password("Passphrase: ")?);
            if is_new {
                let again = Zeroizing::new(rpassword::prompt_password("The same again: ")?);
                ensure!(first == again, "the two passphrases differ");
            }
            first
        };
        ensure!(!passphrase.is_empty(), "the passphrase is empty");
        Ok(Unlock::Passphrase {
            passphrase: SecretString::from(passphrase.as_str().to_owned()),
            work_factor: None,
        })
    }

    /// Opens keystore and journal; the journal is locked first.
    pub(super) fn open(&self) -> anyhow::Result<(Keystore, Journal)> {
        ensure!(
            self.keystore.exists(),
            "there is no keystore {}: make one by keygen or import",
            self.keystore.display()
        );
        let locked = Journal::lock(&self.journal())?;
        let keystore = Keystore::open(&self.keystore, self.unlock(false)?)?;
        let journal = Journal::open(locked, keystore.journal())?;
        Ok((keystore, journal))
    }
}

/// Adds a key to a keystore, which is made if it is not there, and prints its address.
pub(super) fn add(
    files: &Files,
    chain: &ChainArguments,
    descriptor: impl FnOnce(&Network) -> anyhow::Result<Zeroizing<String>>,
) -> anyhow::Result<()> {
    // Held so that no other process signs or adds meanwhile.
    let (mut keystore, _journal) = if files.keystore.exists() {
        ensure!(
            chain.network.is_none() && chain.currency.is_none(),
            "the keystore {} is there and has its network: leave --network and --currency out",
            files.keystore.display()
        );
        files.open()?
    } else {
        create(files, chain)?
    };
    let network = keystore.network().clone();
    let key = Key::parse(&descriptor(&network)?, &network)?;
    let address = address_of(&key, &network);
    keystore.add(key)?;
    match address {
        Some(address) => writeln!(io::stdout(), "{address}")?,
        None => bail!("the network has no address for this kind"),
    }
    Ok(())
}

/// The network that a name or a file means, with its usual code where it is a known one.
pub(super) fn read_network(named: &str) -> anyhow::Result<(Network, Option<String>)> {
    if let Some(preset) = Preset::named(named) {
        return Ok((preset.network.clone(), Some(preset.code.to_owned())));
    }
    let text = fs::read_to_string(named).with_context(|| {
        format!("{named:?} is neither a known chain nor a file with network parameters")
    })?;
    let network = serde_json::from_str(&text).with_context(|| format!("cannot use {named}"))?;
    Ok((network, None))
}

fn create(files: &Files, chain: &ChainArguments) -> anyhow::Result<(Keystore, Journal)> {
    let Some(named) = &chain.network else {
        bail!(
            "there is no keystore {}: give --network to make one",
            files.keystore.display()
        );
    };
    let (network, code) = read_network(named)?;
    let currency = chain
        .currency
        .clone()
        .or(code)
        .context("give the currency's code by --currency")?;
    let mut id = [0; 16];
    SysRng
        .try_fill_bytes(&mut id)
        .context("the system gave no randomness")?;
    let unlock = files.unlock(true)?;
    let journal = Journal::create(&files.journal(), id)?;
    let keystore = Keystore::create(
        &files.keystore,
        unlock,
        &currency,
        network,
        journal.marker(),
    )?;
    Ok((keystore, journal))
}

pub(super) fn draw(network: &Network) -> anyhow::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0; 32]);
    SysRng
        .try_fill_bytes(&mut *bytes)
        .context("the system gave no randomness")?;
    let key = PrivateKey::from_bytes(&bytes)?;
    Ok(Zeroizing::new(key.to_wif(network)))
}

pub(super) fn read_key(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    if path == Path::new("-") {
        io::stdin().read_to_string(&mut text)?;
    } else {
        fs::File::open(path)
            .and_then(|mut file| file.read_to_string(&mut text))
            .with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(text)
}

pub(super) fn show(files: &Files) -> anyhow::Result<u8> {
    let (keystore, journal) = files.open()?;
    let mut out = io::stdout();
    writeln!(out, "currency   {}", keystore.currency())?;
    writeln!(out, "genesis    {}", keystore.network().genesis_hash)?;
    for key in keystore.keyring().keys() {
        if let Some(address) = address_of(key, keystore.network()) {
            writeln!(out, "address    {address}")?;
        }
    }
    let books = journal.books();
    writeln!(out, "payout     {}", books.last_payout())?;
    for chain in &books.stated() {
        writeln!(out, "statement  {} {}", chain.sharechain, chain.after)?;
    }
    let (credited, signed) = books
        .ledger()
        .accounts()
        .values()
        .fold((0, 0), |(credited, signed), account| {
            (credited + account.credited, signed + account.signed)
        });
    writeln!(out, "credited   {credited}")?;
    writeln!(out, "signed     {signed}")?;
    Ok(0)
}
