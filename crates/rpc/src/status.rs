//! The `Status` service every program offers.

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
