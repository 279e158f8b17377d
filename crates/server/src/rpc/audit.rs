//! `audit.*`

mod get_audit;
mod get_chain;
