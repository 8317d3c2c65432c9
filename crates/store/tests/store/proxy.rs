//! A wire to the database that is cut at a call of choice, before the server has it or after it did it.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use ngpool_store::{Store, StoreOptions};
use ngpool_testkit::Database;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
};

/// Where the wire is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The server never gets the call.
    Request,
    /// The server has done it, and we never hear of it: nobody can tell whether a commit happened.
    Answer,
}

/// A proxy in front of a database.
pub(crate) struct Proxy {
    /// The store behind the proxy.
    pub(crate) store: Store,
    /// Calls that still pass; below zero when the wire was cut.
    left: Arc<AtomicI64>,
}

impl Proxy {
    pub(crate) async fn before(database: &Database, role: &str, side: Side) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let socket: PathBuf = database.url_of(role).split("host=").nth(1).unwrap().into();
        let socket = socket.join(".s.PGSQL.5432");
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let counter = left.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                tokio::spawn(carry(client, server, counter.clone(), side));
            }
        });
        let name = database.name();
        let url = format!("postgres://{role}@127.0.0.1:{port}/{name}?sslmode=disable");
        Self {
            store: Store::open(&url, &StoreOptions::default()).unwrap(),
            left,
        }
    }

    /// Cuts the wire once, at the call after so many.
    pub(crate) fn cut_after(&self, calls: i64) {
        self.left.store(calls, Ordering::SeqCst);
    }

    /// Whether the wire was cut since.
    pub(crate) fn was_cut(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }
}

/// Carries one connection until an end closes or a call is cut.
async fn carry(client: TcpStream, server: UnixStream, left: Arc<AtomicI64>, side: Side) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (cut, mut is_cut) = tokio::sync::watch::channel(false);
    let answers = tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1_024];
        loop {
            let count = from_server.read(&mut buffer).await.unwrap_or(0);
            // What comes after the cut is the answer that is lost: the server did it.
            if count == 0 || *is_cut.borrow_and_update() {
                return;
            }
            if to_client.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    });
    let mut opening = true;
    while let Some((kind, message)) = message(&mut from_client, opening).await {
        opening = false;
        // Sync ends an extended query, Query is a simple one: each is a call with an answer.
        let is_call = matches!(kind, b'S' | b'Q');
        if is_call && left.fetch_sub(1, Ordering::SeqCst) == 0 {
            if side == Side::Answer {
                cut.send_replace(true);
                if to_server.write_all(&message).await.is_ok() {
                    // Until the server has answered.
                    let _ended = answers.await;
                }
                return;
            }
            break;
        }
        if to_server.write_all(&message).await.is_err() {
            break;
        }
    }
    answers.abort();
}

/// The next message of the client and its type; the first of a connection has none.
async fn message(
    client: &mut tokio::net::tcp::OwnedReadHalf,
    opening: bool,
) -> Option<(u8, Vec<u8>)> {
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
    client.read_exact(&mut message[start..]).await.ok()?;
    Some((kind, message))
}
