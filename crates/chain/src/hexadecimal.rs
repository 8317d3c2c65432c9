//! Hex without the cost of a branch per digit: a template has megabytes of it between the daemon's
//! last byte and the miners' first notify.

/// What is wrong with a hex text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HexError {
    /// Half a byte is left over.
    #[error("not hex: it has an odd number of digits")]
    Odd,
    /// Something else than a digit.
    #[error("not hex: it has something else than digits")]
    Digit,
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Marks what is not a digit: no digit has high bits.
const BAD: u8 = 0xff;

/// Value of each byte as a hex digit.
const VALUES: [u8; 256] = {
    let mut values = [BAD; 256];
    let mut digit = 0_u8;
    while digit < 16 {
        let lower = DIGITS[digit as usize];
        values[lower as usize] = digit;
        values[lower.to_ascii_uppercase() as usize] = digit;
        digit += 1;
    }
    values
};

/// Reads digits of either case.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, HexError> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(HexError::Odd);
    }
    let mut bytes = vec![0; pairs.len()];
    // Judged once at the end: a branch per digit would cost more than the digits.
    let mut bad = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (VALUES[usize::from(*high)], VALUES[usize::from(*low)]);
        bad |= high | low;
        *byte = high << 4 | low & 0x0f;
    }
    if bad & 0xf0 == 0 {
        Ok(bytes)
    } else {
        Err(HexError::Digit)
    }
}

/// Writes lower-case digits at the end of a text.
pub(crate) fn push(text: &mut String, bytes: &[u8]) {
    text.reserve(2 * bytes.len());
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 0x0f)]);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut text = "x".to_owned();
            push(&mut text, &bytes);
            prop_assert_eq!(&text[1..], hex::encode(&bytes));
            prop_assert_eq!(decode(&text[1..]), Ok(bytes.clone()));
            prop_assert_eq!(decode(&text[1..].to_uppercase()), Ok(bytes));
        }

        #[test]
        fn any_text_is_read_as_by_the_slow_way(text in "[0-9a-gA-G]{0,6}|.{0,6}") {
            prop_assert_eq!(decode(&text).ok(), hex::decode(&text).ok());
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(decode("123"), Err(HexError::Odd));
        assert_eq!(decode("0g"), Err(HexError::Digit));
        assert_eq!(decode("g0"), Err(HexError::Digit));
        assert_eq!(decode("é"), Err(HexError::Digit));
    }
}
