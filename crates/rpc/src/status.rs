//! The `Status` service every program offers.
//!
//! Beside readiness with its reason it carries facts, text by key:
//!
//! | program | key | what |
//! |---|---|---|
//! | `ngcoinserver` | `state` | `ready`, `starting`, `syncing`, `no-peers`, `behind`, `silent`, `stopped` |
//! | | `currency` | code of its currency |
//! | | `height`, `headers`, `tip` | newest block, newest header, hash of the block; once the daemon has answered |
//! | | `peers`, `daemon_version` | the daemon's connections, and what it calls itself |
//! | | `template_height`, `template_age_s` | of the newest template |
//! | `ngstratum` | `connections` | open connections of miners |
//! | | `height`, `job_age_s`, `node` | of the job in force, and the node whose template it is |
//! | | `node NAME` | `ready`, or why a node is left out; `removed` after it left the document |
//! | | `aux CODE` | `height N`, or why a chain is not merged mined; `removed` after it left the document |
//! | `ngledger` | `followers` | servers that follow it |
//!
//! `ngweb` has none. Keys are added, and never change their meaning.

use ngpool_runtime::Program;
use tonic::{Request, Response};

use crate::v1::{
    StatusReply, StatusRequest,
    status_server::{Status, StatusServer},
};

/// Answers from a program's health.
#[derive(Debug)]
pub struct ProgramStatus(Program);

/// The service, ready to be added to a server.
pub fn service(program: Program) -> StatusServer<ProgramStatus> {
    StatusServer::new(ProgramStatus(program))
}

#[tonic::async_trait]
impl Status for ProgramStatus {
    async fn get(
        &self,
        _request: Request<StatusRequest>,
    ) -> Result<Response<StatusReply>, tonic::Status> {
        let report = self.0.health.report();
        Ok(Response::new(StatusReply {
            program: self.0.kind.to_owned(),
            name: self.0.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ready: report.ready,
            reason: report.reason,
            document: report.document,
            bundle: report.bundle,
            facts: report.facts.into_iter().collect(),
        }))
    }
}
