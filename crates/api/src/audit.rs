//! `audit.*`: who did what. `chain` is how its rows are linked by hashes, so that anybody can check them.

mod chain;
mod get_audit;
mod get_chain;

pub use chain::{Broken, Link, START, verify};
pub use get_audit::{AuditEventType, AuditSort, AuditedEvent, GetAudit, GetAuditParams};
pub use get_chain::{Chain, GetChain, GetChainParams, Head};
