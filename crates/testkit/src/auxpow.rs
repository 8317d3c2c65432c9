//! What a daemon of a merged-mined chain checks of a block, for chains whose daemons no distribution
//! has: Namecoin's and Dogecoin's `CheckAuxPowProofOfWork`, read from the bytes as they do.

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use ngpool_chain::{
    Algorithm, AuxProof, BlockHash, Header, Target, Txid, aux::AUX_VERSION_BIT, merkle,
};

/// A merged-mined block that a daemon would take, as far as its proof goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuxBlockRead {
    /// Its own header.
    pub header: Header,
    /// Its identity.
    pub hash: BlockHash,
    /// The proof.
    pub proof: AuxProof,
    /// Transactions in it, the coinbase too.
    pub transactions: usize,
    /// Everything after the count of transactions.
    pub body: Bytes,
}

/// Reads a block of an aux chain and checks its proof: the bit and the chain id in its version, the
/// commitment in the parent's coinbase, the coinbase in the parent, the parent's work under the
/// block's own target, and the merkle root over a coinbase without witness and `others`.
pub fn check(
    block: &[u8],
    chain_id: u16,
    algorithm: Algorithm,
    others: &[Txid],
) -> anyhow::Result<AuxBlockRead> {
    let mut bytes = Reader(block);
    let header = bytes.header()?;
    ensure!(
        header.version & AUX_VERSION_BIT != 0,
        "the version {:08x} says that no proof follows",
        header.version
    );
    ensure!(
        header.version >> 16 == u32::from(chain_id),
        "the version {:08x} is of another chain",
        header.version
    );
    let coinbase = bytes.transaction()?;
    bytes.take(32)?;
    let coinbase_branch = bytes.branch()?;
    let index = bytes.number()?;
    ensure!(index == 0, "a coinbase is the first of its block");
    let chain_branch = bytes.branch()?;
    let chain_index = bytes.number()?;
    let parent = bytes.header()?;
    let proof = AuxProof {
        coinbase: Bytes::copy_from_slice(coinbase),
        coinbase_branch,
        chain_branch,
        chain_index,
        parent,
    };
    proof.check(&header.hash(), chain_id)?;
    let target = Target::from_compact(header.bits)?;
    ensure!(
        target.is_met_by(&parent.pow_hash(algorithm)),
        "the parent's work is not enough"
    );
    let transactions = bytes.size()?;
    let body = Bytes::copy_from_slice(bytes.0);
    let own = Txid::of(bytes.transaction()?);
    let ids: Vec<[u8; 32]> = others.iter().map(|id| id.to_bytes()).collect();
    ensure!(
        transactions == ids.len() + 1,
        "it counts {transactions} transactions"
    );
    let branch = merkle::coinbase_branch(&ids);
    ensure!(
        merkle::fold_coinbase(own.to_bytes(), &branch) == header.merkle_root,
        "bad-txnmrklroot"
    );
    Ok(AuxBlockRead {
        hash: header.hash(),
        header,
        proof,
        transactions,
        body,
    })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> anyhow::Result<&'a [u8]> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .context("it ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn header(&mut self) -> anyhow::Result<Header> {
        Header::from_slice(self.take(Header::LENGTH)?).context("no header")
    }

    fn number(&mut self) -> anyhow::Result<u32> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into()?))
    }

    fn size(&mut self) -> anyhow::Result<usize> {
        match self.take(1)?[0] {
            0xfd => Ok(u16::from_le_bytes(self.take(2)?.try_into()?).into()),
            0xfe => Ok(usize::try_from(self.number()?)?),
            0xff => bail!("a size of 64 bits"),
            small => Ok(small.into()),
        }
    }

    fn branch(&mut self) -> anyhow::Result<Vec<[u8; 32]>> {
        let count = self.size()?;
        (0..count).map(|_| Ok(self.take(32)?.try_into()?)).collect()
    }

    /// A transaction without witness.
    fn transaction(&mut self) -> anyhow::Result<&'a [u8]> {
        let start = self.0;
        self.take(4)?;
        let inputs = self.size()?;
        ensure!(
            inputs == 1,
            "a coinbase has one input, and none of ours here a witness"
        );
        self.take(36)?;
        let length = self.size()?;
        self.take(length + 4)?;
        for _ in 0..self.size()? {
            self.take(8)?;
            let length = self.size()?;
            self.take(length)?;
        }
        self.take(4)?;
        Ok(&start[..start.len() - self.0.len()])
    }
}
