//! The command line: making keys, showing what is public, signing files.

mod answer;
mod files;
mod others;
mod pool;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::keyring::{Key, Kind};

use files::{ChainArguments, Files, SignerFiles};
use pool::PoolArguments;

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
    /// a descriptor pkh(KEY), wpkh(KEY), sh(wpkh(KEY)), tr(KEY) or wsh(sortedmulti(M,KEY,…)). A KEY is
    /// a WIF, or, where another signer or a device has it, a public key [FINGERPRINT/PATH]KEY.
    Import {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        chain: ChainArguments,
        /// Kind of output, where the file holds a bare WIF key.
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        /// Which address of a descriptor of a range (`/*`).
        #[arg(long, conflicts_with = "kind")]
        index: Option<u32>,
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
        files: SignerFiles,
        /// The request.
        request: PathBuf,
        /// File for the answer.
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Sign a request of a multisig as one of several signers: the file that comes out is the
    /// request for the next signer, with this one's signatures, or the answer when it is whole.
    /// Exits with 4 when signatures are lacking.
    Cosign {
        #[command(flatten)]
        files: SignerFiles,
        /// The request, from the pool or from the signer before.
        request: PathBuf,
        /// File for the next signer's request, or for the answer.
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Make a PSBT of a request for a device that has the keys. From then on the payout counts as
    /// signed, whether or not the device's PSBT ever comes back.
    ExportPsbt {
        #[command(flatten)]
        files: SignerFiles,
        /// The request.
        request: PathBuf,
        /// File for the PSBT.
        #[arg(short, long)]
        out: PathBuf,
        /// File for the answer, which the pool may be given meanwhile.
        #[arg(long)]
        answer: Option<PathBuf>,
    },
    /// Take PSBTs that devices signed, of a payout that was exported. What comes out is the answer,
    /// or a request for the next signer of a multisig.
    ImportPsbt {
        #[command(flatten)]
        files: SignerFiles,
        /// The signed PSBTs, in binary, base64 or hexadecimal; several are put together.
        #[arg(required = true)]
        psbt: Vec<PathBuf>,
        /// File for the answer, or for the next signer's request.
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Ask the pool for what there is to do, answer it, and end. Exits as `sign` does, and with 0
    /// when there is nothing.
    Run {
        #[command(flatten)]
        files: SignerFiles,
        #[command(flatten)]
        pool: PoolArguments,
    },
    /// Ask the pool again and again, until a signal. Journal and keystore stay locked meanwhile.
    Watch {
        #[command(flatten)]
        files: SignerFiles,
        #[command(flatten)]
        pool: PoolArguments,
        /// Seconds from one poll to the next; longer while the same is asked over and over or the
        /// pool cannot be reached.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
        interval: u64,
    },
    /// Fetch the pool's request into a file, for a signer without network. Needs no keys. Exits with
    /// 4 when there is nothing.
    Fetch {
        #[command(flatten)]
        pool: PoolArguments,
        #[command(flatten)]
        chain: ChainArguments,
        /// The signer's last answer: it says how far its books go. Without one all statements come
        /// from the first.
        #[arg(long)]
        after: Option<PathBuf>,
        /// File for the request.
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Hand a signer's answer file over to the pool. Needs no keys.
    Deliver {
        #[command(flatten)]
        pool: PoolArguments,
        /// The answer.
        answer: PathBuf,
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

impl Cli {
    /// Does what was asked. Returns the exit code.
    pub fn run(self) -> anyhow::Result<u8> {
        match self.command {
            Command::Keygen { files, chain, kind } => {
                files::add(&files, &chain, |network| {
                    let wif = files::draw(network)?;
                    Ok(kind.descriptor(&wif))
                })?;
                Ok(0)
            }
            Command::Import {
                files,
                chain,
                kind,
                index,
                key,
            } => {
                let text = files::read_key(&key)?;
                let descriptor = match kind {
                    Some(kind) => kind.descriptor(text.trim()),
                    None => Key::at_index(&text, index)?,
                };
                files::add(&files, &chain, |_| Ok(descriptor))?;
                Ok(0)
            }
            Command::Show { files } => files::show(&files),
            Command::Sign {
                files,
                request,
                out,
            } => answer::sign(&files, &request, &out),
            Command::Cosign {
                files,
                request,
                out,
            } => others::cosign(&files, &request, &out),
            Command::ExportPsbt {
                files,
                request,
                out,
                answer,
            } => others::export(&files, &request, &out, answer.as_deref()),
            Command::ImportPsbt { files, psbt, out } => others::import(&files, &psbt, &out),
            Command::Run { files, pool } => pool::run(&files, &pool),
            Command::Watch {
                files,
                pool,
                interval,
            } => pool::watch(&files, &pool, interval),
            Command::Fetch {
                pool,
                chain,
                after,
                out,
            } => pool::fetch(&pool, &chain, after.as_deref(), &out),
            Command::Deliver { pool, answer } => pool::deliver(&pool, &answer),
            Command::Release {
                files,
                number,
                confirm,
            } => answer::release(&files, number, confirm),
        }
    }
}
