//! The daemon's `hashblock` publisher.
//!
//! A message has three frames: the topic, the hash, and a little-endian number that counts the topic's
//! messages. A publisher drops messages silently when a queue is full, so the number is watched. Any
//! message asks for a template of the tip as it is then, so a gap loses nothing but time.

use std::{sync::Arc, time::Duration};

use zeromq::{Socket, SocketRecv, SubSocket, ZmqMessage};

use crate::node::{Node, Sign};

const TOPIC: &str = "hashblock";

/// Pause before another try to connect.
const RETRY: Duration = Duration::from_secs(2);

/// Listens to the publisher the settings name, while they name one.
pub(crate) async fn listen(node: Arc<Node>) {
    let mut settings = node.settings.clone();
    let mut told = false;
    loop {
        let address = settings.borrow_and_update().zmq_hashblock.clone();
        let listening = async {
            match &address {
                Some(address) => listen_to(&node, address).await,
                None => std::future::pending().await,
            }
        };
        let changed = async {
            settings
                .wait_for(|now| now.zmq_hashblock != address)
                .await
                .map(drop)
        };
        let ended = tokio::select! {
            ended = listening => ended,
            Ok(()) = changed => {
                told = false;
                continue;
            }
        };
        // Once: the other ways to hear of a tip go on.
        if !std::mem::replace(&mut told, true) {
            tracing::warn!(
                node = node.name,
                address,
                reason = ended,
                "no hashblock notifications"
            );
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Listens until the connection is beyond repair; says why.
async fn listen_to(node: &Node, address: &str) -> String {
    let mut socket = SubSocket::new();
    if let Err(error) = socket.connect(address).await {
        return error.to_string();
    }
    if let Err(error) = socket.subscribe(TOPIC).await {
        return error.to_string();
    }
    tracing::info!(
        node = node.name,
        address,
        "listening to hashblock notifications"
    );
    let mut sequence = Sequence::default();
    loop {
        match socket.recv().await {
            Ok(message) => {
                let Some(number) = read(&message) else {
                    continue;
                };
                let lost = sequence.lost_before(number);
                if lost > 0 {
                    node.metrics.zmq_gap();
                    tracing::warn!(node = node.name, lost, "the daemon dropped notifications");
                }
                node.wake.ask(Sign::Zmq);
            }
            Err(error) => return error.to_string(),
        }
    }
}

/// A `hashblock` message's number; none for anything else.
fn read(message: &ZmqMessage) -> Option<u32> {
    let (topic, hash) = (message.get(0)?, message.get(1)?);
    if topic.as_ref() != TOPIC.as_bytes() || hash.len() != 32 {
        return None;
    }
    Some(u32::from_le_bytes(
        message.get(2)?.as_ref().try_into().ok()?,
    ))
}

/// The numbers of a topic's messages.
#[derive(Debug, Default)]
struct Sequence {
    last: Option<u32>,
}

impl Sequence {
    /// How many messages were lost before this one.
    fn lost_before(&mut self, number: u32) -> u32 {
        match self.last.replace(number) {
            // A daemon that was started again counts from 0.
            Some(_) if number == 0 => 0,
            Some(last) => number.wrapping_sub(last.wrapping_add(1)),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use zeromq::ZmqMessage;

    use super::{Sequence, read};

    fn message(frames: &[&[u8]]) -> ZmqMessage {
        let frames: Vec<_> = frames
            .iter()
            .map(|frame| Bytes::copy_from_slice(frame))
            .collect();
        ZmqMessage::try_from(frames).unwrap()
    }

    #[test]
    fn gaps_in_the_numbers_are_noticed() {
        let mut sequence = Sequence::default();
        let lost = [7, 8, 11, 0, 1].map(|number| sequence.lost_before(number));
        assert_eq!(lost, [0, 0, 2, 0, 0]);
        let mut sequence = Sequence {
            last: Some(u32::MAX - 1),
        };
        assert_eq!(sequence.lost_before(u32::MAX), 0);
        assert_eq!(sequence.lost_before(0), 0);
    }

    #[test]
    fn only_hashblock_messages_are_read() {
        let hash = [7; 32];
        assert_eq!(
            read(&message(&[b"hashblock", &hash, &[1, 1, 0, 0]])),
            Some(257)
        );
        assert_eq!(read(&message(&[b"hashtx", &hash, &[1, 0, 0, 0]])), None);
        assert_eq!(
            read(&message(&[b"hashblock", &hash[1..], &[1, 0, 0, 0]])),
            None
        );
        assert_eq!(read(&message(&[b"hashblock", &hash, &[1]])), None);
        assert_eq!(read(&message(&[b"hashblock"])), None);
    }
}
