//! Blocks reach the daemon, and its words come back.

use bytes::Bytes;
use ngpool_rpc::v1::{
    NodeState, SubmitBlockRequest, SubmitOutcome, SubmitReply, SubmitSolutionRequest, TemplateHead,
};
use ngpool_testkit::Daemon;

use crate::support::{Coinserver, Solved, Watch, eventually, solve};

async fn submit_solution(server: &Coinserver, head: &TemplateHead, solved: &Solved) -> SubmitReply {
    let request = SubmitSolutionRequest {
        template_id: head.template_id.clone(),
        header: solved.header.clone(),
        coinbase: solved.coinbase.clone(),
        proof: bytes::Bytes::new(),
    };
    server
        .client
        .clone()
        .submit_solution(request)
        .await
        .unwrap()
        .into_inner()
}

async fn submit_block(server: &Coinserver, block: &Bytes) -> SubmitReply {
    let request = SubmitBlockRequest {
        block: block.clone(),
    };
    server
        .client
        .clone()
        .submit_block(request)
        .await
        .unwrap()
        .into_inner()
}

async fn ready_head(daemon: &Daemon, watch: &mut Watch) -> TemplateHead {
    watch.state(NodeState::Ready).await;
    watch.head_on(&daemon.best_hash().await.unwrap()).await
}

#[tokio::test]
async fn a_solution_becomes_a_block_on_both_nodes_with_mweb_active() {
    let (first, second) = Daemon::pair().await.unwrap();
    first.activate_mweb().await.unwrap();
    first.wait_same_tip(&second).await.unwrap();
    let (one, other) = (
        Coinserver::for_node(&first).await,
        Coinserver::for_node(&second).await,
    );
    let mut watch = one.watch().await;
    let head = ready_head(&first, &mut watch).await;
    assert!(head.has_mweb);
    // So that the second node learns of the block only from its own coinserver.
    first.set_network_active(false).await.unwrap();
    eventually("the nodes to part", async || {
        second.peers().await.unwrap() == 0
    })
    .await;

    let solved = solve(&mut watch, &head, &[0x51]).await;
    let reply = submit_solution(&one, &head, &solved).await;
    assert_eq!(reply.outcome(), SubmitOutcome::Accepted, "{}", reply.reason);
    assert_eq!(first.best_hash().await.unwrap(), solved.hash.to_string());
    let reply = submit_block(&other, &solved.block).await;
    assert_eq!(reply.outcome(), SubmitOutcome::Accepted, "{}", reply.reason);
    assert_eq!(second.best_hash().await.unwrap(), solved.hash.to_string());

    // Once more, in both forms.
    let reply = submit_solution(&one, &head, &solved).await;
    assert_eq!(
        (reply.outcome(), reply.reason.as_str()),
        (SubmitOutcome::Duplicate, "duplicate")
    );
    let reply = submit_block(&other, &solved.block).await;
    assert_eq!(reply.outcome(), SubmitOutcome::Duplicate);

    // A competing block of the same template, whose tip is gone by now.
    let competitor = solve(&mut watch, &head, &[0x52]).await;
    let reply = submit_solution(&one, &head, &competitor).await;
    assert_eq!(
        reply.outcome(),
        SubmitOutcome::Inconclusive,
        "{}",
        reply.reason
    );
    assert!(
        one.metrics()
            .contains(r#"submits_total{outcome="inconclusive"} 1"#)
    );
    one.stop().await.unwrap();
    other.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_no_block_is_refused_with_the_reason() {
    let (first, _second) = Daemon::pair().await.unwrap();
    let server = Coinserver::for_node(&first).await;
    let mut watch = server.watch().await;
    let head = ready_head(&first, &mut watch).await;
    let solved = solve(&mut watch, &head, &[0x51]).await;

    let unknown = TemplateHead {
        template_id: Bytes::from_static(b"other"),
        ..head.clone()
    };
    let reply = submit_solution(&server, &unknown, &solved).await;
    assert_eq!(reply.outcome(), SubmitOutcome::UnknownTemplate);

    let other_coinbase = solve(&mut watch, &head, &[0x52]).await.coinbase;
    let mixed = Solved {
        coinbase: other_coinbase,
        ..solved
    };
    let reply = submit_solution(&server, &head, &mixed).await;
    assert_eq!(reply.outcome(), SubmitOutcome::Rejected);
    assert!(reply.reason.contains("merkle root"), "{}", reply.reason);

    let short = Solved {
        header: mixed.header.slice(..79),
        ..mixed
    };
    let reply = submit_solution(&server, &head, &short).await;
    assert_eq!(reply.outcome(), SubmitOutcome::Rejected);

    let reply = submit_block(&server, &Bytes::from(vec![0; 200])).await;
    assert_eq!(reply.outcome(), SubmitOutcome::Rejected);
    assert!(reply.reason.contains("(code -22)"), "{}", reply.reason);
    let reply = submit_block(&server, &Bytes::new()).await;
    assert_eq!(reply.outcome(), SubmitOutcome::Rejected);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_block_waits_for_a_daemon_that_is_being_started_again() {
    let (mut first, second) = Daemon::pair().await.unwrap();
    let server = Coinserver::for_node(&first).await;
    let mut watch = server.watch().await;
    let head = ready_head(&first, &mut watch).await;
    let solved = solve(&mut watch, &head, &[0x51]).await;
    first.stop().await.unwrap();
    let waiting = submit_solution(&server, &head, &solved);
    let (reply, started) = tokio::join!(waiting, first.run());
    started.unwrap();
    assert_eq!(reply.outcome(), SubmitOutcome::Accepted, "{}", reply.reason);
    assert_eq!(first.best_hash().await.unwrap(), solved.hash.to_string());
    drop(second);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_block_waits_for_its_parent() {
    let (first, second) = Daemon::pair().await.unwrap();
    let (one, other) = (
        Coinserver::for_node(&first).await,
        Coinserver::for_node(&second).await,
    );
    second.set_network_active(false).await.unwrap();
    eventually("the nodes to part", async || {
        first.peers().await.unwrap() == 0
    })
    .await;
    first.generate(1).await.unwrap();
    let third = Daemon::start().await.unwrap();
    first.connect(&third).await.unwrap();
    let mut watch = one.watch().await;
    let head = ready_head(&first, &mut watch).await;
    let solved = solve(&mut watch, &head, &[0x51]).await;
    let (reply, ()) = tokio::join!(submit_block(&other, &solved.block), async {
        eventually("a first try", async || {
            other
                .metrics()
                .contains(r#"rpc_calls_total{method="submitblock"}"#)
        })
        .await;
        second.set_network_active(true).await.unwrap();
        second.connect(&first).await.unwrap();
    });
    assert_eq!(reply.outcome(), SubmitOutcome::Accepted, "{}", reply.reason);
    assert_eq!(second.best_hash().await.unwrap(), solved.hash.to_string());
    one.stop().await.unwrap();
    other.stop().await.unwrap();
}
