//! Where miners connect: one socket, plain text and TLS told apart by the first byte.
//!
//! ```text
//!  accept ─▶ (PROXY header) ─▶ Gate ─▶ (TLS) ─▶ Connection
//! ```

pub mod proxy;
pub mod tls;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    connection::Connection,
    port::Port,
    registry::{Close, Handle, Membership},
    session::Session,
};

/// Connections that may wait to be accepted: a reconnect of 10,000 miners at once comes faster than
/// they are taken.
const BACKLOG: i32 = 16_384;
/// Pause when the system has no more files or memory to give; accepting at once would only spin.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// Binds the miners' socket.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = socket2::Domain::for_address(address);
    let socket = socket2::Socket::new(domain, socket2::Type::STREAM, Some(socket2::Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Accepts miners.
#[derive(Clone)]
pub struct Server {
    /// What connections share.
    pub port: Arc<Port>,
    /// TLS, used where a certificate is in force.
    pub tls: TlsAcceptor,
    /// Connections under way.
    pub tasks: TaskTracker,
}

impl Server {
    /// Accepts until it is told to stop; connections stay.
    pub async fn accept(self, listener: TcpListener, stop: CancellationToken) {
        let greeting = Arc::new(AtomicU32::new(0));
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.take(stream, peer.ip().to_canonical(), &greeting),
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept connections");
                    tokio::time::sleep(EXHAUSTED).await;
                }
            }
        }
    }

    /// Takes one connection, or closes it by dropping it.
    fn take(&self, stream: TcpStream, peer: IpAddr, greeting: &Arc<AtomicU32>) {
        if !self.port.is_open() {
            return;
        }
        // Replies are small and each is waited for.
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let settings = self.port.settings.load();
        let now = self.port.clock.now();
        if settings
            .proxy_protocol_from
            .iter()
            .any(|range| range.contains(&peer))
        {
            // Who it counts for is known only after the header.
            let place = Greeting::enter(greeting, settings.limits.connections);
            let membership = self.port.registry.join(now);
            if let Some(place) = place {
                self.tasks
                    .spawn(self.clone().greet_proxied(stream, membership, place));
            }
            return;
        }
        match self.port.gate.admit(peer, &settings.limits, now) {
            Err(refusal) => self.port.metrics.refused(refusal, peer),
            Ok(permit) => {
                let membership = self.port.registry.join(now);
                let (server, with_tls) = (self.clone(), settings.tls.is_some());
                self.tasks.spawn(async move {
                    server.serve(stream, peer, membership, with_tls).await;
                    drop(permit);
                });
            }
        }
    }

    async fn greet_proxied(self, mut stream: TcpStream, membership: Membership, place: Greeting) {
        let header = tokio::select! {
            close = closed(membership.handle()) => {
                self.port.metrics.closed(close);
                return;
            }
            header = proxy::read_header(&mut stream) => header,
        };
        drop(place);
        let peer = match header {
            Ok(Some(peer)) => peer.to_canonical(),
            // The load balancer's own check.
            Ok(None) => return,
            Err(error) => {
                tracing::debug!(%error, "PROXY header refused");
                self.port.metrics.closed(Close::Malformed);
                return;
            }
        };
        let settings = self.port.settings.load_full();
        match self
            .port
            .gate
            .admit(peer, &settings.limits, self.port.clock.now())
        {
            Err(refusal) => self.port.metrics.refused(refusal, peer),
            Ok(_permit) => {
                let with_tls = settings.tls.is_some();
                self.serve(stream, peer, membership, with_tls).await;
            }
        }
    }

    async fn serve(&self, stream: TcpStream, peer: IpAddr, membership: Membership, with_tls: bool) {
        let close = if with_tls {
            // Boxed: the state of a handshake is large, and most connections never have one.
            Box::pin(self.serve_either(stream, peer, membership)).await
        } else {
            self.connection(stream, peer, membership).serve().await
        };
        tracing::debug!(%peer, reason = close.label(), "connection closed");
        self.port.metrics.closed(close);
    }

    async fn serve_either(&self, stream: TcpStream, peer: IpAddr, membership: Membership) -> Close {
        let handle = membership.handle().clone();
        let mut first = [0];
        let peeked = tokio::select! {
            close = closed(&handle) => return close,
            peeked = stream.peek(&mut first) => peeked,
        };
        match peeked {
            Err(_) => return Close::Broken,
            Ok(0) => return Close::ByMiner,
            Ok(_) if first[0] != tls::HANDSHAKE => {
                return self.connection(stream, peer, membership).serve().await;
            }
            Ok(_) => {}
        }
        let stream = tokio::select! {
            close = closed(&handle) => return close,
            accepted = self.tls.accept(stream) => match accepted {
                Ok(stream) => stream,
                Err(error) => {
                    tracing::debug!(%peer, %error, "TLS handshake failed");
                    return Close::Malformed;
                }
            },
        };
        self.connection(stream, peer, membership).serve().await
    }

    fn connection<S>(&self, stream: S, peer: IpAddr, membership: Membership) -> Connection<S>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    {
        let session = Session::new(self.port.clone(), membership.handle().clone(), peer);
        let queue = self.port.settings.load().limits.send_queue_bytes;
        Connection::new(stream, session, membership, queue as usize)
    }
}

/// A connection whose PROXY header has not come: counted, because the gate does not know it yet.
struct Greeting(Arc<AtomicU32>);

impl Greeting {
    fn enter(count: &Arc<AtomicU32>, limit: u32) -> Option<Self> {
        if count.fetch_add(1, Ordering::Relaxed) >= limit {
            count.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Self(count.clone()))
    }
}

impl Drop for Greeting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits until the server wants the connection closed.
async fn closed(handle: &Handle) -> Close {
    std::future::poll_fn(|context| {
        handle.listen(context.waker());
        match handle.closing() {
            Some(close) => std::task::Poll::Ready(close),
            None => std::task::Poll::Pending,
        }
    })
    .await
}

/// Whether an error of `accept` is about the connection that would have been accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
