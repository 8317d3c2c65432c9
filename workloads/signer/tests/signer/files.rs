//! Keystore, journal and policy on the disk.

use std::fs;

use ngsign::{
    journal::{Journal, JournalError},
    keyring::{Key, KeyError, Kind},
    keystore::{Keystore, Unlock},
    policy::Policy,
    request::Task,
};

use crate::support::{Scene, given, network, part, payee, payout, psbt, request, wif};

/// A signer that has signed one payout.
fn used() -> Scene {
    let mut scene = Scene::new();
    let who = payee(20);
    let statement = scene.credit(&[(&who, 5000)]);
    let coin = scene.coin(Kind::P2wpkh, 100_000);
    let parts = [part(&who, 1000)];
    let asked = payout(1, &parts, 2000, &psbt(&[coin], &parts, 2000));
    given(&scene.ask(&request(vec![statement], Task::Sign(asked))));
    scene
}

fn open_error(scene: &mut Scene) -> JournalError {
    scene.restart().unwrap_err().downcast().unwrap()
}

#[test]
fn a_used_key_without_its_journal_is_refused() {
    let mut scene = used();
    scene.signer = None;
    fs::remove_file(scene.path("journal")).unwrap();
    assert!(matches!(open_error(&mut scene), JournalError::Missing(_)));
    // Nor with a fresh one.
    drop(Journal::create(&scene.path("journal"), [8; 16]).unwrap());
    assert!(matches!(open_error(&mut scene), JournalError::Older { .. }));
}

#[test]
fn an_older_journal_is_refused() {
    let mut scene = Scene::new();
    let old = fs::read(scene.path("journal")).unwrap();
    scene.ask(&request(vec![], Task::Void { number: 1 }));
    scene.signer = None;
    fs::write(scene.path("journal"), old).unwrap();
    assert!(matches!(
        open_error(&mut scene),
        JournalError::Older {
            found: 0,
            sealed: 1,
            ..
        }
    ));
}

#[test]
fn a_torn_last_record_is_cut_off_and_a_sealed_one_is_missed() {
    let mut scene = used();
    scene.signer = None;
    let whole = fs::read(scene.path("journal")).unwrap();
    for torn in [&[7_u8][..], &[200, 0, 0, 0, 1, 2, 3, 4, b'{'], &[0; 40]] {
        fs::write(scene.path("journal"), [&whole[..], torn].concat()).unwrap();
        scene.restart().unwrap();
        scene.signer = None;
        assert_eq!(fs::read(scene.path("journal")).unwrap(), whole);
    }
    fs::write(scene.path("journal"), &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(open_error(&mut scene), JournalError::Older { .. }));
}

#[test]
fn a_changed_byte_before_the_end_is_damage() {
    let mut scene = used();
    scene.signer = None;
    let mut bytes = fs::read(scene.path("journal")).unwrap();
    bytes[60] ^= 1;
    fs::write(scene.path("journal"), bytes).unwrap();
    assert!(matches!(
        open_error(&mut scene),
        JournalError::Damaged { record: 1, .. }
    ));
}

#[test]
fn two_processes_do_not_share_a_journal() {
    let scene = used();
    let second = Journal::lock(&scene.path("journal"));
    assert!(matches!(second, Err(JournalError::Locked(_))));
}

#[test]
fn a_keystore_opens_by_its_passphrase_only_and_shows_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystore");
    let unlock = |text: &str| Unlock::Passphrase {
        passphrase: text.to_owned().into(),
        work_factor: Some(4),
    };
    let journal = Journal::create(&folder.path().join("journal"), [1; 16]).unwrap();
    let mut keystore =
        Keystore::create(&path, unlock("right"), "RLTC", network(), journal.marker()).unwrap();
    let key = Key::parse(&Kind::P2tr.descriptor(&wif(7)), &network()).unwrap();
    let script = key.script().clone();
    keystore.add(key).unwrap();
    assert!(Keystore::open(&path, unlock("wrong")).is_err());
    let opened = Keystore::open(&path, unlock("right")).unwrap();
    assert!(opened.keyring().key_of(&script).is_some());
    let bytes = fs::read(&path).unwrap();
    let secret = wif(7);
    assert!(
        !bytes
            .windows(8)
            .any(|window| secret.as_bytes().starts_with(window))
    );
}

#[test]
fn keys_of_other_networks_and_mistyped_ones_are_refused() {
    let parse = |text: &str| Key::parse(text, &network()).err();
    let wif = wif(7);
    assert_eq!(parse(&format!("pkh({wif})")), None);
    assert_eq!(parse(&wif), Some(KeyError::Descriptor));
    assert_eq!(parse(&format!("wsh({wif})")), Some(KeyError::Descriptor));
    assert_eq!(parse(&format!("tr({}z)", &wif[1..])), Some(KeyError::Wif));
    assert_eq!(
        parse(&format!("pkh({wif})#aaaaaaaa")),
        Some(KeyError::Checksum)
    );
    // A descriptor with its checksum, as wallets export them (BIP 380's example is of a public key,
    // this one of the key 1 on the main chain).
    let bitcoin = "pkh(KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn)";
    assert!(matches!(parse(bitcoin), Some(KeyError::Network { .. })));
}

#[test]
fn the_example_policy_is_valid_and_unknown_fields_are_refused() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/signer-policy.yaml");
    let text = fs::read_to_string(path).unwrap();
    let policy = Policy::parse(&text, &network()).unwrap();
    assert_eq!(policy.currency, "LTC");
    let more = format!("{text}\nunlimited: true\n");
    assert!(Policy::parse(&more, &network()).is_err());
    for name in ["limits", "fee", "newScripts", "statementKeys"] {
        let less = text.replace(&format!("\n{name}:"), &format!("\n{name}Not:"));
        assert!(Policy::parse(&less, &network()).is_err(), "{name}");
    }
}

/// What a kill can leave on the disk while one request is answered: the journal's appends come up to any
/// byte, one after the other; then the new keystore lies beside the old one, up to any byte, and takes
/// its place at once.
#[test]
fn killed_at_any_write_and_started_again_the_signer_gives_what_it_would_have_given() {
    let mut scene = used();
    let who = payee(21);
    let statement = scene.credit(&[(&who, 5000)]);
    let coin = scene.coin(Kind::P2wpkh, 100_000);
    let parts = [part(&who, 1000)];
    let asked = payout(2, &parts, 2000, &psbt(&[coin], &parts, 2000));
    let asked = request(vec![statement], Task::Sign(asked));
    let files =
        |scene: &Scene| ["journal", "keystore"].map(|name| fs::read(scene.path(name)).unwrap());
    let [journal, keystore] = files(&scene);
    let (transaction, again) = given(&scene.ask(&asked));
    assert!(!again);
    let position = scene.signer.as_ref().unwrap().position();
    let [new_journal, new_keystore] = files(&scene);
    assert!(new_journal.starts_with(&journal) && new_journal.len() > journal.len());
    assert_ne!(keystore, new_keystore);

    // (journal, keystore, what lies beside it)
    let mut states = Vec::new();
    for end in (journal.len()..new_journal.len()).step_by(97) {
        states.push((&new_journal[..end], &keystore, &[][..]));
    }
    states.push((&new_journal[..new_journal.len() - 1], &keystore, &[]));
    for end in (0..=new_keystore.len()).step_by(151) {
        states.push((&new_journal, &keystore, &new_keystore[..end]));
    }
    states.push((&new_journal, &keystore, &new_keystore));
    states.push((&new_journal, &new_keystore, &[]));
    for (number, (journal, keystore, beside)) in states.into_iter().enumerate() {
        scene.signer = None;
        fs::write(scene.path("journal"), journal).unwrap();
        fs::write(scene.path("keystore"), keystore).unwrap();
        fs::write(scene.path("keystore.0123456789abcdef"), beside).unwrap();
        scene.restart().unwrap();
        let (given, again) = given(&scene.ask(&asked));
        assert_eq!(given, transaction, "state {number}");
        assert_eq!(again, journal.len() == new_journal.len());
        assert_eq!(scene.signer.as_ref().unwrap().position(), position);
        // And once more from the disk: the marker is the journal's.
        scene.restart().unwrap();
        assert_eq!(files(&scene)[0], new_journal, "state {number}");
    }
}
