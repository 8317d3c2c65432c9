//! The answer of `getblocktemplate` (BIP 22, 23, 145), read without trusting it.

use std::{borrow::Cow, collections::HashSet};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::{Template, TemplateBody, TemplateError, TemplateHead, TemplateTransaction};
use crate::{Amount, BlockHash, Height, Network, Target, Txid, hexadecimal, merkle};

/// Most bytes of transactions and MWEB together. The largest block of these chains has 4 MB of
/// weight and about 1 MB of MWEB; the rest is room.
const LARGEST_BODY: usize = 12 * 1024 * 1024;

/// From here on a lock time is a time, not a height (BIP 54 puts height − 1 there).
const LOCK_TIME_THRESHOLD: u32 = 500_000_000;

/// Start of the scriptPubKey of a witness commitment (BIP 141): `OP_RETURN`, push of 36,
/// `aa21a9ed`.
const COMMITMENT_START: [u8; 6] = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];

/// Most bytes of a witness commitment script: BIP 141 allows data after the 38, nobody adds much.
const LONGEST_COMMITMENT: usize = 256;

impl Template {
    /// Reads the daemon's answer. Everything malformed is an error: a block made from a template
    /// that was half understood is worth nothing.
    pub fn from_gbt(answer: &Value, network: &Network) -> Result<Self, TemplateError> {
        let gbt = Gbt::deserialize(answer).map_err(|e| shape(&e))?;
        Self::of(&gbt, network)
    }

    /// Reads the same from the text of the answer (its `result`), which is faster: a template of 2,000
    /// transactions is a megabyte or two.
    pub fn from_gbt_text(text: &[u8], network: &Network) -> Result<Self, TemplateError> {
        let gbt = serde_json::from_slice(text).map_err(|e| shape(&e))?;
        Self::of(&gbt, network)
    }

    fn of(gbt: &Gbt<'_>, network: &Network) -> Result<Self, TemplateError> {
        check_rules(&gbt.rules, network)?;
        let previous: BlockHash = gbt
            .previousblockhash
            .parse()
            .map_err(|e| field("previousblockhash", &e))?;
        let height = read_height(gbt.height)?;
        let bits = read_bits(&gbt.bits)?;
        let (min_time, cur_time) = read_times(gbt.mintime, gbt.curtime)?;
        let coinbase_value = gbt
            .coinbasevalue
            .filter(|value| *value >= 0)
            .map(Amount)
            .ok_or_else(|| field("coinbasevalue", &"it must be there and not negative"))?;
        let mweb = read_mweb(gbt.mweb.as_deref(), network)?;
        let transactions = read_transactions(&gbt.transactions, network, mweb.as_ref())?;
        let witness_commitment =
            read_commitment(gbt.default_witness_commitment.as_deref(), network)?;
        if witness_commitment.is_none() {
            refuse_witnesses(&gbt.transactions, mweb.is_some())?;
        }
        let txids: Vec<_> = transactions.iter().map(|one| one.txid.to_bytes()).collect();
        let transaction_count =
            u32::try_from(transactions.len()).map_err(|_| TemplateError::TooLarge(LARGEST_BODY))?;
        Ok(Self {
            head: TemplateHead {
                previous,
                height,
                version: read_version(gbt.version)?,
                bits,
                min_time,
                cur_time,
                coinbase_value,
                merkle_branch: merkle::coinbase_branch(&txids),
                witness_commitment,
                transaction_count,
                has_mweb: mweb.is_some(),
            },
            body: TemplateBody { transactions, mweb },
        })
    }
}

/// The fields that are used; daemons send more.
#[derive(Deserialize)]
struct Gbt<'a> {
    version: i64,
    #[serde(default)]
    rules: Vec<String>,
    previousblockhash: String,
    #[serde(borrow)]
    transactions: Vec<GbtTransaction<'a>>,
    coinbasevalue: Option<i64>,
    mintime: i64,
    curtime: i64,
    bits: String,
    height: i64,
    default_witness_commitment: Option<String>,
    mweb: Option<String>,
}

#[derive(Deserialize)]
struct GbtTransaction<'a> {
    #[serde(borrow)]
    data: Cow<'a, str>,
    txid: Option<String>,
    hash: Option<String>,
}

/// BIP 9: a rule with `!` in front changes what a valid block is, so who does not know it must not
/// mine.
fn check_rules(rules: &[String], network: &Network) -> Result<(), TemplateError> {
    let unknown = rules
        .iter()
        .filter_map(|rule| rule.strip_prefix('!'))
        .find(|rule| !network.template_rules.iter().any(|known| known == rule));
    match unknown {
        Some(rule) => Err(TemplateError::UnknownRule(rule.chars().take(80).collect())),
        None => Ok(()),
    }
}

fn read_height(height: i64) -> Result<Height, TemplateError> {
    u32::try_from(height)
        .ok()
        .filter(|height| (1..LOCK_TIME_THRESHOLD).contains(height))
        .map(Height)
        .ok_or_else(|| field("height", &format!("{height} is no height")))
}

/// Daemons write the version as a signed or an unsigned 32-bit number.
fn read_version(version: i64) -> Result<u32, TemplateError> {
    u32::try_from(version)
        .ok()
        .or_else(|| i32::try_from(version).ok().map(i32::cast_unsigned))
        .ok_or_else(|| field("version", &format!("{version} does not fit 32 bits")))
}

fn read_bits(text: &str) -> Result<u32, TemplateError> {
    let mut bytes = [0; 4];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| field("bits", &"it must be 8 hex digits"))?;
    let bits = u32::from_be_bytes(bytes);
    Target::from_compact(bits).map_err(|e| field("bits", &e))?;
    Ok(bits)
}

fn read_times(min_time: i64, cur_time: i64) -> Result<(u32, u32), TemplateError> {
    let seconds = |name, time: i64| {
        u32::try_from(time)
            .ok()
            .filter(|time| *time > 0)
            .ok_or_else(|| field(name, &format!("{time} is not a time of a header")))
    };
    let (min_time, cur_time) = (seconds("mintime", min_time)?, seconds("curtime", cur_time)?);
    if cur_time < min_time {
        return Err(field(
            "curtime",
            &format!("{cur_time} is before mintime {min_time}"),
        ));
    }
    Ok((min_time, cur_time))
}

fn read_mweb(text: Option<&str>, network: &Network) -> Result<Option<Bytes>, TemplateError> {
    let Some(text) = text else { return Ok(None) };
    if !network.has_mweb() {
        return Err(field("mweb", &"this network has no MWEB"));
    }
    let bytes = read_hex(text).map_err(|reason| field("mweb", &reason))?;
    if bytes.is_empty() {
        return Err(field("mweb", &"it is empty"));
    }
    Ok(Some(bytes))
}

fn read_commitment(text: Option<&str>, network: &Network) -> Result<Option<Bytes>, TemplateError> {
    const NAME: &str = "default_witness_commitment";
    let Some(text) = text else { return Ok(None) };
    if !network.has_segwit() {
        return Err(field(NAME, &"this network has no segwit"));
    }
    let script = read_hex(text).map_err(|reason| field(NAME, &reason))?;
    let whole = (38..=LONGEST_COMMITMENT).contains(&script.len());
    if !whole || !script.starts_with(&COMMITMENT_START) {
        return Err(field(NAME, &"it is not the script of a witness commitment"));
    }
    Ok(Some(script))
}

fn read_transactions(
    raw: &[GbtTransaction<'_>],
    network: &Network,
    mweb: Option<&Bytes>,
) -> Result<Vec<TemplateTransaction>, TemplateError> {
    // MWEB is bound to the chain by the `HogEx`, the last transaction.
    if mweb.is_some() && raw.is_empty() {
        return Err(field("transactions", &"there is `mweb`, but no HogEx"));
    }
    let mut size = mweb.map_or(0, Bytes::len);
    let mut seen = HashSet::with_capacity(raw.len());
    raw.iter()
        .enumerate()
        .map(|(index, one)| {
            let wrong = |reason: String| TemplateError::Transaction { index, reason };
            // Before segwit, daemons gave only `hash`, which then is the txid.
            let txid = match (&one.txid, &one.hash) {
                (Some(txid), _) => txid,
                (None, Some(hash)) if !network.has_segwit() => hash,
                _ => return Err(wrong("it has no txid".to_owned())),
            };
            let txid: Txid = txid
                .parse()
                .map_err(|e: crate::HashError| wrong(e.to_string()))?;
            // Two equal ids would let another list have the same root (CVE-2012-2459).
            if !seen.insert(txid) {
                return Err(wrong(format!("{txid} is there twice")));
            }
            let data = read_hex(&one.data).map_err(wrong)?;
            if data.is_empty() {
                return Err(wrong("it has no data".to_owned()));
            }
            size += data.len();
            if size > LARGEST_BODY {
                return Err(TemplateError::TooLarge(LARGEST_BODY));
            }
            Ok(TemplateTransaction { txid, data })
        })
        .collect()
}

/// Without a commitment no transaction may carry a witness, so its two hashes are the same.
/// The `HogEx` is left out: its hashes follow rules of its own.
fn refuse_witnesses(raw: &[GbtTransaction<'_>], has_mweb: bool) -> Result<(), TemplateError> {
    let ordinary = if has_mweb {
        raw.len().saturating_sub(1)
    } else {
        raw.len()
    };
    let witness = raw
        .iter()
        .take(ordinary)
        .position(|one| match (&one.txid, &one.hash) {
            (Some(txid), Some(hash)) => !txid.eq_ignore_ascii_case(hash),
            _ => false,
        });
    match witness {
        Some(index) => Err(TemplateError::Transaction {
            index,
            reason: "it has a witness, but the template has no witness commitment".to_owned(),
        }),
        None => Ok(()),
    }
}

fn read_hex(text: &str) -> Result<Bytes, String> {
    hexadecimal::decode(text)
        .map(Bytes::from)
        .map_err(|error| error.to_string())
}

/// The daemon's own text may be quoted in it, whatever its length.
fn shape(error: &serde_json::Error) -> TemplateError {
    TemplateError::Shape(error.to_string().chars().take(300).collect())
}

fn field(field: &'static str, reason: &dyn std::fmt::Display) -> TemplateError {
    TemplateError::Field {
        field,
        reason: reason.to_string(),
    }
}
