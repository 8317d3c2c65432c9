//! Real blocks of the chains: what miners and daemons agreed on is the best vector there is.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use bytes::Bytes;
use ngpool_chain::{
    Algorithm, BlockHash, Header, Network, PowHash, Preset, Target, Template, Txid, assemble_block,
    coinbase, coinbase_txid, hash_many, merkle, sha256d,
};
use serde_json::{Value, json};

fn hash(text: &str) -> [u8; 32] {
    text.parse::<Txid>().unwrap().to_bytes()
}

/// Merkle root, time, bits and nonce of block 0, whose version is 1 and whose previous hash is
/// zero.
fn genesis(name: &str) -> Header {
    const BITCOIN: &str = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
    const TESTNET4: &str = "7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e";
    const LITECOIN: &str = "97ddfbbae6be97fd6cdf3e7ca13232a3afff2353e29badfab7f73011edd4ced9";
    const DOGECOIN: &str = "5b2a3f53f605d62c53e62932dac6925e3d74afa5a4b459745c36d42d0ed26a69";
    const NAMECOIN: &str = "41c62dbd9068c89a449525e3cd5ac61b20ece28c3c38b3f35b2161f0e6d3cb0d";
    let (root, time, bits, nonce) = match name {
        "bitcoin" => (BITCOIN, 1_231_006_505, 0x1d00_ffff, 2_083_236_893),
        "bitcoin-testnet" => (BITCOIN, 1_296_688_602, 0x1d00_ffff, 414_098_458),
        "bitcoin-testnet4" => (TESTNET4, 1_714_777_860, 0x1d00_ffff, 393_743_547),
        "bitcoin-signet" => (BITCOIN, 1_598_918_400, 0x1e03_77ae, 52_613_770),
        "bitcoin-regtest" | "namecoin-regtest" => (BITCOIN, 1_296_688_602, 0x207f_ffff, 2),
        "litecoin" => (LITECOIN, 1_317_972_665, 0x1e0f_fff0, 2_084_524_493),
        "litecoin-testnet" => (LITECOIN, 1_486_949_366, 0x1e0f_fff0, 293_345),
        "litecoin-regtest" => (LITECOIN, 1_296_688_602, 0x207f_ffff, 0),
        "dogecoin" => (DOGECOIN, 1_386_325_540, 0x1e0f_fff0, 99_943),
        "dogecoin-testnet" => (DOGECOIN, 1_391_503_289, 0x1e0f_fff0, 997_879),
        "dogecoin-regtest" => (DOGECOIN, 1_296_688_602, 0x207f_ffff, 2),
        "namecoin" => (NAMECOIN, 1_303_000_001, 0x1c00_7fff, 0xa21e_a192),
        other => panic!("{other} has no genesis block here: add it"),
    };
    Header {
        version: 1,
        previous: BlockHash::default(),
        merkle_root: hash(root),
        time,
        bits,
        nonce,
    }
}

#[test]
fn every_preset_names_its_genesis_block() {
    for preset in Preset::all() {
        let header = genesis(preset.name);
        assert_eq!(
            header.hash(),
            preset.network.genesis_hash,
            "{}",
            preset.name
        );
        let target = Target::from_compact(header.bits).unwrap();
        // Nobody mined the genesis block of Namecoin, nor that of Litecoin's and Bitcoin's regtest.
        if !preset.name.starts_with("namecoin") {
            let met = target.is_met_by(&header.pow_hash(preset.network.algorithm));
            assert!(met || preset.network.regtest, "{}", preset.name);
        }
    }
}

#[test]
fn bitcoin_block_125552_has_its_hash_and_root() {
    let txids = [
        "51d37bdd871c9e1f4d5541be67a6ab625e32028744d7d4609d0c37747b40cd2d",
        "60c25dda8d41f8d3d7d5c6249e2ea1b05a25bf7ae2ad6d904b512b31f997e1a1",
        "01f314cdd8566d3e5dbdd97de2d9fbfbfd6873e916a00d48758282cbb81a45b9",
        "b519286a1040da6ad83c783eb2872659eaf57b1bec088e614776ffe7dc8f6d01",
    ]
    .map(hash);
    let branch = merkle::coinbase_branch(&txids[1..]);
    let header = Header {
        version: 1,
        previous: "00000000000008a3a41b85b8b29ad444def299fee21793cd8b9e567eab02cd81"
            .parse()
            .unwrap(),
        merkle_root: merkle::fold_coinbase(txids[0], &branch),
        time: 0x4dd7_f5c7,
        bits: 0x1a44_b9f2,
        nonce: 0x9546_a142,
    };
    let expected = "00000000000000001e8d6829a8a21adc5d38d0a473b144b6765798e61f98bd1d";
    assert_eq!(header.hash().to_string(), expected);
    let pow = header.pow_hash(Algorithm::Sha256d);
    assert_eq!(pow.to_string(), expected);
    assert!(Target::from_compact(header.bits).unwrap().is_met_by(&pow));
}

#[test]
fn litecoin_block_29255_has_its_published_proof_of_work() {
    let bytes = hex::decode(
        "01000000f615f7ce3b4fc6b8f61e8f89aedb1d0852507650533a9e3b10b9bbcc30639f279fcaa86746e1ef52d3\
         edb3c4ad8259920d509bd073605c9bf1d59983752a6b06b817bb4ea78e011d012d59d4",
    )
    .unwrap();
    let header = Header::from_slice(&bytes).unwrap();
    assert_eq!(
        header.hash().to_string(),
        "adf6e2e56df692822f5e064a8b6404a05d67cccd64bc90f57f65b46805e9a54b"
    );
    let pow = header.pow_hash(Algorithm::Scrypt);
    assert_eq!(
        pow.to_string(),
        "0000000110c8357966576df46f3b802ca897deb7ad18b12f1c24ecff6386ebd9"
    );
    assert!(Target::from_compact(header.bits).unwrap().is_met_by(&pow));

    let mut hashes = [PowHash::default(); 2];
    hash_many(
        Algorithm::Scrypt,
        &[header, genesis("litecoin")],
        &mut hashes,
    );
    assert_eq!(
        hashes,
        [pow, genesis("litecoin").pow_hash(Algorithm::Scrypt)]
    );
}

/// One of Litecoin's first blocks, whole: a single transaction, no witness.
#[test]
fn an_early_litecoin_block_is_put_together_byte_by_byte() {
    let block = hex::decode(
        "01000000fff72f35940961576eed2bdf835fabf31f156eb70dc8bffba8dafb24e4b7222a59fd0dca84789b3a9b\
         d7d6072a76c04a9bf908b5c6612c7103698eca4fe478f84f54964ef0ff0f1e7d070000010100000001000000000\
         0000000000000000000000000000000000000000000000000000000ffffffff08044f54964e02ed00ffffffff010\
         0f2052a01000000434104bea01f8b8786e22697f0ec7060cc4009dd00eea3faf5b7e6245d56734b82d902915942\
         95d724f772756accd8f78efe164cc5df8c0df4932d3c737213ea4c17aaac00000000",
    )
    .unwrap();
    let header = Header::from_slice(&block[..80]).unwrap();
    let coinbase = &block[81..];
    assert_eq!(coinbase_txid(coinbase).to_bytes(), header.merkle_root);
    let target = Target::from_compact(header.bits).unwrap();
    assert!(target.is_met_by(&header.pow_hash(Algorithm::Scrypt)));

    let network = Network::preset("litecoin").unwrap();
    let template = Template::from_gbt(
        &json!({
            "version": 1, "height": 2, "bits": "1e0ffff0", "coinbasevalue": 5_000_000_000_i64,
            "previousblockhash": header.previous, "transactions": [],
            "mintime": header.time, "curtime": header.time,
        }),
        &network,
    )
    .unwrap();
    let built = assemble_block(&header, coinbase, &template.head, &template.body).unwrap();
    assert_eq!(built, block);
}

fn mweb_block() -> Value {
    serde_json::from_str(include_str!("data/litecoin-2383209.json")).unwrap()
}

fn field<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// The template from which the block could have been made: its coinbase left out.
fn mweb_template(block: &Value, mweb: &str) -> Template {
    let transactions: Vec<Value> = block["tx"].as_array().unwrap()[1..]
        .iter()
        .map(|tx| json!({"txid": tx["txid"], "hash": tx["hash"], "data": tx["hex"]}))
        .collect();
    let answer = json!({
        "version": block["version"],
        "rules": ["csv", "!segwit", "taproot", "!mweb"],
        "previousblockhash": block["previousblockhash"],
        "transactions": transactions,
        "coinbasevalue": 1_250_026_312_i64,
        "mintime": block["mediantime"].as_i64().unwrap() + 1,
        "curtime": block["time"],
        "bits": block["bits"],
        "height": block["height"],
        "default_witness_commitment":
            "6a24aa21a9edb30c08bcb1da7d33ef9feb9282b0ba792b4d69fd2f33c9fbff2567725499aa8c",
        "mweb": mweb,
    });
    Template::from_gbt(&answer, &Network::preset("litecoin").unwrap()).unwrap()
}

#[test]
fn litecoin_block_2383209_with_mweb_is_put_together_from_its_template() {
    let block = mweb_block();
    let mweb = "0badcafe";
    let template = mweb_template(&block, mweb);
    assert!(template.head.has_mweb);
    assert_eq!(template.head.transaction_count, 7);

    // The coinbase as a miner hashes it: without marker, flag and witness.
    let with_witness = hex::decode(field(&block["tx"][0], "hex")).unwrap();
    let end = with_witness.len();
    let stripped = [
        &with_witness[..4],
        &with_witness[6..end - 38],
        &with_witness[end - 4..],
    ]
    .concat();
    assert_eq!(
        coinbase_txid(&stripped).to_string(),
        field(&block["tx"][0], "txid")
    );
    assert_eq!(
        Txid::of(&with_witness).to_string(),
        field(&block["tx"][0], "hash")
    );

    let header = Header {
        version: template.head.version,
        previous: template.head.previous,
        merkle_root: merkle::fold_coinbase(
            coinbase_txid(&stripped).to_bytes(),
            &template.head.merkle_branch,
        ),
        time: template.head.cur_time,
        bits: template.head.bits,
        nonce: u32::try_from(block["nonce"].as_u64().unwrap()).unwrap(),
    };
    assert_eq!(header.hash().to_string(), field(&block, "hash"));
    let pow = header.pow_hash(Algorithm::Scrypt);
    assert_eq!(
        pow.to_string(),
        "000000000000006bcb28e8a2e314e0b109824694c57b7cae03c32444b68b01e3"
    );
    let target = template.head.target().unwrap();
    assert!(target.is_met_by(&pow));
    let difficulty = target.difficulty(Algorithm::Sha256d).0;
    let published = block["difficulty"].as_f64().unwrap();
    assert!((difficulty / published - 1.0).abs() < 1e-12, "{difficulty}");

    let built = assemble_block(&header, &stripped, &template.head, &template.body).unwrap();
    let mut expected = header.to_bytes().to_vec();
    expected.push(8);
    for tx in block["tx"].as_array().unwrap() {
        expected.extend(hex::decode(field(tx, "hex")).unwrap());
    }
    expected.push(1);
    expected.extend(hex::decode(mweb).unwrap());
    assert_eq!(built, expected);
}

/// BIP 141: the commitment hashes the root of the witness hashes, with zeros for the coinbase, and
/// the reserved value, which is the one item of the witness that blocks are given here.
#[test]
fn the_witness_commitment_of_a_real_block_is_that_of_32_zero_bytes() {
    let block = mweb_block();
    let mut leaves = vec![[0; 32]];
    leaves.extend(
        block["tx"].as_array().unwrap()[1..]
            .iter()
            .map(|tx| hash(field(tx, "hash"))),
    );
    let commitment = sha256d(&[merkle::root(&leaves), [0; 32]].concat());
    let template = mweb_template(&block, "00");
    let script = template.head.witness_commitment.unwrap();
    assert_eq!(
        script,
        Bytes::from([&[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed][..], &commitment].concat())
    );
}

/// BIP 34: that block's scriptSig starts with its height.
#[test]
fn a_real_coinbase_starts_with_the_height_push() {
    let block = mweb_block();
    let height = u32::try_from(block["height"].as_u64().unwrap()).unwrap();
    let push = coinbase::height_push(ngpool_chain::Height(height));
    assert_eq!(hex::encode(&push), "03695d24");
    // Version, marker, flag, count, outpoint, length.
    let coinbase = hex::decode(field(&block["tx"][0], "hex")).unwrap();
    assert_eq!(coinbase[4 + 2 + 1 + 36 + 1..][..4], push);
}

/// BIP 54, the block of its vectors that is valid: lock time 3 and a sequence that is not final at
/// height 4.
#[test]
fn the_valid_block_of_bip_54_is_put_together_byte_by_byte() {
    let block = hex::decode(
        "01000000131cda7ce756b84bd95dd3ee07333f2224e286bb9a5e13ed9961374600000000e7822dba53b0868472\
         211017555701e69bbd9c3e2ec5502347dce64e963cff0989b45f49ffff001dfb8e6e110101000000010000000000\
         000000000000000000000000000000000000000000000000000000ffffffff05540360ae0afeffffff0100f2052a\
         01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38\
         c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac03000000",
    )
    .unwrap();
    let header = Header::from_slice(&block[..80]).unwrap();
    let theirs = &block[81..];
    assert_eq!(coinbase_txid(theirs).to_bytes(), header.merkle_root);
    let target = Target::from_compact(header.bits).unwrap();
    assert!(target.is_met_by(&header.pow_hash(Algorithm::Sha256d)));

    // What BIP 34 and BIP 54 fix is the same in ours.
    let ours = ngpool_chain::CoinbaseSpec {
        height: ngpool_chain::Height(4),
        value: ngpool_chain::Amount(5_000_000_000),
        script: Bytes::copy_from_slice(&theirs[theirs.len() - 4 - 67..theirs.len() - 4]),
        witness_commitment: None,
        aux: None,
        process: ngpool_chain::ProcessTag::new([0; 8]).unwrap(),
        tag: Bytes::new(),
    };
    let ours = ours.build().unwrap().fill([0; 4], [0; 8]);
    assert_eq!(ours[42], theirs[42], "OP_4");
    // From the sequence to the lock time.
    assert_eq!(ours[ours.len() - 84..], theirs[theirs.len() - 84..]);
}
