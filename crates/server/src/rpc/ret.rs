//! `ret.*`: returns.

mod get_jid;
mod get_load;
mod get_minions;
mod get_returns;
