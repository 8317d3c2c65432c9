//! Ranges of addresses.

use std::net::IpAddr;

use ipnet::IpNet;

use super::context::Context;
use crate::objects::ObjectRef;

/// The ranges in a list of texts; each that is none is reported under its place in the field.
pub(super) fn ranges(
    context: &mut Context<'_>,
    of: &ObjectRef,
    field: &str,
    texts: &[String],
) -> Option<Vec<IpNet>> {
    let mut ranges = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        if let Ok(range) = text.parse() {
            ranges.push(range);
            continue;
        }
        let help = match text.parse::<IpAddr>() {
            Ok(address) => format!("for one address write `{}`", IpNet::from(address)),
            Err(_) => "a range such as `10.0.0.0/8`".to_owned(),
        };
        context.error(
            of,
            &format!("{field}[{index}]"),
            format!("{text:?} is not a CIDR range"),
            Some(help),
        );
    }
    (ranges.len() == texts.len()).then_some(ranges)
}
