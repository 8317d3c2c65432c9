//! Payouts that are under way: from the signer's answer to a confirmed transaction.
//!
//! ```text
//!  follow ──▶ undo ──▶ (blocks) ──▶ signed ──▶ confirm ──▶ broadcast ──▶ replace
//!  chain       │                      │ signer_message        │            │
//!              │                      │                       │ nodes      │ prepare: raise, child
//!              └──────────────────────┴── life::step ─────────┴────────────┘
//! ```
//!
//! Every step reads what is stored, asks [`life::step`] what is to be done, and does that: each effect
//! is one transaction of the database that checks again whether it still fits. So a step may be killed
//! anywhere, repeated, and run beside itself.

pub mod broadcast;
pub mod by_hand;
pub mod confirm;
pub mod inbox;
pub mod life;
pub mod recognise;
pub mod recover;
pub mod replace;
mod taking;
pub mod verify;

use ngpool_store::{PayoutRow, PayoutState};

use life::{Life, Stage, Version};

/// A stored payout as [`life::step`] sees it.
pub fn life_of(payout: &PayoutRow) -> Life {
    let confirmed = payout.confirmed.map_or(0, |confirmed| confirmed.version);
    Life {
        stage: match payout.state {
            PayoutState::Prepared => Stage::Prepared,
            PayoutState::Signed => Stage::Signed,
            PayoutState::Broadcast => Stage::Broadcast,
            PayoutState::Confirmed => Stage::Confirmed(confirmed),
            PayoutState::Void => Stage::Void,
        },
        versions: payout
            .versions
            .iter()
            .map(|version| Version {
                signed: version.signed.is_some(),
                waiting: version.waiting_at.is_some(),
            })
            .collect(),
        void_asked: payout.void_asked_at.is_some(),
    }
}
