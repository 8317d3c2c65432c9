//! What has become of a block, judged by hash on the best chains of several nodes.
//!
//! ```text
//!              ours                    deep enough, undisputed
//!  reported ──────────▶ accepted ───────────────────────────────▶ mature
//!     │ │                 │   ▲                                    │   ▲
//!     │ │           other │   │ ours again                   other │   │ ours again
//!     │ │                 ▼   │                                    ▼   │
//!     │ └────other────▶ orphaned                                    lost
//!     └──refused──▶ rejected ──ours──▶ accepted
//! ```
//!
//! Pure: the same sights give the same verdict. A wallet is never asked (it may not know its own
//! stale block), and one node alone condemns a block only when the currency has no other.

/// What one node says of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The node's name.
    pub node: String,
    /// Whether it knows the block at all.
    pub known: bool,
    /// The block on its best chain: 1 for the tip.
    pub confirmations: Option<u32>,
    /// Another block at that height on its best chain: the blocks above it, 0 for the tip.
    pub other: Option<u32>,
}

/// How much is asked before something is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Confirmations that make a credit payable.
    pub maturity: u32,
    /// Blocks above another block that make it settled.
    pub settle_depth: u32,
    /// Nodes the currency has, whether they answer or not.
    pub nodes: usize,
}

/// What the nodes say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// On a best chain.
    Ours {
        /// The most that a node counts.
        confirmations: u32,
        /// Nodes that have another block there, for a person; empty when none has.
        disputed_by: Vec<String>,
    },
    /// Another block has its place, deep enough under enough tips.
    Other,
    /// On no best chain, and no other block has its place for good.
    Unclear {
        /// What the nodes have instead, for a person.
        reason: String,
        /// Every node answered, and none knows the block.
        unknown: bool,
    },
}

/// Judges a block by what the nodes that answered say of it.
pub fn judge(sights: &[Sight], rules: Rules) -> Verdict {
    // Two nodes that differ from us are two; where there is only one, its word has to do.
    let needed = rules.nodes.clamp(1, 2);
    let others = |depth: u32| {
        sights
            .iter()
            .filter(move |sight| sight.other.is_some_and(|above| above >= depth))
    };
    if others(rules.settle_depth).count() >= needed {
        return Verdict::Other;
    }
    if let Some(confirmations) = sights.iter().filter_map(|sight| sight.confirmations).max() {
        let disputed_by = others(0).map(|sight| sight.node.clone()).collect();
        return Verdict::Ours {
            confirmations,
            disputed_by,
        };
    }
    if sights.is_empty() {
        return Verdict::Unclear {
            reason: "no node answers".into(),
            unknown: false,
        };
    }
    let unknown = sights.len() >= rules.nodes && sights.iter().all(|sight| !sight.known);
    let seen: Vec<String> = sights
        .iter()
        .map(|sight| match (sight.other, sight.known) {
            (Some(above), _) => format!("{} has another block there, {above} deep", sight.node),
            (None, true) => format!("{} keeps it beside its best chain", sight.node),
            (None, false) => format!("{} does not know it", sight.node),
        })
        .collect();
    Verdict::Unclear {
        reason: seen.join("; "),
        unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        maturity: 100,
        settle_depth: 6,
        nodes: 2,
    };

    fn ours(node: &str, confirmations: u32) -> Sight {
        Sight {
            node: node.into(),
            known: true,
            confirmations: Some(confirmations),
            other: None,
        }
    }

    fn other(node: &str, above: u32) -> Sight {
        Sight {
            node: node.into(),
            known: false,
            confirmations: None,
            other: Some(above),
        }
    }

    fn unknown(node: &str) -> Sight {
        Sight {
            node: node.into(),
            known: false,
            confirmations: None,
            other: None,
        }
    }

    #[test]
    fn one_node_that_has_it_is_enough_to_accept() {
        let verdict = judge(&[ours("a", 3), other("b", 2)], RULES);
        assert_eq!(
            verdict,
            Verdict::Ours {
                confirmations: 3,
                disputed_by: vec!["b".into()]
            }
        );
    }

    #[test]
    fn an_orphan_needs_two_tips_at_settle_depth() {
        assert_eq!(
            judge(&[other("a", 6), other("b", 6)], RULES),
            Verdict::Other
        );
        assert_eq!(
            judge(&[other("a", 6), other("b", 9), ours("c", 1)], RULES),
            Verdict::Other
        );
        for too_little in [
            vec![other("a", 6), other("b", 5)],
            vec![other("a", 6)],
            vec![other("a", 6), unknown("b")],
        ] {
            assert!(
                matches!(judge(&too_little, RULES), Verdict::Unclear { .. }),
                "{too_little:?}"
            );
        }
    }

    #[test]
    fn a_lone_node_condemns_where_there_is_no_other() {
        let rules = Rules { nodes: 1, ..RULES };
        assert_eq!(judge(&[other("a", 6)], rules), Verdict::Other);
        assert!(matches!(
            judge(&[other("a", 5)], rules),
            Verdict::Unclear { .. }
        ));
    }

    #[test]
    fn nothing_is_unknown_until_every_node_has_said_so() {
        let is_unknown = |sights: &[Sight]| match judge(sights, RULES) {
            Verdict::Unclear { unknown, .. } => unknown,
            verdict => panic!("{verdict:?}"),
        };
        assert!(is_unknown(&[unknown("a"), unknown("b")]));
        assert!(is_unknown(&[unknown("a"), other("b", 1)]));
        assert!(!is_unknown(&[unknown("a")]));
        assert!(!is_unknown(&[]));
        let beside = Sight {
            known: true,
            ..unknown("b")
        };
        assert!(!is_unknown(&[unknown("a"), beside]));
    }
}
