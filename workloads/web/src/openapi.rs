//! The OpenAPI 3.1 document of the API, made from the handlers.

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::{
    routes::{account, blocks, miners, payouts, pool, reserve, series},
    signer,
};

/// Everything the API answers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "ngpool",
        description = "The public API of a mining pool. Amounts are base units and work is expected \
hashes, both as decimal strings. Errors are RFC 9457 problem documents. Lists are paged by an opaque \
cursor. Every answer has an ETag.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        pool::pool, pool::currencies, pool::currency, pool::books, pool::sharechains,
        pool::sharechain, pool::ports, pool::port, pool::nodes,
        blocks::list, blocks::one, blocks::credits, blocks::statements, blocks::split,
        blocks::proofs, blocks::chain,
        reserve::reserve, reserve::periods, reserve::period, reserve::credits,
        payouts::list, payouts::one, payouts::payees, payouts::version, payouts::solvency,
        miners::miner, miners::workers, miners::credits, miners::entries,
        account::statement, account::payouts, account::standing,
        series::pool, series::sharechain, series::port, series::miner,
        signer::request, signer::response
    ),
    modifiers(&SignerToken),
    tags(
        (name = "pool", description = "The pool and its parts"),
        (name = "blocks", description = "Found blocks and the audit of their splits"),
        (name = "payouts", description = "What was paid, by which transactions, and whether all is there"),
        (name = "miners", description = "A miner named by an address needs no account"),
        (name = "hash rate", description = "Work over time"),
        (name = "signer", description = "Not public: for the pool's signers, with their token. \
The documents are those of the signing exchange, format 1")
    )
)]
struct ApiDocument;

/// How signers show who they are.
struct SignerToken;

impl Modify for SignerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token of the pool's signers"))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("signer", SecurityScheme::Http(scheme));
    }
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    ApiDocument::openapi()
}

pub(crate) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
