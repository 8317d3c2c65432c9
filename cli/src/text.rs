//! Numbers as people read them.

/// A hash rate with its unit, such as `12.3 kH/s`.
pub(crate) fn hash_rate(per_second: f64) -> String {
    let units = ["H/s", "kH/s", "MH/s", "GH/s", "TH/s", "PH/s", "EH/s"];
    let mut rate = per_second;
    let mut unit = units[0];
    for next in &units[1..] {
        // 999.95 would be shown as 1000.0.
        if rate < 999.95 {
            break;
        }
        rate /= 1_000.0;
        unit = next;
    }
    format!("{rate:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_rate_has_the_unit_that_fits() {
        assert_eq!(hash_rate(0.0), "0.0 H/s");
        assert_eq!(hash_rate(5_432.0), "5.4 kH/s");
        assert_eq!(hash_rate(999_960.0), "1.0 MH/s");
        assert_eq!(hash_rate(3.2e24), "3200000.0 EH/s");
    }
}
