//! One connection: bytes in, lines to the session, bytes out. One task, one poll, no buffer while idle.
//!
//! Reading and writing go through buffers of the thread; a connection owns memory only for the rest
//! of an unfinished line and for what the miner's socket does not take yet.

use std::{
    cell::RefCell,
    future::Future as _,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use ngpool_chain::PowHash;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{
    pow_pool::{Hashes, Submitted},
    registry::{self, Close, Membership},
    session::{Next, Session},
    share::Batch,
    wire::LINE_LIMIT,
};

/// Bytes read at once. Two lines of the longest kind fit.
const READ: usize = 2 * LINE_LIMIT;

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::new(Buffers {
        input: vec![0; READ].into_boxed_slice(),
        output: Vec::with_capacity(READ),
    });
}

/// Buffers of a thread, used within one poll.
struct Buffers {
    input: Box<[u8]>,
    output: Vec<u8>,
}

/// How far reading went in one poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// Whatever comes next wakes the task.
    All,
    /// There is as much to send as may wait.
    UntilFull,
}

/// A miner's connection.
pub struct Connection<S> {
    stream: S,
    session: Session,
    membership: Membership,
    /// The start of a line whose end has not come, and lines that wait for a batch.
    input: Vec<u8>,
    /// What the socket has not taken yet.
    output: Vec<u8>,
    /// Shares being hashed elsewhere.
    hashing: Option<(Box<Batch>, Hashes)>,
    /// Set when the connection ends after what is in `output` was offered once.
    closing: Option<Close>,
    send_queue: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// A connection that is ready to be served.
    pub fn new(stream: S, session: Session, membership: Membership, send_queue: usize) -> Self {
        Self {
            stream,
            session,
            membership,
            input: Vec::new(),
            output: Vec::new(),
            hashing: None,
            closing: None,
            send_queue,
        }
    }

    /// Serves the miner until the connection ends.
    pub async fn serve(mut self) -> Close {
        std::future::poll_fn(|context| {
            BUFFERS.with_borrow_mut(|buffers| self.poll(context, buffers))
        })
        .await
    }

    fn poll(&mut self, context: &mut Context<'_>, buffers: &mut Buffers) -> Poll<Close> {
        let out = &mut buffers.output;
        out.clear();
        out.append(&mut self.output);
        self.obey(context, out);
        let taken = match self.closing {
            Some(_) => Ok(Taken::All),
            None => self.take_messages(context, &mut buffers.input, out),
        };
        if let Err(close) = taken {
            self.closing = Some(close);
        }
        let flushed = self.flush(context, out);
        if let Some(close) = self.closing {
            // A farewell is a courtesy: it is offered once and not waited for.
            let _offered = Pin::new(&mut self.stream).poll_shutdown(context);
            return Poll::Ready(close);
        }
        match flushed {
            Err(_) => Poll::Ready(Close::Broken),
            Ok(sent) => {
                let left = out.get(sent..).unwrap_or_default();
                if left.len() > self.send_queue {
                    return Poll::Ready(Close::SlowReader);
                }
                self.output.extend_from_slice(left);
                if taken == Ok(Taken::UntilFull) {
                    // Nothing else would wake this task: there may be more to read at once.
                    context.waker().wake_by_ref();
                }
                Poll::Pending
            }
        }
    }

    /// Does what the server asked for by flags.
    fn obey(&mut self, context: &mut Context<'_>, out: &mut Vec<u8>) {
        let handle = self.membership.handle();
        handle.listen(context.waker());
        let flags = handle.take();
        if let Some(close) = handle.closing() {
            self.closing = Some(close);
        }
        if flags & registry::SETTINGS != 0 {
            self.session.settings_changed(out);
        }
        if flags & registry::BANNER != 0 {
            self.session.show_banner(out);
        }
        if flags & registry::JOB != 0 {
            self.session.send_job(out);
        }
        if flags & registry::SWEEP != 0 {
            self.session.sweep(out);
        }
        if flags & registry::RECONNECT != 0 {
            crate::wire::encode::reconnect(out);
        }
    }

    /// Reads and answers until the socket has nothing more, or a batch is being hashed.
    fn take_messages(
        &mut self,
        context: &mut Context<'_>,
        scratch: &mut [u8],
        out: &mut Vec<u8>,
    ) -> Result<Taken, Close> {
        loop {
            if !self.take_hashes(context, out)? {
                return Ok(Taken::All);
            }
            // A miner that does not read what it is told is not listened to either.
            if out.len() > self.send_queue {
                return Ok(Taken::UntilFull);
            }
            if self.input.contains(&b'\n') {
                let input = std::mem::take(&mut self.input);
                self.take_lines(&input, out)?;
                continue;
            }
            let mut buffer = ReadBuf::new(scratch);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending => return Ok(Taken::All),
                Poll::Ready(Err(_)) => return Err(Close::Broken),
                Poll::Ready(Ok(())) => {}
            }
            let read = buffer.filled();
            if read.is_empty() {
                return Err(Close::ByMiner);
            }
            if self.input.is_empty() {
                self.take_lines(read, out)?;
            } else {
                self.input.extend_from_slice(read);
                let input = std::mem::take(&mut self.input);
                self.take_lines(&input, out)?;
            }
        }
    }

    /// Answers a batch whose hashes have come. Returns whether messages may be taken.
    fn take_hashes(&mut self, context: &mut Context<'_>, out: &mut Vec<u8>) -> Result<bool, Close> {
        let Some((_, hashes)) = &mut self.hashing else {
            return Ok(true);
        };
        match Pin::new(hashes).poll(context) {
            Poll::Pending => Ok(false),
            Poll::Ready(result) => {
                // The pool lives as long as the port.
                let hashes = result.map_err(|_| Close::Drain)?;
                if let Some((batch, _)) = self.hashing.take() {
                    self.finish(&batch, &hashes, out)?;
                }
                Ok(true)
            }
        }
    }

    /// Takes whole lines; what must wait goes to `input`.
    fn take_lines(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Close> {
        let mut rest = bytes;
        let mut batch = Batch::default();
        let mut heard = false;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            if end >= LINE_LIMIT {
                return Err(Close::Malformed);
            }
            let (line, after) = rest.split_at(end);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            // Empty lines keep a connection open: allowed, and no message.
            let next = if line.is_empty() {
                Next::Go
            } else {
                if !std::mem::replace(&mut heard, true) {
                    self.session.heard();
                }
                self.session.line(line, &mut batch, out)
            };
            let answer_first = match next {
                Next::Go => false,
                Next::Batched => batch.is_full(),
                Next::AnswerFirst => true,
                Next::Close(close) => return Err(close),
            };
            if next != Next::AnswerFirst {
                rest = after.get(1..).unwrap_or_default();
            }
            if answer_first && !self.hash(std::mem::take(&mut batch), out)? {
                self.input.extend_from_slice(rest);
                return Ok(());
            }
        }
        if rest.len() >= LINE_LIMIT {
            return Err(Close::Malformed);
        }
        self.input.extend_from_slice(rest);
        if !batch.is_empty() {
            self.hash(batch, out)?;
        }
        Ok(())
    }

    /// Has a batch hashed. Returns whether it is answered already.
    fn hash(&mut self, batch: Batch, out: &mut Vec<u8>) -> Result<bool, Close> {
        let headers = batch.headers();
        let submitted = if headers.is_empty() {
            Submitted::Done(Vec::new())
        } else {
            self.session.pow(headers)
        };
        match submitted {
            Submitted::Done(hashes) => self.finish(&batch, &hashes, out).map(|()| true),
            Submitted::Waiting(hashes) => {
                self.hashing = Some((Box::new(batch), hashes));
                Ok(false)
            }
        }
    }

    fn finish(
        &mut self,
        batch: &Batch,
        hashes: &[PowHash],
        out: &mut Vec<u8>,
    ) -> Result<(), Close> {
        match self.session.finish(batch, hashes, out) {
            Some(close) => Err(close),
            None => Ok(()),
        }
    }

    /// Writes what the socket takes and returns how much that was.
    fn flush(&mut self, context: &mut Context<'_>, out: &[u8]) -> io::Result<usize> {
        let mut sent = 0;
        while let Some(rest) = out.get(sent..).filter(|rest| !rest.is_empty()) {
            match Pin::new(&mut self.stream).poll_write(context, rest) {
                Poll::Pending => break,
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(written)) => sent += written,
                Poll::Ready(Err(error)) => return Err(error),
            }
        }
        // TLS keeps records of its own; for TCP this does nothing.
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Ready(Err(error)) => Err(error),
            Poll::Ready(Ok(())) | Poll::Pending => Ok(sent),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    #[test]
    fn an_idle_connection_is_small() {
        // With its handle, its place in tables and the reactor's record of the socket it stays far
        // below 6 KB.
        let size = size_of::<Connection<TcpStream>>();
        assert!(size <= 768, "{size}");
    }
}
