//! Merged mining: real proofs are taken, ours are like them, and broken ones are told apart.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use bytes::Bytes;
use ngpool_chain::{
    Algorithm, Amount, AuxBlock, AuxCommitment, AuxError, AuxProof, AuxProofError, AuxTree,
    BlockHash, CoinbaseSpec, Header, Height, Job, Network, ProcessTag, Target, Template, Txid,
    assemble_aux_block, aux::slot, coinbase_txid, merkle,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const DOGECOIN: u16 = 0x62;

/// A merged-mined header, taken apart without the code under test.
struct Vector {
    header: Header,
    proof: AuxProof,
    /// The proof with whatever miners put where the parent's hash is not read.
    bytes: Vec<u8>,
    fields: Value,
}

fn vectors() -> Vec<Vector> {
    let list: Vec<Value> = serde_json::from_str(include_str!("data/dogecoin-auxpow.json")).unwrap();
    list.into_iter().map(take_apart).collect()
}

fn take_apart(fields: Value) -> Vector {
    let all = hex::decode(fields["hex"].as_str().unwrap()).unwrap();
    let header = Header::from_slice(&all[..80]).unwrap();
    let bytes = all[80..].to_vec();
    let (_, length) =
        bitcoin::consensus::deserialize_partial::<bitcoin::Transaction>(&bytes).unwrap();
    let mut rest = &bytes[length + 32..];
    let mut take = |count: usize| {
        let (taken, left) = rest.split_at(count);
        rest = left;
        taken.to_vec()
    };
    let branch = |take: &mut dyn FnMut(usize) -> Vec<u8>| -> Vec<[u8; 32]> {
        let count = usize::from(take(1)[0]);
        (0..count).map(|_| take(32).try_into().unwrap()).collect()
    };
    let coinbase_branch = branch(&mut take);
    assert_eq!(take(4), [0; 4]);
    let chain_branch = branch(&mut take);
    let chain_index = u32::from_le_bytes(take(4).try_into().unwrap());
    let parent = Header::from_slice(&take(80)).unwrap();
    assert!(rest.is_empty());
    let coinbase = Bytes::copy_from_slice(&bytes[..length]);
    let proof = AuxProof {
        coinbase,
        coinbase_branch,
        chain_branch,
        chain_index,
        parent,
    };
    Vector {
        header,
        proof,
        bytes,
        fields,
    }
}

#[test]
fn real_merged_mined_blocks_are_taken() {
    for vector in vectors() {
        let (header, proof) = (vector.header, &vector.proof);
        let height = &vector.fields["height"];
        assert_eq!(header.hash().to_string(), vector.fields["hash"], "{height}");
        assert_eq!(proof.check(&header.hash(), DOGECOIN), Ok(()), "{height}");
        assert_eq!(vector.fields["index"], proof.chain_index, "{height}");
        assert_eq!(
            vector.fields["size"],
            1 << proof.chain_branch.len(),
            "{height}"
        );
        if let Some(nonce) = vector.fields["nonce"].as_u64() {
            let depth = u32::try_from(proof.chain_branch.len()).unwrap();
            let expected = slot(u32::try_from(nonce).unwrap(), DOGECOIN, depth);
            assert_eq!(expected, proof.chain_index, "{height}");
        }
        // The parent's proof of work is under the aux block's target.
        let target = Target::from_compact(header.bits).unwrap();
        assert!(
            target.is_met_by(&proof.parent.pow_hash(Algorithm::Scrypt)),
            "{height}"
        );
    }
}

#[test]
fn a_proof_is_serialised_as_in_real_blocks() {
    for vector in vectors() {
        let mut expected = vector.bytes.clone();
        let at = vector.proof.coinbase.len();
        // Some put the parent's hash, some what else they had.
        expected[at..at + 32].fill(0);
        assert_eq!(vector.proof.to_bytes(), expected);
    }
}

#[test]
fn a_broken_proof_is_refused_with_its_reason() {
    let Vector { header, proof, .. } = vectors().remove(1);
    let check = |proof: &AuxProof| proof.check(&header.hash(), DOGECOIN);
    let parent = |version| Header {
        version,
        ..proof.parent
    };

    let other = AuxProof {
        parent: parent(0x102),
        ..proof.clone()
    };
    assert_eq!(check(&other), Err(AuxProofError::ParentIsAux(0x102)));
    let other = AuxProof {
        parent: parent(0x0062_0002),
        ..proof.clone()
    };
    assert_eq!(check(&other), Err(AuxProofError::ParentChain(0x0062_0002)));
    let other = AuxProof {
        chain_branch: vec![[0; 32]; 31],
        ..proof.clone()
    };
    assert_eq!(check(&other), Err(AuxProofError::TooDeep(31)));
    let other = AuxProof {
        coinbase_branch: Vec::new(),
        ..proof.clone()
    };
    assert_eq!(check(&other), Err(AuxProofError::ParentRoot));
    let mut shifted = proof.clone();
    shifted.chain_index ^= 1;
    assert_eq!(check(&shifted), Err(AuxProofError::Root));
    assert_eq!(
        proof.check(&BlockHash::default(), DOGECOIN),
        Err(AuxProofError::Root)
    );
    // The right root at the slot of another chain.
    assert_eq!(
        proof.check(&header.hash(), 1),
        Err(AuxProofError::Slot {
            given: 56,
            right: slot(0, 1, 6)
        })
    );
}

/// A parent whose coinbase is the only transaction.
fn parent_of(coinbase: &[u8]) -> Header {
    Header {
        version: 0x2000_0000,
        previous: BlockHash::default(),
        merkle_root: coinbase_txid(coinbase).to_bytes(),
        time: 0,
        bits: 0x207f_ffff,
        nonce: 0,
    }
}

/// A coinbase that is nothing but a scriptSig.
fn coinbase_of(script: &[u8]) -> Vec<u8> {
    let length = u8::try_from(script.len()).unwrap();
    let start = [&[1, 0, 0, 0, 1][..], &[0; 32], &[0xff; 4], &[length]].concat();
    [&start[..], script, &[0xff; 4], &[0; 5]].concat()
}

#[test]
fn the_marker_has_to_be_there_once_with_its_root_behind() {
    let hash = BlockHash::from_bytes([7; 32]);
    let tree = AuxTree::new(&[(DOGECOIN, hash)]).unwrap();
    let good = tree.commitment().to_bytes();
    let check = |script: &[u8]| {
        let coinbase = coinbase_of(script);
        let parent = parent_of(&coinbase);
        let proof = AuxProof::new(parent, coinbase.into(), Vec::new(), &tree, DOGECOIN).unwrap();
        proof.check(&hash, DOGECOIN)
    };
    assert_eq!(check(&good), Ok(()));
    assert_eq!(check(&[&[1, 2, 3][..], &good, &[4]].concat()), Ok(()));
    assert_eq!(check(&[1, 2, 3]), Err(AuxProofError::Markers(0)));
    assert_eq!(
        check(&[&good[..], b"\xfa\xbemm"].concat()),
        Err(AuxProofError::Markers(2))
    );
    assert_eq!(check(&good[..43]), Err(AuxProofError::Root));
    assert_eq!(check(&good[..20]), Err(AuxProofError::Root));
    let larger = AuxCommitment {
        size: 2,
        ..tree.commitment()
    };
    assert_eq!(
        check(&larger.to_bytes()),
        Err(AuxProofError::Size { said: 2, branch: 1 })
    );
    let cut = AuxProof::new(
        parent_of(&[1]),
        Bytes::from_static(&[1]),
        vec![],
        &tree,
        DOGECOIN,
    );
    assert_eq!(
        cut.unwrap().check(&hash, DOGECOIN),
        Err(AuxProofError::Coinbase)
    );
}

#[test]
fn one_chain_is_a_tree_of_one_leaf() {
    let hash: BlockHash = "60323982f9c5ff1b5a954eac9dc1269352835f47c2c5222691d80f0d50dcf053"
        .parse()
        .unwrap();
    let tree = AuxTree::new(&[(DOGECOIN, hash)]).unwrap();
    let commitment = tree.commitment();
    assert_eq!((commitment.size, commitment.nonce), (1, 0));
    // As displayed.
    assert_eq!(hex::encode(commitment.root), hash.to_string());
    assert_eq!(tree.branch(DOGECOIN), Some((0, Vec::new())));
    assert_eq!(tree.branch(1), None);
}

#[test]
fn a_tree_of_nothing_or_of_one_chain_twice_is_refused() {
    let hash = BlockHash::default();
    assert_eq!(AuxTree::new(&[]), Err(AuxError::Empty));
    let twice = AuxTree::new(&[(1, hash), (2, hash), (1, hash)]);
    assert_eq!(twice, Err(AuxError::DuplicateChain(1)));
}

fn aux_template() -> Template {
    let answer = json!({
        "version": 0x0062_0004, "height": 400_000, "bits": "1b364184",
        "mintime": 1_410_464_500, "curtime": 1_410_464_577,
        "previousblockhash": "46a8b109fb016fa41abd17a19186ca78d39c60c020c71fcd2690320d47036f0d",
        "coinbasevalue": 1_000_000_000_000_i64,
        "transactions": [{"txid": "11".repeat(32), "hash": "11".repeat(32), "data": "0100"}],
    });
    Template::from_gbt(&answer, &Network::preset("dogecoin").unwrap()).unwrap()
}

fn spec(template: &Template) -> CoinbaseSpec {
    let process = ProcessTag::new([3; 8]).unwrap();
    CoinbaseSpec::of(
        &template.head,
        Bytes::from_static(&[0x51]),
        process,
        Bytes::new(),
    )
}

#[test]
fn an_aux_block_is_header_proof_and_transactions() {
    let template = aux_template();
    let block = AuxBlock::new(&template.head, &spec(&template), DOGECOIN).unwrap();
    assert_eq!(block.header.version, 0x0062_0104);
    assert_eq!(block.header.nonce, 0);
    assert_eq!(block.target, Target::from_compact(0x1b36_4184).unwrap());

    let tree = AuxTree::new(&[(DOGECOIN, block.hash())]).unwrap();
    let coinbase = coinbase_of(&tree.commitment().to_bytes());
    let parent = parent_of(&coinbase);
    let proof = AuxProof::new(parent, coinbase.into(), vec![], &tree, DOGECOIN).unwrap();
    assert_eq!(proof.check(&block.hash(), DOGECOIN), Ok(()));
    let bytes = assemble_aux_block(&block, &proof, &template.head, &template.body).unwrap();
    let transactions = [&[2][..], &block.coinbase, &[1, 0]].concat();
    let expected = [
        &block.header.to_bytes()[..],
        &proof.to_bytes(),
        &transactions,
    ]
    .concat();
    assert_eq!(bytes, expected);
}

#[test]
fn a_template_of_another_chain_is_no_aux_block() {
    let template = aux_template();
    let refusal = AuxBlock::new(&template.head, &spec(&template), 1);
    assert_eq!(
        refusal,
        Err(AuxError::ChainId {
            version: 0x0062_0004,
            chain_id: 1
        })
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The whole way: aux blocks, tree, parent job, any extranonce, proofs of every chain.
    #[test]
    fn every_chain_of_a_tree_gets_its_proof(
        chains in proptest::collection::btree_map(any::<u16>(), any::<[u8; 32]>(), 1..6),
        txids in proptest::collection::vec(any::<[u8; 32]>(), 0..5),
        en1: [u8; 4],
        en2: [u8; 8],
    ) {
        let blocks: Vec<(u16, BlockHash)> =
            chains.into_iter().map(|(id, hash)| (id, BlockHash::from_bytes(hash))).collect();
        let tree = AuxTree::new(&blocks).unwrap();
        let template = aux_template();
        let head = ngpool_chain::TemplateHead {
            version: 0x2000_0000,
            height: Height(2_600_000),
            merkle_branch: merkle::coinbase_branch(&txids),
            coinbase_value: Amount(1),
            ..template.head.clone()
        };
        let spec = CoinbaseSpec {
            height: head.height,
            aux: Some(tree.commitment()),
            ..spec(&template)
        };
        let job = Job::new(&head, &spec).unwrap();
        let header = job.header(en1, en2, job.version, job.time, 0);
        let coinbase = Bytes::from(job.coinbase(en1, en2));
        prop_assert_eq!(Txid::of(&coinbase), job.parts().txid(en1, en2));
        for (chain, hash) in &blocks {
            let branch = job.branch.clone();
            let proof = AuxProof::new(header, coinbase.clone(), branch, &tree, *chain).unwrap();
            let answer = proof.check(hash, *chain);
            if job.parts().accepts_extranonce(en1, en2) && *chain != 0x2000 {
                prop_assert_eq!(answer, Ok(()));
            } else {
                prop_assert!(answer.is_err());
            }
        }
    }

    /// The premise of the tree's fixed nonce: whether two chains collide does not depend on it.
    #[test]
    fn no_nonce_avoids_a_collision(a: u16, b: u16, nonce: u32, height in 0_u32..=30) {
        let collide = |nonce| slot(nonce, a, height) == slot(nonce, b, height);
        prop_assert_eq!(collide(nonce), collide(0));
        prop_assert!(slot(nonce, a, height) < 1 << height);
    }
}
