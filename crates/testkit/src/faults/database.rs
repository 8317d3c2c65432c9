//! The wire to PostgreSQL: each commit is a point.
//!
//! Commits are `COMMIT` inside a transaction block, and every statement outside of one that is not
//! plainly a read: a `SELECT` that calls none of the database's own volatile functions.

use std::{collections::HashMap, net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream, UnixStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
        unix::OwnedReadHalf as ServerReadHalf,
    },
    sync::{Mutex, watch},
    task::AbortHandle,
};

use super::{Faults, Moment};
use crate::Database;

/// Longest statement text in the name of a point.
const NAMED: usize = 60;

/// A wire between a program and a database. Ends with the value.
#[derive(Debug)]
pub struct DatabaseWire {
    url: String,
    task: AbortHandle,
}

struct Carrier {
    faults: Faults,
    program: String,
    socket: PathBuf,
    writers: Vec<String>,
}

impl DatabaseWire {
    /// A wire of `program` to a database, as a role.
    pub async fn start(
        faults: &Faults,
        program: &str,
        database: &Database,
        role: &str,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let volatile = "SELECT proname FROM pg_proc WHERE provolatile = 'v' \
                        AND pronamespace = 'public'::regnamespace";
        let functions = database.ask(volatile).await?;
        let carrier = Arc::new(Carrier {
            faults: faults.clone(),
            program: program.to_owned(),
            socket: database.socket(),
            writers: functions.lines().map(|name| format!("{name}(")).collect(),
        });
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let carrier = carrier.clone();
                tokio::spawn(async move {
                    if let Err(error) = carrier.carry(stream).await {
                        tracing::debug!(%error, "connection ended");
                    }
                });
            }
        });
        Ok(Self {
            url: url(address, role, database.name()),
            task: task.abort_handle(),
        })
    }

    /// URL of the database through the wire.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for DatabaseWire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn url(address: SocketAddr, role: &str, name: &str) -> String {
    format!("postgres://{role}@{address}/{name}?sslmode=disable")
}

/// What the server said so far: its number of answers, and its transaction status after the last.
type Answers = watch::Receiver<(u64, u8)>;

/// The way to the program, which can be held while a call's fate is open.
struct Back {
    wire: OwnedWriteHalf,
    held: Option<Vec<u8>>,
}

/// What the statements of one connection are.
#[derive(Default)]
struct Statements {
    named: HashMap<Vec<u8>, String>,
    bound: String,
    is_executed: bool,
}

impl Carrier {
    async fn carry(&self, client: TcpStream) -> anyhow::Result<()> {
        client.set_nodelay(true)?;
        let server = UnixStream::connect(&self.socket).await?;
        let (mut from_client, to_client) = client.into_split();
        let (from_server, mut to_server) = server.into_split();
        let back = Arc::new(Mutex::new(Back {
            wire: to_client,
            held: None,
        }));
        let (said, mut answers) = watch::channel((0, b'I'));
        let pump = tokio::spawn(bring_back(from_server, back.clone(), said));
        let _ended = Ends(pump.abort_handle());

        let mut opening = true;
        let mut statements = Statements::default();
        // The first answer is the server's readiness.
        let mut asked = 1;
        while let Some((kind, message)) = message(&mut from_client, opening).await {
            opening = false;
            let call = statements.read(kind, message.get(5..).unwrap_or_default());
            if let Some(text) = call {
                let status = answered(&mut answers, asked).await?;
                asked += 1;
                if self.is_commit(&text, status) {
                    let name = shortened(&text);
                    if self
                        .faults
                        .reach(&self.program, &name, Moment::Before)
                        .await?
                    {
                        return Ok(());
                    }
                    back.lock().await.held = Some(Vec::new());
                    to_server.write_all(&message).await?;
                    answered(&mut answers, asked).await?;
                    if self
                        .faults
                        .reach(&self.program, &name, Moment::After)
                        .await?
                    {
                        return Ok(());
                    }
                    let mut back = back.lock().await;
                    let held = back.held.take().unwrap_or_default();
                    back.wire.write_all(&held).await?;
                    continue;
                }
            } else if matches!(kind, b'S' | b'Q') {
                asked += 1;
            }
            to_server.write_all(&message).await?;
        }
        Ok(())
    }

    fn is_commit(&self, text: &str, status: u8) -> bool {
        let first = text.split_whitespace().next().unwrap_or_default();
        let is = |word: &str| first.eq_ignore_ascii_case(word);
        if status != b'I' {
            return is("COMMIT") || is("END");
        }
        let is_read = is("SELECT") && !self.writers.iter().any(|call| text.contains(call.as_str()));
        let is_session = [
            "BEGIN", "START", "ROLLBACK", "COMMIT", "SET", "SHOW", "LISTEN", "",
        ];
        !is_read && !is_session.iter().any(|word| is(word))
    }
}

impl Statements {
    /// The statement that a message makes the server do, when it is the last message of a call that
    /// does one.
    fn read(&mut self, kind: u8, body: &[u8]) -> Option<String> {
        let mut parts = body.splitn(3, |byte| *byte == 0);
        let mut part = || parts.next().unwrap_or_default();
        match kind {
            b'P' => {
                let (name, text) = (part(), part());
                self.named.insert(name.to_owned(), as_text(text));
            }
            b'B' => {
                let (_portal, name) = (part(), part());
                self.bound = self.named.get(name).cloned().unwrap_or_default();
            }
            b'E' => self.is_executed = true,
            b'Q' => return Some(as_text(part())),
            b'S' if std::mem::take(&mut self.is_executed) => return Some(self.bound.clone()),
            _ => {}
        }
        None
    }
}

/// Waits until the server has answered so many calls; its transaction status.
async fn answered(answers: &mut Answers, calls: u64) -> anyhow::Result<u8> {
    let state = answers.wait_for(|(count, _)| *count >= calls).await;
    Ok(state.context("the server closed the connection")?.1)
}

/// Brings the server's messages to the program, counting its answers.
async fn bring_back(
    mut server: ServerReadHalf,
    back: Arc<Mutex<Back>>,
    said: watch::Sender<(u64, u8)>,
) -> anyhow::Result<()> {
    loop {
        let kind = server.read_u8().await?;
        let length = server.read_u32().await?;
        let mut message = vec![kind];
        message.extend(length.to_be_bytes());
        let rest = usize::try_from(length)?
            .checked_sub(4)
            .context("a short message")?;
        message.resize(5 + rest, 0);
        let body = message.get_mut(5..).context("a message has a body")?;
        server.read_exact(body).await?;
        let status = body.first().copied().unwrap_or_default();
        let mut back = back.lock().await;
        match &mut back.held {
            Some(held) => held.extend(&message),
            None => back.wire.write_all(&message).await?,
        }
        drop(back);
        // ReadyForQuery ends every call.
        if kind == b'Z' {
            said.send_modify(|(count, last)| {
                *count += 1;
                *last = status;
            });
        }
    }
}

/// The next message of a program and its type; the first of a connection has none.
async fn message(client: &mut OwnedReadHalf, opening: bool) -> Option<(u8, Vec<u8>)> {
    let kind = if opening {
        0
    } else {
        client.read_u8().await.ok()?
    };
    let length = client.read_u32().await.ok()?;
    let mut message = if opening { Vec::new() } else { vec![kind] };
    message.extend(length.to_be_bytes());
    let start = message.len();
    message.resize(start + usize::try_from(length).ok()?.checked_sub(4)?, 0);
    client.read_exact(message.get_mut(start..)?).await.ok()?;
    Some((kind, message))
}

fn as_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn shortened(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().take(NAMED).collect()
}

/// Ends a task when the value goes.
struct Ends(AbortHandle);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}
