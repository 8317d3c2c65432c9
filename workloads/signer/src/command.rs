//! The command line: making keys, showing what is public, signing files.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use age::secrecy::SecretString;
use anyhow::{Context, bail, ensure};
use clap::{Args, Parser, Subcommand};
use ngpool_chain::{Network, Preset, PrivateKey};
use rand::{TryRng, rngs::SysRng};
use zeroize::Zeroizing;

use crate::{
    books::{PayoutBooks, Timestamp},
    journal::Journal,
    keyring::{Key, Kind, address_of},
    keystore::{Keystore, Unlock, replace},
    policy::Policy,
    request::{MAX_REQUEST, Outcome, Request},
    signer::{self, Signer},
};

/// Exit code when nothing was signed because a rule forbids it; 2 is a wrong command line.
const REFUSED: u8 = 3;
/// Exit code when pool or signer lacks something; the answer says what.
const NEEDS: u8 = 4;

/// Holds the keys of a pool outside of it: checks payouts, signs them, keeps its own books.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a key in a keystore; a new keystore and its journal are made with it.
    Keygen {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        chain: ChainArguments,
        /// Kind of output that the key spends.
        #[arg(long, value_enum)]
        kind: Kind,
    },
    /// Put a key into a keystore: read from a file or from standard input, as WIF with --kind or as
    /// a descriptor pkh(WIF), wpkh(WIF), sh(wpkh(WIF)) or tr(WIF).
    Import {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        chain: ChainArguments,
        /// Kind of output, where the file holds a bare WIF key.
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        /// File with the key; - for standard input.
        key: PathBuf,
    },
    /// Show what is public: addresses, and how far the books go.
    Show {
        #[command(flatten)]
        files: Files,
    },
    /// Answer a request file, offline. Exits with 0 when it was signed, 3 when it was refused, 4
    /// when something must be booked first.
    Sign {
        #[command(flatten)]
        files: Files,
        /// The policy; see docs/signer-policy.yaml.
        #[arg(long)]
        policy: PathBuf,
        /// The request.
        request: PathBuf,
        /// File for the answer.
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Say that a signed payout can never confirm, so that its payees may be paid by another. Only
    /// after its anchor was seen spent by something else, or its coinbase orphaned, deep in the
    /// chain: were it to confirm after all, its payees would be paid twice.
    Release {
        #[command(flatten)]
        files: Files,
        /// Number of the payout.
        number: u64,
        /// Do not ask for the number once more.
        #[arg(long)]
        confirm: bool,
    },
}

#[derive(Debug, Args)]
struct Files {
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

#[derive(Debug, Args)]
struct ChainArguments {
    /// For a new keystore: a known chain, such as litecoin, or a JSON file with network parameters.
    #[arg(long)]
    network: Option<String>,
    /// For a new keystore: code of the currency [default: the known chain's].
    #[arg(long)]
    currency: Option<String>,
}

impl Cli {
    /// Does what was asked. Returns the exit code.
    pub fn run(self) -> anyhow::Result<u8> {
        match self.command {
            Command::Keygen { files, chain, kind } => {
                add(&files, &chain, |network| {
                    let wif = draw(network)?;
                    Ok(kind.descriptor(&wif))
                })?;
                Ok(0)
            }
            Command::Import {
                files,
                chain,
                kind,
                key,
            } => {
                let text = read_key(&key)?;
                let descriptor = match kind {
                    Some(kind) => kind.descriptor(text.trim()),
                    None => text,
                };
                add(&files, &chain, |_| Ok(descriptor))?;
                Ok(0)
            }
            Command::Show { files } => show(&files),
            Command::Sign {
                files,
                policy,
                request,
                out,
            } => sign(&files, &policy, &request, &out),
            Command::Release {
                files,
                number,
                confirm,
            } => release(&files, number, confirm),
        }
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

    fn open(&self) -> anyhow::Result<(Keystore, Journal)> {
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
fn add(
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

fn create(files: &Files, chain: &ChainArguments) -> anyhow::Result<(Keystore, Journal)> {
    let Some(named) = &chain.network else {
        bail!(
            "there is no keystore {}: give --network to make one",
            files.keystore.display()
        );
    };
    let (network, code) = if let Some(preset) = Preset::named(named) {
        (preset.network.clone(), Some(preset.code.to_owned()))
    } else {
        let text = fs::read_to_string(named).with_context(|| {
            format!("{named:?} is neither a known chain nor a file with network parameters")
        })?;
        let network = serde_json::from_str(&text).with_context(|| format!("cannot use {named}"))?;
        (network, None)
    };
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

fn draw(network: &Network) -> anyhow::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0; 32]);
    SysRng
        .try_fill_bytes(&mut *bytes)
        .context("the system gave no randomness")?;
    let key = PrivateKey::from_bytes(&bytes)?;
    Ok(Zeroizing::new(key.to_wif(network)))
}

fn read_key(path: &Path) -> anyhow::Result<Zeroizing<String>> {
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

fn show(files: &Files) -> anyhow::Result<u8> {
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
    let position = books.position();
    writeln!(out, "payout     {}", position.payout)?;
    for chain in &position.statements {
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

fn sign(files: &Files, policy: &Path, request: &Path, out: &Path) -> anyhow::Result<u8> {
    let mut bytes = Vec::new();
    fs::File::open(request)
        .and_then(|file| file.take(MAX_REQUEST + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", request.display()))?;
    let request = Request::parse(&bytes)?;
    let (keystore, journal) = files.open()?;
    let policy = Policy::read(policy, keystore.network())?;
    let response = Signer::new(keystore, journal, policy)?.answer(&request, clock()?)?;
    let mut text = serde_json::to_vec_pretty(&response)?;
    text.push(b'\n');
    replace(out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    let mut said = io::stderr();
    let payout = match response.number {
        Some(number) => format!("payout {number}"),
        None => "no payout".to_owned(),
    };
    Ok(match &response.outcome {
        Outcome::Signed { txid, again, .. } => {
            let how = if *again { "given again" } else { "signed" };
            writeln!(said, "{payout}: {how} as {txid}")?;
            0
        }
        Outcome::Voided {} => {
            writeln!(said, "{payout}: void")?;
            0
        }
        Outcome::Booked {} => {
            writeln!(said, "{payout}: the statements are booked")?;
            0
        }
        Outcome::Waiting { text } => {
            writeln!(said, "{payout}: {text}")?;
            NEEDS
        }
        Outcome::Refused { reason, text } => {
            writeln!(said, "{payout}: refused ({reason}): {text}")?;
            REFUSED
        }
        Outcome::Needs {
            statements,
            payouts,
        } => {
            for missing in statements {
                let (chain, after) = (&missing.sharechain, missing.after);
                writeln!(
                    said,
                    "not signed: send the statements of {chain} after {after}"
                )?;
            }
            if !payouts.is_empty() {
                let count = payouts.len();
                writeln!(
                    said,
                    "not signed: the pool must book {count} payouts of the answer first"
                )?;
            }
            NEEDS
        }
    })
}

fn release(files: &Files, number: u64, is_confirmed: bool) -> anyhow::Result<u8> {
    let (mut keystore, mut journal) = files.open()?;
    let mut said = io::stderr();
    if let Some(PayoutBooks::Signed(signed)) = journal.books().payout(number) {
        writeln!(said, "payout {number} spends {}", signed.anchor)?;
        for part in &signed.parts {
            writeln!(said, "  {} to {}", part.amount, part.payee)?;
        }
        for version in &signed.versions {
            match &version.transaction {
                Some(whole) => writeln!(said, "  as {}", whole.0.compute_txid())?,
                None => writeln!(said, "  version {} by others", version.version)?,
            }
        }
        if !is_confirmed && !signed.is_released {
            write!(said, "Its number again, if it can never confirm: ")?;
            let mut typed = String::new();
            io::stdin().read_line(&mut typed)?;
            ensure!(
                typed.trim() == number.to_string(),
                "nothing was released: that is not the number"
            );
        }
    }
    match signer::release(&mut keystore, &mut journal, number, clock()?)? {
        Ok(is_new) => {
            let how = if is_new {
                "released"
            } else {
                "was released before"
            };
            writeln!(said, "payout {number} {how}")?;
            Ok(0)
        }
        Err(refusal) => {
            writeln!(said, "not released ({}): {refusal}", refusal.code())?;
            Ok(REFUSED)
        }
    }
}

fn clock() -> anyhow::Result<Timestamp> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is before 1970")?;
    Ok(i64::try_from(since.as_secs())?)
}
