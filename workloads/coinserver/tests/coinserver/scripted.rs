//! A daemon that hangs, lies, babbles or breaks off is told apart, and does no harm.

use bytes::Bytes;
use ngpool_rpc::v1::{NodeState, SubmitBlockRequest, SubmitOutcome};
use ngpool_testkit::FreePort;
use serde_json::json;
use zeromq::{PubSocket, Socket, SocketSend, ZmqMessage};

use crate::{
    fake::{Answer, FakeDaemon, block_hash},
    support::{Coinserver, NEVER_MS, Watch, eventually, settings},
};

async fn healthy() -> (FakeDaemon, Coinserver, Watch) {
    let daemon = FakeDaemon::start().await;
    let mut settings = settings(daemon.rpc());
    settings.refresh_ms = 100;
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;
    watch.head_on(&block_hash(10)).await;
    (daemon, server, watch)
}

#[tokio::test]
async fn each_misbehaviour_has_its_state_and_passes() {
    let (daemon, server, mut watch) = healthy().await;
    let huge = Bytes::from(vec![b' '; 65 * 1024 * 1024]);
    let cases = [
        (Answer::Hang, NodeState::Silent, "has not answered"),
        (Answer::Break, NodeState::Silent, "broke off"),
        (
            Answer::Raw(200, Bytes::from_static(b"\xff\x00<html>")),
            NodeState::Silent,
            "is not what",
        ),
        (
            Answer::Raw(200, Bytes::from_static(b"{}")),
            NodeState::Silent,
            "no result",
        ),
        (
            Answer::Raw(403, Bytes::from_static(b"")),
            NodeState::Silent,
            "HTTP 403",
        ),
        (
            Answer::Raw(503, Bytes::from_static(b"Work queue")),
            NodeState::Silent,
            "Work queue",
        ),
        (
            Answer::Raw(401, Bytes::new()),
            NodeState::Silent,
            "refuses the user or password",
        ),
        (Answer::Raw(200, huge), NodeState::Silent, "larger than"),
        (Answer::Result(json!(7)), NodeState::Silent, "is not what"),
        (
            Answer::Result(json!(null)),
            NodeState::Silent,
            "is not what",
        ),
        (
            Answer::Error(-28, "Loading block index..."),
            NodeState::Starting,
            "Loading block index...",
        ),
        (
            Answer::Error(-1, "no idea"),
            NodeState::Silent,
            "no idea (code -1)",
        ),
    ];
    for (answer, state, words) in cases {
        daemon.answer_all(&answer);
        watch
            .until(words, |watch| {
                watch
                    .health
                    .as_ref()
                    .is_some_and(|health| health.state() == state && health.reason.contains(words))
            })
            .await;
        daemon.healthy(10);
        watch.state(NodeState::Ready).await;
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_daemon_that_gives_no_template_is_told_by_its_code() {
    let (daemon, server, mut watch) = healthy().await;
    for (answer, state, words) in [
        (
            Answer::Error(-9, "Litecoin Core is not connected!"),
            NodeState::NoPeers,
            "not connected!",
        ),
        (
            Answer::Error(-10, "is downloading blocks..."),
            NodeState::Syncing,
            "block 10 of 10",
        ),
        (
            Answer::Error(-1, "bad-txns-vin-empty"),
            NodeState::Silent,
            "bad-txns-vin-empty",
        ),
        (
            Answer::Result(json!({"height": 11})),
            NodeState::Silent,
            "shape of getblocktemplate",
        ),
        (
            Answer::Hang,
            NodeState::Silent,
            "has not answered getblocktemplate",
        ),
    ] {
        daemon.answer("getblocktemplate", answer);
        let reason = watch.state(state).await;
        assert!(reason.contains(words), "{reason}");
        daemon.tip(10);
        watch.state(NodeState::Ready).await;
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_node_whose_headers_are_ahead_is_behind() {
    let (daemon, server, mut watch) = healthy().await;
    daemon.answer(
        "getblockchaininfo",
        Answer::Result(json!({
            "blocks": 10, "headers": 13, "bestblockhash": block_hash(10), "chainwork": "0a",
        })),
    );
    let reason = watch.state(NodeState::Behind).await;
    assert_eq!(reason, "block 10 of 13");
    daemon.tip(13);
    watch.state(NodeState::Ready).await;
    watch.head_on(&block_hash(13)).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_block_is_not_taken_for_accepted_when_the_daemon_babbles() {
    let (daemon, server, _watch) = healthy().await;
    let submit = async || {
        let request = SubmitBlockRequest {
            block: vec![1; 100].into(),
        };
        server.client.clone().submit_block(request).await
    };
    daemon.answer("submitblock", Answer::Raw(200, Bytes::from_static(b"{}")));
    assert_eq!(submit().await.unwrap_err().code(), tonic::Code::Internal);
    daemon.answer("submitblock", Answer::Error(-20, "disk is full"));
    let error = submit().await.unwrap_err();
    assert!(
        error.message().contains("disk is full (code -20)"),
        "{error}"
    );
    daemon.answer("submitblock", Answer::Result(json!("high-hash")));
    let reply = submit().await.unwrap().into_inner();
    assert_eq!(
        (reply.outcome(), reply.reason.as_str()),
        (SubmitOutcome::Rejected, "high-hash")
    );
    // Broken off at first, then answered: tried again.
    daemon.answer("submitblock", Answer::Break);
    let (reply, ()) = tokio::join!(submit(), async {
        eventually("a first try", async || {
            server
                .metrics()
                .contains(r#"rpc_errors_total{method="submitblock",kind="interrupted"}"#)
        })
        .await;
        daemon.answer("submitblock", Answer::Result(json!(null)));
    });
    assert_eq!(
        reply.unwrap().into_inner().outcome(),
        SubmitOutcome::Accepted
    );
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_new_tip_arrives_by_zmq_alone_and_gaps_are_counted() {
    let daemon = FakeDaemon::start().await;
    let port = FreePort::reserve().unwrap();
    let address = format!("tcp://{}", port.address());
    let mut publisher = PubSocket::new();
    publisher.bind(&address).await.unwrap();
    let mut settings = settings(daemon.rpc());
    settings.poll_ms = NEVER_MS;
    settings.refresh_ms = NEVER_MS;
    settings.zmq_hashblock = Some(address);
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    watch.head_on(&block_hash(10)).await;
    for (number, sequence) in [(11, 4_u32), (12, 7)] {
        daemon.tip(number);
        let frames = vec![
            Bytes::from_static(b"hashblock"),
            Bytes::copy_from_slice(&[number; 32]),
            Bytes::copy_from_slice(&sequence.to_le_bytes()),
        ];
        let message = ZmqMessage::try_from(frames).unwrap();
        // A publisher drops what it sends before the subscription has reached it.
        let tip = block_hash(number);
        let arrived = watch.head_on(&tip);
        tokio::pin!(arrived);
        loop {
            publisher.send(message.clone()).await.unwrap();
            let pause = tokio::time::sleep(std::time::Duration::from_millis(100));
            tokio::select! {
                _ = &mut arrived => break,
                () = pause => {}
            }
        }
    }
    let metrics = server.metrics();
    assert!(
        metrics.contains(r#"tips_total{source="zmq"} 2"#),
        "{metrics}"
    );
    assert!(!metrics.contains("zmq_gaps_total 0"), "{metrics}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error_before_anything_starts() {
    let (daemon, server, _watch) = healthy().await;
    let settings = (**server.settings.borrow()).clone();
    let address = settings.listen.grpc.to_string();
    let program = ngpool_runtime::Program::new(
        "ngcoinserver",
        "second",
        tokio_util::sync::CancellationToken::new(),
    );
    let error = ngcoinserver::run(ngpool_runtime::document::fixed(settings), program)
        .await
        .unwrap_err();
    assert!(error.to_string().contains(&address), "{error}");
    drop(daemon);
    server.stop().await.unwrap();
}
