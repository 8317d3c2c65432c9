//! The regtest nodes behave as their users expect.

use ngpool_testkit::{Daemon, rpc::DaemonError};
use serde_json::json;

#[tokio::test]
async fn a_pair_is_connected_and_gives_templates() {
    let (first, second) = Daemon::pair().await.unwrap();
    for node in [&first, &second] {
        let template = node
            .call("getblocktemplate", json!([{"rules": ["mweb", "segwit"]}]))
            .await
            .unwrap();
        assert_eq!(template["height"], 2);
    }
    second.generate(1).await.unwrap();
    second.wait_same_tip(&first).await.unwrap();
    assert_eq!(first.height().await.unwrap(), 2);
}

#[tokio::test]
async fn a_killed_node_runs_again_with_its_chain() {
    let mut node = Daemon::start().await.unwrap();
    node.generate(3).await.unwrap();
    node.stop().await.unwrap();
    assert!(!node.is_running());
    node.run().await.unwrap();
    assert_eq!(node.height().await.unwrap(), 3);
    node.kill().await.unwrap();
    node.run().await.unwrap();
    node.freeze().unwrap();
    node.thaw().unwrap();
    node.height().await.unwrap();
}

#[tokio::test]
async fn errors_of_the_node_keep_their_code() {
    let node = Daemon::start().await.unwrap();
    let error = node
        .call("getblocktemplate", json!([{"rules": ["mweb", "segwit"]}]))
        .await
        .unwrap_err();
    assert_eq!(error.downcast_ref::<DaemonError>().unwrap().code, -9);
}

#[tokio::test]
async fn mweb_is_active_after_its_activation() {
    let (first, second) = Daemon::pair().await.unwrap();
    first.activate_mweb().await.unwrap();
    first.wait_same_tip(&second).await.unwrap();
    let template = second
        .call("getblocktemplate", json!([{"rules": ["mweb", "segwit"]}]))
        .await
        .unwrap();
    assert_eq!(template["height"], 434);
    assert!(template["mweb"].is_string());
}

#[tokio::test]
async fn nothing_survives_its_guard() {
    let node = Daemon::start().await.unwrap();
    let pid = node.pid().unwrap();
    let directory = node.directory().to_owned();
    drop(node);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
    assert!(!directory.exists());
}
