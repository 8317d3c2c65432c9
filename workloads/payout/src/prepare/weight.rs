//! Sizes of transactions before they are signed: exact but for signatures, which count with their
//! longest form.
//!
//! Sources: BIP 141 (weight), BIP 143, BIP 341 (signatures of 64 bytes, 65 with a hash type).

use bitcoin::ScriptBuf;
use ngpool_chain::Network;
use ngpool_settings::{MultisigSpend, PayoutPolicy};

/// Longest ECDSA signature that nodes relay, in DER, with its hash type: both numbers of 33 bytes
/// never come with a low S.
const ECDSA: u64 = 72;
/// A compressed public key.
const KEY: u64 = 33;
/// Outpoint and sequence of an input.
const INPUT_BASE: u64 = 36 + 4;

/// What the outputs of the pool need to be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendRules {
    multisig: Option<MultisigSpend>,
    has_segwit: bool,
}

impl SpendRules {
    /// The rules of a policy on a network.
    pub const fn new(policy: &PayoutPolicy, network: &Network) -> Self {
        Self {
            multisig: policy.multisig,
            has_segwit: network.has_segwit(),
        }
    }

    /// Size of an input that spends a script; none for scripts that the pool's keys do not spend.
    pub fn input(self, script: &[u8]) -> Option<InputSize> {
        let script = ScriptBuf::from_bytes(script.to_vec());
        let single = 1 + (1 + ECDSA) + (1 + KEY);
        if script.is_p2pkh() {
            return Some(InputSize::legacy((1 + ECDSA) + (1 + KEY)));
        }
        if script.is_p2wpkh() {
            return Some(InputSize::segwit(0, single));
        }
        if script.is_p2tr() {
            return Some(InputSize::segwit(0, 1 + (1 + 65)));
        }
        if script.is_p2sh() {
            return Some(match self.multisig {
                // A push of the 22 bytes of P2WPKH, or of the 34 of P2WSH.
                None if self.has_segwit => InputSize::segwit(1 + 22, single),
                Some(multisig) if self.has_segwit => {
                    InputSize::segwit(1 + 34, multisig_witness(multisig))
                }
                None => return None,
                Some(multisig) => {
                    let script = multisig_script(multisig);
                    // OP_PUSHDATA1 or 2 above 75 bytes.
                    let push = 1 + u64::from(script > 75) + u64::from(script > 255);
                    let signatures = u64::from(multisig.required) * (1 + ECDSA);
                    InputSize::legacy(1 + signatures + push + script)
                }
            });
        }
        if script.is_p2wsh() {
            return self
                .multisig
                .map(|multisig| InputSize::segwit(0, multisig_witness(multisig)));
        }
        None
    }
}

/// `m <key>… n OP_CHECKMULTISIG`.
fn multisig_script(multisig: MultisigSpend) -> u64 {
    3 + u64::from(multisig.keys) * (1 + KEY)
}

fn multisig_witness(multisig: MultisigSpend) -> u64 {
    let script = multisig_script(multisig);
    let signatures = u64::from(multisig.required) * (1 + ECDSA);
    // Number of items, the empty one, signatures, the script.
    1 + 1 + signatures + varint(script) + script
}

/// Size of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputSize {
    script_sig: u64,
    /// 0 for inputs without a witness.
    witness: u64,
}

impl InputSize {
    const fn legacy(script_sig: u64) -> Self {
        Self {
            script_sig,
            witness: 0,
        }
    }

    const fn segwit(script_sig: u64, witness: u64) -> Self {
        Self {
            script_sig,
            witness,
        }
    }

    /// Weight that it adds to a transaction.
    pub const fn weight(self) -> u64 {
        4 * (INPUT_BASE + varint(self.script_sig) + self.script_sig) + self.witness
    }

    /// Virtual bytes that it adds, rounded up.
    pub const fn vbytes(self) -> u64 {
        self.weight().div_ceil(4)
    }
}

/// Size of a transaction, input by input and output by output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    inputs: u64,
    /// Inputs without a witness: each has an empty one where another input has one.
    bare: u64,
    outputs: u64,
    weight: u64,
}

impl Size {
    /// With one more input.
    #[must_use]
    pub const fn with_input(self, input: InputSize) -> Self {
        Self {
            inputs: self.inputs + 1,
            bare: if input.witness == 0 {
                self.bare + 1
            } else {
                self.bare
            },
            weight: self.weight + input.weight(),
            ..self
        }
    }

    /// With one more output to a script of so many bytes.
    #[must_use]
    pub const fn with_output(self, script: usize) -> Self {
        // A length in memory fits.
        let script = script as u64;
        Self {
            outputs: self.outputs + 1,
            weight: self.weight + 4 * (8 + varint(script) + script),
            ..self
        }
    }

    /// With the inputs and outputs of another.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            inputs: self.inputs + other.inputs,
            bare: self.bare + other.bare,
            outputs: self.outputs + other.outputs,
            weight: self.weight + other.weight,
        }
    }

    /// Weight units.
    pub const fn weight(self) -> u64 {
        // Version, lock time, the two counts; marker and flag with segwit.
        let base = 4 * (8 + varint(self.inputs) + varint(self.outputs));
        let segwit = if self.bare < self.inputs {
            2 + self.bare
        } else {
            0
        };
        base + segwit + self.weight
    }

    /// Virtual bytes.
    pub const fn vbytes(self) -> u64 {
        self.weight().div_ceil(4)
    }

    /// Number of inputs.
    pub const fn inputs(self) -> u64 {
        self.inputs
    }

    /// Number of outputs.
    pub const fn outputs(self) -> u64 {
        self.outputs
    }
}

/// Bytes of a count (Bitcoin's variable-length integer).
const fn varint(count: u64) -> u64 {
    match count {
        0..=0xfc => 1,
        0xfd..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

#[cfg(test)]
mod tests {
    use bitcoin::{
        ScriptBuf,
        hashes::Hash,
        transaction::{InputWeightPrediction, predict_weight},
    };

    use super::*;

    fn scripts() -> Vec<(ScriptBuf, InputWeightPrediction)> {
        let p2tr = [&[0x51, 0x20][..], &[2; 32]].concat();
        vec![
            (
                ScriptBuf::new_p2pkh(&bitcoin::PubkeyHash::all_zeros()),
                InputWeightPrediction::P2PKH_COMPRESSED_MAX,
            ),
            (
                ScriptBuf::new_p2wpkh(&bitcoin::WPubkeyHash::all_zeros()),
                InputWeightPrediction::P2WPKH_MAX,
            ),
            (
                ScriptBuf::new_p2sh(&bitcoin::ScriptHash::all_zeros()),
                InputWeightPrediction::from_slice(23, &[72, 33]),
            ),
            (
                ScriptBuf::from_bytes(p2tr),
                InputWeightPrediction::P2TR_KEY_NON_DEFAULT_SIGHASH,
            ),
        ]
    }

    #[test]
    fn sizes_are_those_that_the_library_predicts() {
        let network = Network::preset("litecoin-regtest").unwrap();
        let rules = SpendRules::new(&PayoutPolicy::default(), &network);
        let scripts = scripts();
        for mask in 1_usize..16 {
            for (inputs, outputs) in [(1, 1), (3, 2), (253, 300), (70_000, 1)] {
                let chosen: Vec<_> = (0..inputs)
                    .map(|n| n % 4)
                    .filter(|n| mask & (1 << n) != 0)
                    .collect();
                if chosen.is_empty() {
                    continue;
                }
                let mut size = Size::default();
                for n in &chosen {
                    size = size.with_input(rules.input(scripts[*n].0.as_bytes()).unwrap());
                }
                let lengths: Vec<_> = (0..outputs).map(|n| scripts[n % 4].0.len()).collect();
                for length in &lengths {
                    size = size.with_output(*length);
                }
                let expected = predict_weight(chosen.iter().map(|n| scripts[*n].1), lengths);
                assert_eq!(size.weight(), expected.to_wu(), "{mask} {inputs} {outputs}");
            }
        }
    }

    #[test]
    fn several_keys_count_with_their_script() {
        let policy = PayoutPolicy {
            multisig: Some(MultisigSpend {
                required: 2,
                keys: 3,
            }),
            ..PayoutPolicy::default()
        };
        let litecoin = Network::preset("litecoin").unwrap();
        let rules = SpendRules::new(&policy, &litecoin);
        let p2wsh = ScriptBuf::new_p2wsh(&bitcoin::WScriptHash::all_zeros());
        let expected = InputWeightPrediction::from_slice(0, &[0, 72, 72, 105]);
        let input = rules.input(p2wsh.as_bytes()).unwrap();
        assert_eq!(
            Size::default().with_input(input).with_output(22).weight(),
            predict_weight([expected], [22]).to_wu()
        );
        let p2sh = ScriptBuf::new_p2sh(&bitcoin::ScriptHash::all_zeros());
        let expected = InputWeightPrediction::from_slice(35, &[0, 72, 72, 105]);
        let input = rules.input(p2sh.as_bytes()).unwrap();
        assert_eq!(
            Size::default().with_input(input).with_output(22).weight(),
            predict_weight([expected], [22]).to_wu()
        );
        // Without segwit: OP_0, two signatures, OP_PUSHDATA1 and the script.
        let dogecoin = Network::preset("dogecoin").unwrap();
        let input = SpendRules::new(&policy, &dogecoin).input(p2sh.as_bytes());
        let expected = InputWeightPrediction::from_slice(1 + 2 * 73 + 2 + 105, &[] as &[usize]);
        assert_eq!(
            Size::default()
                .with_input(input.unwrap())
                .with_output(25)
                .weight(),
            predict_weight([expected], [25]).to_wu()
        );
    }

    #[test]
    fn what_no_key_of_the_pool_spends_has_no_size() {
        let network = Network::preset("litecoin-regtest").unwrap();
        let rules = SpendRules::new(&PayoutPolicy::default(), &network);
        assert_eq!(rules.input(&[0x6a]), None);
        let p2wsh = ScriptBuf::new_p2wsh(&bitcoin::WScriptHash::all_zeros());
        assert_eq!(rules.input(p2wsh.as_bytes()), None);
    }
}
