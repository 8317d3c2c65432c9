//! A scripted stratum v1 miner: says exactly what a test wants said, and waits with a deadline for what
//! must come.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use anyhow::{Context, bail, ensure};
use ngpool_chain::{Algorithm, BlockHash, Difficulty, Header, Target, merkle, sha256d, stratum_v1};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// How long anything expected may take. Generous: the machine may be busy with other tests.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// What a transport must be able to do.
pub trait Transport: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Transport for T {}

/// A job as `mining.notify` told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientJob {
    /// Its id.
    pub id: String,
    /// The block it builds on.
    pub previous: BlockHash,
    /// Coinbase before the extranonce.
    pub coinbase1: Vec<u8>,
    /// Coinbase after it.
    pub coinbase2: Vec<u8>,
    /// Merkle branch, bottom up.
    pub branch: Vec<[u8; 32]>,
    /// Header version.
    pub version: u32,
    /// Compact target.
    pub bits: u32,
    /// Header time.
    pub time: u32,
    /// Whether older jobs are to be dropped.
    pub clean: bool,
}

/// A share, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Id of its job.
    pub job: String,
    /// The miner's part of the extranonce, hex.
    pub extranonce2: String,
    /// Header time.
    pub time: u32,
    /// Header nonce.
    pub nonce: u32,
    /// Rolled version bits.
    pub version_bits: Option<u32>,
    /// The header it makes.
    pub header: Header,
}

/// What the server answered to a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// `result`
    pub result: Value,
    /// Code of the error, if it was one.
    pub code: Option<i64>,
    /// Its text.
    pub message: String,
}

impl Reply {
    /// Whether it is `true` without an error.
    pub fn is_accepted(&self) -> bool {
        self.result == Value::Bool(true) && self.code.is_none()
    }
}

/// A connection of a miner.
pub struct StratumClient {
    stream: BufReader<Box<dyn Transport>>,
    inbox: VecDeque<Value>,
    next_id: u64,
    next_extranonce2: u64,
    /// Proof of work of the chain.
    pub algorithm: Algorithm,
    /// As the server gave it.
    pub extranonce1: Vec<u8>,
    /// Bytes of extranonce2.
    pub extranonce2_length: usize,
    /// Name of the session.
    pub session: String,
    /// Difficulty of the next job.
    pub difficulty: f64,
    /// Jobs in the order they came, each with the difficulty in force.
    pub jobs: Vec<(ClientJob, f64)>,
}

impl StratumClient {
    /// Connects over TCP.
    pub async fn connect(address: SocketAddr, algorithm: Algorithm) -> anyhow::Result<Self> {
        let stream = timeout(DEADLINE, TcpStream::connect(address))
            .await
            .context("connecting took too long")??;
        stream.set_nodelay(true)?;
        Ok(Self::over(stream, algorithm))
    }

    /// Speaks over a stream that is open.
    pub fn over(stream: impl Transport + 'static, algorithm: Algorithm) -> Self {
        Self {
            stream: BufReader::new(Box::new(stream)),
            inbox: VecDeque::new(),
            next_id: 1,
            next_extranonce2: 0,
            algorithm,
            extranonce1: Vec::new(),
            extranonce2_length: 0,
            session: String::new(),
            difficulty: 0.0,
            jobs: Vec::new(),
        }
    }

    /// Sends bytes as they are.
    pub async fn send_raw(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        timeout(DEADLINE, async {
            self.stream.get_mut().write_all(bytes).await?;
            self.stream.get_mut().flush().await
        })
        .await
        .context("sending took too long")??;
        Ok(())
    }

    /// Sends a call and returns its id.
    pub async fn send(&mut self, method: &str, params: Value) -> anyhow::Result<u64> {
        let id = self.next_id;
        self.next_id += 1;
        let line = json!({ "id": id, "method": method, "params": params });
        self.send_raw(format!("{line}\n").as_bytes()).await?;
        Ok(id)
    }

    /// Sends a call and waits for its reply.
    pub async fn call(&mut self, method: &str, params: Value) -> anyhow::Result<Reply> {
        let id = self.send(method, params).await?;
        self.reply(id).await
    }

    /// Waits for the reply to a call; what comes before is kept.
    pub async fn reply(&mut self, id: u64) -> anyhow::Result<Reply> {
        let message = self
            .wait_for(|message| message["id"] == json!(id) && message.get("method").is_none())
            .await
            .with_context(|| format!("no reply to call {id}"))?;
        Ok(Reply {
            result: message["result"].clone(),
            code: message["error"][0].as_i64(),
            message: message["error"][1].as_str().unwrap_or_default().to_owned(),
        })
    }

    /// Waits for a notification and returns its parameters; what comes before is kept.
    pub async fn notification(&mut self, method: &str) -> anyhow::Result<Value> {
        let message = self
            .wait_for(|message| message["method"] == json!(method))
            .await
            .with_context(|| format!("no {method}"))?;
        Ok(message["params"].clone())
    }

    /// Waits until the server closes the connection; fails when it does not.
    pub async fn closed(&mut self) -> anyhow::Result<()> {
        loop {
            match self.read_message().await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                Err(error) if error.downcast_ref::<std::io::Error>().is_some() => return Ok(()),
                Err(error) => return Err(error.context("the connection was not closed")),
            }
        }
    }

    /// Subscribes, authorizes and waits for the first job.
    pub async fn login(&mut self, name: &str, password: &str) -> anyhow::Result<ClientJob> {
        self.subscribe(None).await?;
        let reply = self
            .call("mining.authorize", json!([name, password]))
            .await?;
        ensure!(reply.is_accepted(), "not authorized: {reply:?}");
        self.job().await
    }

    /// Subscribes, for a session if one is named.
    pub async fn subscribe(&mut self, session: Option<&str>) -> anyhow::Result<()> {
        let params = match session {
            Some(session) => json!(["testkit/1", session]),
            None => json!(["testkit/1"]),
        };
        let reply = self.call("mining.subscribe", params).await?;
        let result = &reply.result;
        let session = &result[0][1][1];
        session
            .as_str()
            .context("no session in the reply")?
            .clone_into(&mut self.session);
        self.extranonce1 = hex::decode(result[1].as_str().context("no extranonce1")?)?;
        let length = result[2].as_u64().context("no extranonce2 length")?;
        self.extranonce2_length = usize::try_from(length)?;
        Ok(())
    }

    /// The newest job, once there is one; none that was returned before is waited for again.
    pub async fn job(&mut self) -> anyhow::Result<ClientJob> {
        if self.jobs.is_empty() {
            self.notification("mining.notify").await?;
        }
        self.jobs
            .last()
            .map(|(job, _)| job.clone())
            .context("no job")
    }

    /// Waits for the next job that satisfies a condition, old ones included.
    pub async fn job_where(
        &mut self,
        condition: impl Fn(&ClientJob) -> bool,
    ) -> anyhow::Result<ClientJob> {
        loop {
            if let Some((job, _)) = self.jobs.iter().rev().find(|(job, _)| condition(job)) {
                return Ok(job.clone());
            }
            self.read_message()
                .await?
                .context("the connection was closed")?;
        }
    }

    /// Difficulty that was in force when a job came.
    pub fn difficulty_of(&self, job: &ClientJob) -> Option<f64> {
        let of_job = self.jobs.iter().rev().find(|(known, _)| known.id == job.id);
        of_job.map(|(_, difficulty)| *difficulty)
    }

    /// Mines a share of a job that meets its difficulty.
    pub fn mine(&mut self, job: &ClientJob) -> anyhow::Result<Share> {
        let difficulty = self.difficulty_of(job).context("the job never came here")?;
        let target = Target::from_difficulty(Difficulty(difficulty), self.algorithm)?;
        self.mine_where(job, job.time, None, |hash| target.is_met_by(hash))
    }

    /// Mines a header of a job whose hash satisfies a condition.
    pub fn mine_where(
        &mut self,
        job: &ClientJob,
        time: u32,
        version: Option<(u32, u32)>,
        condition: impl Fn(&ngpool_chain::PowHash) -> bool,
    ) -> anyhow::Result<Share> {
        self.next_extranonce2 += 1;
        let number = self.next_extranonce2.to_be_bytes();
        let mut extranonce2 = vec![0; self.extranonce2_length];
        let tail = extranonce2.len().min(number.len());
        let start = extranonce2.len() - tail;
        extranonce2[start..].copy_from_slice(&number[number.len() - tail..]);
        let mut header = self.header(job, &extranonce2, time);
        if let Some((bits, mask)) = version {
            header.version = job.version & !mask | bits & mask;
        }
        for nonce in 0..=u32::MAX {
            header.nonce = nonce;
            if condition(&header.pow_hash(self.algorithm)) {
                return Ok(Share {
                    job: job.id.clone(),
                    extranonce2: hex::encode(extranonce2),
                    time,
                    nonce,
                    version_bits: version.map(|(bits, _)| bits),
                    header,
                });
            }
        }
        bail!("no nonce satisfies the condition")
    }

    /// The header of a job with nonce 0.
    pub fn header(&self, job: &ClientJob, extranonce2: &[u8], time: u32) -> Header {
        let coinbase = [
            &job.coinbase1[..],
            &self.extranonce1,
            extranonce2,
            &job.coinbase2,
        ]
        .concat();
        Header {
            version: job.version,
            previous: job.previous,
            merkle_root: merkle::fold_coinbase(sha256d(&coinbase), &job.branch),
            time,
            bits: job.bits,
            nonce: 0,
        }
    }

    /// Sends a share and waits for the reply.
    pub async fn submit(&mut self, name: &str, share: &Share) -> anyhow::Result<Reply> {
        self.call("mining.submit", share.params(name)).await
    }

    async fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        if let Some(place) = self.inbox.iter().position(&wanted) {
            return self.inbox.remove(place).context("the message is gone");
        }
        loop {
            let message = self
                .read_message()
                .await?
                .context("the connection was closed")?;
            if wanted(&message) {
                let last = self.inbox.pop_back();
                return last.context("the message is gone");
            }
        }
    }

    /// Reads one message into the inbox; none at the end of the connection.
    async fn read_message(&mut self) -> anyhow::Result<Option<Value>> {
        let mut line = String::new();
        let read = timeout(DEADLINE, self.stream.read_line(&mut line))
            .await
            .context("nothing came in time")??;
        if read == 0 {
            return Ok(None);
        }
        let message: Value =
            serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))?;
        self.note(&message)?;
        self.inbox.push_back(message.clone());
        Ok(Some(message))
    }

    fn note(&mut self, message: &Value) -> anyhow::Result<()> {
        let params = &message["params"];
        match message["method"].as_str() {
            Some("mining.set_difficulty") => {
                self.difficulty = params[0].as_f64().context("no difficulty")?;
            }
            Some("mining.set_extranonce") => {
                self.extranonce1 = hex::decode(params[0].as_str().context("no extranonce1")?)?;
            }
            Some("mining.notify") => {
                let job = ClientJob::parse(params)?;
                self.jobs.push((job, self.difficulty));
            }
            _ => {}
        }
        Ok(())
    }
}

impl ClientJob {
    fn parse(params: &Value) -> anyhow::Result<Self> {
        let text = |index: usize| {
            params[index]
                .as_str()
                .with_context(|| format!("no text at {index}: {params}"))
        };
        let number = |index: usize| {
            stratum_v1::parse_number(text(index)?).with_context(|| format!("no number at {index}"))
        };
        let branch = params[4]
            .as_array()
            .context("no branch")?
            .iter()
            .map(|node| {
                let mut bytes = [0; 32];
                hex::decode_to_slice(node.as_str().unwrap_or_default(), &mut bytes)?;
                Ok(bytes)
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            id: text(0)?.to_owned(),
            previous: stratum_v1::parse_previous_hash(text(1)?).context("no previous hash")?,
            coinbase1: hex::decode(text(2)?)?,
            coinbase2: hex::decode(text(3)?)?,
            branch,
            version: number(5)?,
            bits: number(6)?,
            time: number(7)?,
            clean: params[8].as_bool().context("no clean_jobs")?,
        })
    }
}

impl Share {
    /// Parameters of `mining.submit`.
    pub fn params(&self, name: &str) -> Value {
        let mut params = vec![
            json!(name),
            json!(self.job),
            json!(self.extranonce2),
            json!(stratum_v1::number(self.time)),
            json!(stratum_v1::number(self.nonce)),
        ];
        if let Some(bits) = self.version_bits {
            params.push(json!(stratum_v1::number(bits)));
        }
        Value::Array(params)
    }
}
