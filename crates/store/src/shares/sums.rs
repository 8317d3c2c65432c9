//! Sums per user and set of currencies, and the bytes they are sealed as.
//!
//! Equal sums are equal bytes: sets and users are sorted, integers have one form. Numbers of 128 bits
//! are their significant bytes, big-endian, after a byte that counts them; other integers are LEB128.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::{
    content::{BatchContents, CurrencyWeight},
    window::UserWorth,
};
use crate::StoreError;

/// First byte of both encodings.
const VERSION: u8 = 1;

/// Sums over some batches.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Keys of the sets, in the order they were met.
    sets: Vec<String>,
    users: HashMap<String, Vec<(usize, Sum)>>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Sum {
    work: u128,
    shares: u64,
    weights: Vec<CurrencyWeight>,
}

/// What a chunk is sealed as.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EncodedSums {
    pub(crate) sums: Vec<u8>,
    pub(crate) weights: Vec<u8>,
}

impl Sums {
    pub(crate) fn add_batch(&mut self, contents: &BatchContents) {
        let sets: Vec<usize> = contents
            .sets
            .iter()
            .map(|set| self.set_index(&set.key()))
            .collect();
        for slice in &contents.slices {
            // Decoding checked the index.
            let Some(set) = sets.get(slice.set) else {
                continue;
            };
            self.add(
                &slice.user,
                *set,
                slice.work.0,
                slice.shares,
                slice.weights.iter().copied(),
            );
        }
    }

    /// Adds the sums of a sealed chunk.
    pub(crate) fn add_encoded(&mut self, sums: &[u8], weights: &[u8]) -> Result<(), StoreError> {
        let reader = SumsReader::new(sums)?;
        let sizes: Vec<usize> = reader
            .sets
            .iter()
            .map(|key| key.split(',').count())
            .collect();
        let sets: Vec<usize> = reader.sets.iter().map(|key| self.set_index(key)).collect();
        let mut weights = Cursor::versioned(weights)?;
        for entry in reader {
            let entry = entry?;
            let size = sizes.get(entry.set).copied().unwrap_or_default();
            let values = (0..size)
                .map(|_| {
                    let expected_blocks = weights.number()?;
                    Ok(CurrencyWeight {
                        expected_blocks,
                        value: weights.number()?,
                    })
                })
                .collect::<Result<Vec<_>, StoreError>>()?;
            let Some(set) = sets.get(entry.set) else {
                continue;
            };
            self.add(
                entry.user,
                *set,
                entry.work,
                entry.shares,
                values.into_iter(),
            );
        }
        weights.end()
    }

    fn set_index(&mut self, key: &str) -> usize {
        if let Some(index) = self.sets.iter().position(|set| set == key) {
            return index;
        }
        self.sets.push(key.to_owned());
        self.sets.len() - 1
    }

    fn add(
        &mut self,
        user: &str,
        set: usize,
        work: u128,
        shares: u64,
        weights: impl Iterator<Item = CurrencyWeight>,
    ) {
        if !self.users.contains_key(user) {
            self.users.insert(user.to_owned(), Vec::with_capacity(1));
        }
        let Some(entries) = self.users.get_mut(user) else {
            return;
        };
        let index = entries
            .iter()
            .position(|(of, _)| *of == set)
            .unwrap_or_else(|| {
                entries.push((set, Sum::default()));
                entries.len() - 1
            });
        let Some((_, sum)) = entries.get_mut(index) else {
            return;
        };
        sum.work = sum.work.saturating_add(work);
        sum.shares = sum.shares.saturating_add(shares);
        for (index, weight) in weights.enumerate() {
            if sum.weights.len() <= index {
                sum.weights.push(CurrencyWeight::default());
            }
            if let Some(total) = sum.weights.get_mut(index) {
                total.expected_blocks =
                    total.expected_blocks.saturating_add(weight.expected_blocks);
                total.value = total.value.saturating_add(weight.value);
            }
        }
    }

    /// Work per set.
    pub(crate) fn totals(&self) -> BTreeMap<String, u128> {
        let mut totals = BTreeMap::new();
        for (set, sum) in self.users.values().flatten() {
            let Some(key) = self.sets.get(*set) else {
                continue;
            };
            let total = totals.entry(key.clone()).or_insert(0_u128);
            *total = total.saturating_add(sum.work);
        }
        totals.retain(|_, work| *work > 0);
        totals
    }

    /// What each user's work on a currency was worth.
    pub(crate) fn worth(&self, currency: &str) -> BTreeMap<String, UserWorth> {
        // Where the currency stands in each set that has it.
        let places: Vec<Option<usize>> = self
            .sets
            .iter()
            .map(|set| set.split(',').position(|code| code == currency))
            .collect();
        let mut worth = BTreeMap::new();
        for (user, entries) in &self.users {
            for (set, sum) in entries {
                let Some(place) = places.get(*set).copied().flatten() else {
                    continue;
                };
                let weight = sum.weights.get(place).copied().unwrap_or_default();
                let of: &mut UserWorth = worth.entry(user.clone()).or_default();
                of.work = of.work.saturating_add(ngpool_chain::Work(sum.work));
                let total = &mut of.weight;
                total.expected_blocks =
                    total.expected_blocks.saturating_add(weight.expected_blocks);
                total.value = total.value.saturating_add(weight.value);
            }
        }
        worth
    }

    pub(crate) fn encode(&self) -> EncodedSums {
        let mut order: Vec<usize> = (0..self.sets.len()).collect();
        order.sort_by(|a, b| self.sets.get(*a).cmp(&self.sets.get(*b)));
        let mut rank = vec![0_usize; order.len()];
        for (place, set) in order.iter().enumerate() {
            if let Some(slot) = rank.get_mut(*set) {
                *slot = place;
            }
        }
        let mut users: Vec<(&String, &Vec<(usize, Sum)>)> = self.users.iter().collect();
        users.sort_by_key(|(user, _)| *user);

        let mut sums = vec![VERSION];
        let mut weights = vec![VERSION];
        put_varint(&mut sums, order.len() as u64);
        for set in order.iter().filter_map(|set| self.sets.get(*set)) {
            put_text(&mut sums, set);
        }
        put_varint(&mut sums, users.len() as u64);
        for (user, entries) in users {
            put_text(&mut sums, user);
            let mut entries: Vec<(usize, &Sum)> = entries
                .iter()
                .filter_map(|(set, sum)| Some((rank.get(*set).copied()?, sum)))
                .collect();
            entries.sort_by_key(|(place, _)| *place);
            put_varint(&mut sums, entries.len() as u64);
            for (place, sum) in entries {
                put_varint(&mut sums, place as u64);
                put_number(&mut sums, sum.work);
                put_varint(&mut sums, sum.shares);
                for weight in &sum.weights {
                    put_number(&mut weights, weight.expected_blocks);
                    put_number(&mut weights, weight.value);
                }
            }
        }
        EncodedSums { sums, weights }
    }
}

impl EncodedSums {
    /// What a chunk is known by.
    pub(crate) fn digest(&self, sharechain: &str, level: u8, number: u64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"ngpool/chunk/1\n");
        for part in [
            sharechain.as_bytes(),
            &[level],
            &number.to_be_bytes(),
            &self.sums,
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.update(&self.weights);
        hash.finalize().into()
    }
}

/// One entry of sealed sums.
pub(crate) struct SumEntry<'a> {
    pub(crate) user: &'a str,
    /// Index into [`SumsReader::sets`].
    pub(crate) set: usize,
    pub(crate) work: u128,
    pub(crate) shares: u64,
}

/// Walks over sealed sums without copying them.
pub(crate) struct SumsReader<'a> {
    pub(crate) sets: Vec<&'a str>,
    cursor: Cursor<'a>,
    users_left: u64,
    user: &'a str,
    entries_left: u64,
}

impl<'a> SumsReader<'a> {
    pub(crate) fn new(sums: &'a [u8]) -> Result<Self, StoreError> {
        let mut cursor = Cursor::versioned(sums)?;
        let count = cursor.varint()?;
        let sets = (0..count)
            .map(|_| cursor.text())
            .collect::<Result<Vec<_>, _>>()?;
        let users_left = cursor.varint()?;
        Ok(Self {
            sets,
            cursor,
            users_left,
            user: "",
            entries_left: 0,
        })
    }

    fn read(&mut self) -> Result<SumEntry<'a>, StoreError> {
        while self.entries_left == 0 {
            // A user without entries is never written, so the last one cannot be one.
            self.users_left = self.users_left.checked_sub(1).ok_or_else(damaged)?;
            self.user = self.cursor.text()?;
            self.entries_left = self.cursor.varint()?;
        }
        self.entries_left -= 1;
        let set = usize::try_from(self.cursor.varint()?).unwrap_or(usize::MAX);
        if set >= self.sets.len() {
            return Err(damaged());
        }
        let work = self.cursor.number()?;
        Ok(SumEntry {
            user: self.user,
            set,
            work,
            shares: self.cursor.varint()?,
        })
    }
}

impl<'a> Iterator for SumsReader<'a> {
    type Item = Result<SumEntry<'a>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.users_left == 0 && self.entries_left == 0 {
            return None;
        }
        let entry = self.read();
        if entry.is_err() {
            self.users_left = 0;
            self.entries_left = 0;
        }
        Some(entry)
    }
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn versioned(bytes: &'a [u8]) -> Result<Self, StoreError> {
        match bytes.split_first() {
            Some((&VERSION, rest)) => Ok(Self(rest)),
            _ => Err(damaged()),
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], StoreError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, StoreError> {
        self.take(1)?.first().copied().ok_or_else(damaged)
    }

    fn varint(&mut self) -> Result<u64, StoreError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(damaged())
    }

    fn number(&mut self) -> Result<u128, StoreError> {
        let length = usize::from(self.byte()?);
        if length > 16 {
            return Err(damaged());
        }
        Ok(self
            .take(length)?
            .iter()
            .fold(0, |number, byte| number << 8 | u128::from(*byte)))
    }

    fn text(&mut self) -> Result<&'a str, StoreError> {
        let length = usize::try_from(self.varint()?).map_err(|_| damaged())?;
        std::str::from_utf8(self.take(length)?).map_err(|_| damaged())
    }

    fn end(&self) -> Result<(), StoreError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(damaged())
        }
    }
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn put_number(out: &mut Vec<u8>, number: u128) {
    let bytes = number.to_be_bytes();
    let significant = bytes.iter().skip_while(|byte| **byte == 0);
    let count = out.len();
    out.push(0);
    for byte in significant {
        out.push(*byte);
        if let Some(count) = out.get_mut(count) {
            *count += 1;
        }
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn damaged() -> StoreError {
    StoreError::Damaged("a chunk that cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shares::content::{CurrencySet, Slice};

    fn contents(slices: Vec<(u8, bool, u128, u64)>) -> BatchContents {
        let sets = vec![
            CurrencySet::new(["LTC", "DOGE"]).unwrap(),
            CurrencySet::new(["LTC"]).unwrap(),
        ];
        let slices = slices
            .into_iter()
            .map(|(user, merged, work, shares)| Slice {
                user: format!("user{user}"),
                worker: String::new(),
                set: usize::from(!merged),
                work: ngpool_chain::Work(work),
                shares,
                weights: vec![
                    CurrencyWeight {
                        expected_blocks: work / 3,
                        value: work / 2
                    };
                    if merged { 2 } else { 1 }
                ],
            })
            .collect();
        BatchContents {
            port: "p".to_owned(),
            closed_at: chrono::DateTime::UNIX_EPOCH,
            sets,
            slices,
            rejects: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn sums_read_back_and_do_not_depend_on_how_they_were_made(
            slices in prop::collection::vec((0_u8..9, any::<bool>(), 0_u128..1 << 100, 0_u64..1000), 0..60),
            at in 0_usize..60,
        ) {
            let mut whole = Sums::default();
            whole.add_batch(&contents(slices.clone()));
            let (first, second) = slices.split_at(at.min(slices.len()));
            let mut parts = Sums::default();
            for part in [second, first] {
                let mut sums = Sums::default();
                sums.add_batch(&contents(part.to_vec()));
                let encoded = sums.encode();
                parts.add_encoded(&encoded.sums, &encoded.weights).unwrap();
            }
            prop_assert_eq!(parts.totals(), whole.totals());
            prop_assert_eq!(parts.encode(), whole.encode());
        }

        #[test]
        fn damaged_bytes_are_an_error_and_never_a_panic(
            mut bytes in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            if let Some(first) = bytes.first_mut() {
                *first = VERSION;
            }
            let mut sums = Sums::default();
            let _ = sums.add_encoded(&bytes, &bytes);
        }
    }
}
