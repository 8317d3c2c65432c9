//! What an operator writes: objects as YAML, and the documents made of them.

use std::path::PathBuf;

use ngpool_crds::{LocalMachine, Problems, load_texts, resolve};
use ngpool_settings::{
    CoinserverSettings, LedgerSettings, PayoutSettings, StratumSettings, WebSettings,
};
use serde::{Serialize, de::DeserializeOwned};

/// Longest text tried: longer ones only take longer.
const LIMIT: usize = 128 * 1024;

/// YAML with any number of objects: every refusal can be shown, and what is taken becomes documents
/// that the programs read.
pub fn objects_yaml(data: &[u8]) {
    let Some(text) = std::str::from_utf8(data)
        .ok()
        .filter(|text| text.len() <= LIMIT)
    else {
        return;
    };
    let objects = match load_texts(vec![(PathBuf::from("pool.yaml"), text.to_owned())]) {
        Ok(objects) => objects,
        Err(problems) => return shown(&problems, text),
    };
    let machine = LocalMachine::for_checking(&objects);
    match resolve(&objects, &machine) {
        Ok(documents) => {
            shown(&documents.warnings, text);
            documents.coinservers.iter().for_each(reads_back);
            documents.stratum.iter().for_each(reads_back);
            documents.ledgers.iter().for_each(reads_back);
            documents
                .payouts
                .iter()
                .for_each(|payout| reads_back(&payout.settings));
            reads_back(&documents.web);
        }
        Err(problems) => shown(&problems, text),
    }
}

fn shown(problems: &Problems, text: &str) {
    for problem in problems {
        assert!(!problem.message.is_empty());
        if let Some(place) = &problem.place {
            assert!(place.line >= 1 && place.column >= 1, "{problem:?}");
            assert!(place.offset <= text.len(), "{problem:?}");
        }
        let (report, line) = (problem.report(), problem.to_string());
        assert!(!report.is_empty() && !line.is_empty());
    }
}

/// A document as JSON.
pub fn documents(data: &[u8]) {
    document::<CoinserverSettings>(data);
    document::<StratumSettings>(data);
    document::<LedgerSettings>(data);
    document::<PayoutSettings>(data);
    document::<WebSettings>(data);
}

fn document<T: Serialize + DeserializeOwned>(data: &[u8]) {
    if let Ok(document) = serde_json::from_slice::<T>(data) {
        reads_back(&document);
    }
}

/// Not compared: a float's text may be the nearest of another one.
fn reads_back<T: Serialize + DeserializeOwned>(document: &T) {
    let json = serde_json::to_vec(document).expect("a document is JSON");
    let again = serde_json::from_slice::<T>(&json);
    assert!(
        again.is_ok(),
        "{} is refused: {:?}",
        String::from_utf8_lossy(&json),
        again.err()
    );
}
