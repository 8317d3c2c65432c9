//! Parsers that are private, for the fuzz targets. Each panics when something does not hold.

use crate::{BatchContents, shares::Sums};

/// Seals the sums of a batch and reads them back.
pub fn seal(contents: &BatchContents) {
    let mut sums = Sums::default();
    sums.add_batch(contents);
    let sealed = sums.encode();
    let mut again = Sums::default();
    let read = again.add_encoded(&sealed.sums, &sealed.weights);
    assert!(read.is_ok(), "sealed sums do not read back: {read:?}");
    assert_eq!(again.encode(), sealed, "sums change by being sealed");
    assert_eq!(
        again.totals(),
        contents.totals(),
        "sealed totals are not the batch's"
    );
}

/// Reads the two parts of a sealed chunk. What is taken is sealed again as the same sums.
pub fn sealed_sums(sums: &[u8], weights: &[u8]) {
    let mut read = Sums::default();
    if read.add_encoded(sums, weights).is_err() {
        return;
    }
    let sealed = read.encode();
    let mut again = Sums::default();
    let reread = again.add_encoded(&sealed.sums, &sealed.weights);
    assert!(reread.is_ok(), "sealed sums do not read back: {reread:?}");
    assert_eq!(again.encode(), sealed, "sums change by being sealed");
}
