//! `ret.*`: returns.

mod get_fun;
mod get_jid;
mod get_jids;
mod get_load;
mod get_minions;
mod get_returns;
