//! The gRPC server of a program.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_util::sync::CancellationToken;
use tonic::{
    Status,
    body::Body,
    codegen::http::{Request, Response},
    service::Routes,
    transport::{Server, server::Connected},
};
use tower::{Layer, Service};

use super::{Identity, Mutual, Security, access};

/// Handshakes at once: a pool has tens of programs, and strangers get no further.
const HANDSHAKES: usize = 64;
/// A peer that has not shown itself by then is closed.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// Serves until the shutdown. With certificates, only programs of the pool come in, and each call is
/// checked against the table of who may call what.
pub async fn serve(
    listener: TcpListener,
    routes: Routes,
    security: &Security,
    shutdown: CancellationToken,
) -> Result<(), tonic::transport::Error> {
    let ended = shutdown.clone().cancelled_owned();
    match security {
        Security::Plain => {
            Server::builder()
                .tcp_nodelay(true)
                .add_routes(routes)
                .serve_with_incoming_shutdown(TcpListenerStream::new(listener), ended)
                .await
        }
        Security::Mutual(mutual) => {
            let incoming = accept(listener, Arc::clone(mutual), shutdown);
            Server::builder()
                .layer(Checked)
                .add_routes(routes)
                .serve_with_incoming_shutdown(incoming, ended)
                .await
        }
    }
}

/// Connections whose peers have shown who they are. A slow handshake keeps nobody else waiting.
fn accept(
    listener: TcpListener,
    mutual: Arc<Mutual>,
    shutdown: CancellationToken,
) -> ReceiverStream<io::Result<Peer>> {
    let (sender, receiver) = mpsc::channel(HANDSHAKES);
    let permits = Arc::new(Semaphore::new(HANDSHAKES));
    tokio::spawn(async move {
        loop {
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                () = shutdown.cancelled() => return,
                () = sender.closed() => return,
                accepted = listener.accept() => accepted,
            };
            let (stream, address) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let (sender, mutual) = (sender.clone(), Arc::clone(&mutual));
            tokio::spawn(async move {
                let _permit = permit;
                match tokio::time::timeout(HANDSHAKE, handshake(stream, &mutual)).await {
                    Ok(Ok(peer)) => {
                        let _server_ended = sender.send(Ok(peer)).await;
                    }
                    Ok(Err(error)) => {
                        tracing::debug!(%address, %error, "a peer could not show who it is");
                    }
                    Err(_) => tracing::debug!(%address, "a peer did not show who it is in time"),
                }
            });
        }
    });
    ReceiverStream::new(receiver)
}

async fn handshake(stream: TcpStream, mutual: &Mutual) -> io::Result<Peer> {
    stream.set_nodelay(true)?;
    let stream = TlsAcceptor::from(mutual.server()).accept(stream).await?;
    let leaf = stream
        .get_ref()
        .1
        .peer_certificates()
        .and_then(<[_]>::first);
    let identity = leaf
        .ok_or_else(|| io::Error::other("no certificate"))
        .and_then(|leaf| Identity::of_certificate(leaf).map_err(io::Error::other))?;
    // One authority a pool, but a bundle may be shared by mistake.
    if identity.namespace != mutual.identity().namespace {
        return Err(io::Error::other(format!("{identity} is of another pool")));
    }
    Ok(Peer {
        stream,
        info: PeerInfo(identity),
    })
}

/// A connection of a known program.
struct Peer {
    stream: TlsStream<TcpStream>,
    info: PeerInfo,
}

/// Who is at the other end; in the extensions of every request.
#[derive(Debug, Clone)]
struct PeerInfo(Identity);

impl Connected for Peer {
    type ConnectInfo = PeerInfo;

    fn connect_info(&self) -> PeerInfo {
        self.info.clone()
    }
}

impl AsyncRead for Peer {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Peer {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// Refuses calls that the table does not allow to their caller.
#[derive(Debug, Clone, Copy)]
struct Checked;

impl<S> Layer<S> for Checked {
    type Service = CheckedService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CheckedService(inner)
    }
}

#[derive(Debug, Clone)]
struct CheckedService<S>(S);

impl<S> Service<Request<Body>> for CheckedService<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send + 'static>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let method = request.uri().path();
        let caller = request.extensions().get::<PeerInfo>().map(|peer| &peer.0);
        let allowed = caller.is_some_and(|caller| access::allows(&caller.program, method));
        if allowed {
            return Box::pin(self.0.call(request));
        }
        let who = caller.map_or_else(|| "a stranger".to_owned(), ToString::to_string);
        tracing::warn!(who, method, "a call was refused");
        let refused = Status::permission_denied(format!("{who} may not call {method}"));
        Box::pin(std::future::ready(Ok(refused.into_http())))
    }
}
