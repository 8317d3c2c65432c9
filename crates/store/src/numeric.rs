//! Numbers and hashes between Rust and PostgreSQL, exactly or not at all.

use bigdecimal::{BigDecimal, ToPrimitive};
use ngpool_chain::{BlockHash, Txid, Work};
use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef},
};

use crate::StoreError;

/// A `u128` as NUMERIC(39,0): work passes 64 bits at 2.6 PH/s within two hours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numeric(pub(crate) u128);

impl From<Work> for Numeric {
    fn from(work: Work) -> Self {
        Self(work.0)
    }
}

impl From<Numeric> for Work {
    fn from(numeric: Numeric) -> Self {
        Self(numeric.0)
    }
}

impl Type<Postgres> for Numeric {
    fn type_info() -> PgTypeInfo {
        <BigDecimal as Type<Postgres>>::type_info()
    }
}

impl PgHasArrayType for Numeric {
    fn array_type_info() -> PgTypeInfo {
        <BigDecimal as PgHasArrayType>::array_type_info()
    }
}

impl Encode<'_, Postgres> for Numeric {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <BigDecimal as Encode<'_, Postgres>>::encode(BigDecimal::from(self.0), buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Numeric {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let decimal = <BigDecimal as Decode<'r, Postgres>>::decode(value)?;
        decimal
            .to_u128()
            .filter(|number| decimal == *number)
            .map(Self)
            .ok_or_else(|| format!("{decimal} is not a whole number of 128 bits").into())
    }
}

/// For a BIGINT column.
pub(crate) fn to_i64(number: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::TooLarge(what))
}

/// From a BIGINT column that a CHECK keeps at zero or above.
pub(crate) fn to_u64(number: i64, what: &'static str) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Damaged(format!("{what} {number}")))
}

/// From a BIGINT column that holds 32 bits.
pub(crate) fn to_u32(number: i64, what: &'static str) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Damaged(format!("{what} {number}")))
}

/// From a BYTEA column of a length that a CHECK keeps.
pub(crate) fn to_array<const N: usize>(
    bytes: &[u8],
    what: &'static str,
) -> Result<[u8; N], StoreError> {
    bytes
        .try_into()
        .map_err(|_| StoreError::Damaged(format!("{what} of {} bytes", bytes.len())))
}

/// A block hash from its column.
pub(crate) fn to_block_hash(bytes: &[u8]) -> Result<BlockHash, StoreError> {
    to_array(bytes, "a block hash").map(BlockHash::from_bytes)
}

/// A transaction id from its column.
pub(crate) fn to_txid(bytes: &[u8]) -> Result<Txid, StoreError> {
    to_array(bytes, "a transaction id").map(Txid::from_bytes)
}
