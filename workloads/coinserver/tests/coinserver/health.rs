//! What is wrong with a real node is told, with the reason.

use ngpool_chain::Network;
use ngpool_rpc::v1::NodeState;
use ngpool_testkit::Daemon;

use crate::support::{Coinserver, settings_for};

#[tokio::test]
async fn a_daemon_that_is_killed_is_silent_until_it_runs_again() {
    let (mut first, second) = Daemon::pair().await.unwrap();
    let server = Coinserver::for_node(&first).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;
    assert!(server.program.health.report().ready);
    first.kill().await.unwrap();
    let reason = watch.state(NodeState::Silent).await;
    assert!(
        reason.contains("does not answer") || reason.contains("broke off"),
        "{reason}"
    );
    assert!(!server.program.health.report().ready);

    // It comes back with another cookie.
    first.run().await.unwrap();
    second.connect(&first).await.unwrap();
    watch.state(NodeState::Ready).await;
    let tip = second.generate(1).await.unwrap().remove(0);
    watch.head_on(&tip).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_frozen_daemon_is_silent() {
    let (first, second) = Daemon::pair().await.unwrap();
    let mut settings = settings_for(&first);
    settings.rpc.timeout_s = 1;
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;
    first.freeze().unwrap();
    let reason = watch.state(NodeState::Silent).await;
    assert!(reason.contains("has not answered"), "{reason}");
    first.thaw().unwrap();
    watch.state(NodeState::Ready).await;
    let tip = second.generate(1).await.unwrap().remove(0);
    watch.head_on(&tip).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_node_without_peers_says_so_in_the_daemons_words() {
    let (first, second) = Daemon::pair().await.unwrap();
    let server = Coinserver::for_node(&first).await;
    let mut watch = server.watch().await;
    watch.state(NodeState::Ready).await;
    first.set_network_active(false).await.unwrap();
    let reason = watch.state(NodeState::NoPeers).await;
    assert!(reason.contains("is not connected"), "{reason}");
    first.set_network_active(true).await.unwrap();
    second.connect(&first).await.unwrap();
    watch.state(NodeState::Ready).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_node_in_initial_download_says_so() {
    let (first, second) = tokio::try_join!(Daemon::start(), Daemon::start()).unwrap();
    first.connect(&second).await.unwrap();
    let server = Coinserver::for_node(&first).await;
    let mut watch = server.watch().await;
    let reason = watch.state(NodeState::Syncing).await;
    assert!(reason.contains("block 0 of 0"), "{reason}");
    let tip = second.generate(1).await.unwrap().remove(0);
    watch.state(NodeState::Ready).await;
    watch.head_on(&tip).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn credentials_that_are_refused_or_missing_are_named_and_read_again() {
    let (first, _second) = Daemon::pair().await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("credentials");
    let mut settings = settings_for(&first);
    settings.rpc.credentials_file = file.clone();
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    let reason = watch.state(NodeState::Silent).await;
    assert!(
        reason.contains("cannot read the RPC credentials"),
        "{reason}"
    );

    std::fs::write(&file, "__cookie__:hunter2\n").unwrap();
    watch
        .until("the refusal", |watch| {
            watch
                .health
                .as_ref()
                .is_some_and(|health| health.reason.contains("refuses the user"))
        })
        .await;
    let reason = watch.health.clone().unwrap().reason;
    assert!(
        reason.contains(file.to_str().unwrap()) && !reason.contains("hunter2"),
        "{reason}"
    );

    std::fs::copy(first.credentials_file(), &file).unwrap();
    watch.state(NodeState::Ready).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_daemon_of_another_network_is_refused() {
    let (first, _second) = Daemon::pair().await.unwrap();
    let mut settings = settings_for(&first);
    settings.currency.network = Network::preset("bitcoin-regtest").unwrap();
    let server = Coinserver::start(settings).await;
    let mut watch = server.watch().await;
    let reason = watch.state(NodeState::Stopped).await;
    assert!(reason.contains("530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"));
    assert!(reason.contains("another network"), "{reason}");
    let block = ngpool_rpc::v1::BlockAtRequest { height: 0 };
    let refused = server.client.clone().block_at(block).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::FailedPrecondition);
    watch
        .until("heartbeats", |watch| watch.heartbeats >= 3)
        .await;
    assert!(
        watch.heads.is_empty(),
        "no template of another network is offered"
    );
    server.stop().await.unwrap();
}
