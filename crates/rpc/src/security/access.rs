//! Who may call what. The table is the contract; `ARCHITECTURE.md` shows it, and a test holds both
//! against the services in `proto/`.

/// Programs that may call the methods of a service; a method that is not here may be called by none.
type Rule = (&'static str, &'static [&'static str]);

const STRATUM: &[&str] = &["ngstratum"];
const PAYOUT: &[&str] = &["ngpayout"];
const ANY: &[&str] = &[
    "ngpool-operator",
    "ngpool",
    "ngcoinserver",
    "ngstratum",
    "ngledger",
    "ngpayout",
    "ngweb",
];

const RULES: &[Rule] = &[
    ("/ngpool.v1.Coinserver/WatchTemplates", STRATUM),
    ("/ngpool.v1.Coinserver/SubmitSolution", STRATUM),
    ("/ngpool.v1.Coinserver/SubmitBlock", STRATUM),
    ("/ngpool.v1.Coinserver/ChainStatus", PAYOUT),
    ("/ngpool.v1.Coinserver/BlockState", PAYOUT),
    ("/ngpool.v1.Coinserver/BlockAt", PAYOUT),
    ("/ngpool.v1.Coinserver/TransactionState", PAYOUT),
    ("/ngpool.v1.Coinserver/UnspentOutputs", PAYOUT),
    ("/ngpool.v1.Coinserver/Broadcast", PAYOUT),
    ("/ngpool.v1.Coinserver/EstimateFee", PAYOUT),
    ("/ngpool.v1.Ledger/Hello", STRATUM),
    ("/ngpool.v1.Ledger/Ship", STRATUM),
    ("/ngpool.v1.Ledger/Follow", STRATUM),
    ("/ngpool.v1.Ledger/Closed", STRATUM),
    ("/ngpool.v1.Ledger/ReportBlock", STRATUM),
    ("/ngpool.v1.Ledger/ReportLive", STRATUM),
    ("/ngpool.v1.Status/Get", ANY),
];

/// The table: method and programs.
pub const fn rules() -> &'static [Rule] {
    RULES
}

/// Whether a program may call a method, given as gRPC's path `/package.Service/Method`.
pub fn allows(program: &str, method: &str) -> bool {
    RULES
        .iter()
        .any(|(path, programs)| *path == method && programs.contains(&program))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROTOS: [&str; 3] = [
        include_str!("../../proto/ngpool/v1/coinserver.proto"),
        include_str!("../../proto/ngpool/v1/ledger.proto"),
        include_str!("../../proto/ngpool/v1/status.proto"),
    ];

    /// Every method of every contract, as gRPC calls it.
    fn methods() -> Vec<String> {
        let mut methods = Vec::new();
        for proto in PROTOS {
            let mut service = "";
            for line in proto.lines() {
                let mut words = line.split([' ', '(']).filter(|word| !word.is_empty());
                match (words.next(), words.next()) {
                    (Some("service"), Some(name)) => service = name,
                    (Some("rpc"), Some(name)) => {
                        methods.push(format!("/ngpool.v1.{service}/{name}"));
                    }
                    _ => {}
                }
            }
        }
        methods
    }

    #[test]
    fn every_method_has_its_callers_and_no_rule_is_of_none() {
        let mut ruled: Vec<String> = rules().iter().map(|rule| rule.0.to_owned()).collect();
        let mut methods = methods();
        ruled.sort();
        methods.sort();
        assert_eq!(ruled, methods);
    }

    #[test]
    fn what_is_not_named_is_refused() {
        assert!(allows("ngpayout", "/ngpool.v1.Coinserver/Broadcast"));
        assert!(!allows("ngstratum", "/ngpool.v1.Coinserver/Broadcast"));
        assert!(!allows("ngweb", "/ngpool.v1.Ledger/Ship"));
        assert!(!allows("ngpayout", "/ngpool.v1.Coinserver/Nothing"));
    }
}
