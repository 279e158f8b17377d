//! `ret.*`: returns.

mod get_fun;
mod get_jid;
mod get_jids;
mod get_load;
mod get_minions;
mod get_returns;

pub use get_fun::{GetFun, GetFunParams, LastFun};
pub use get_jid::{GetJid, GetJidParams};
pub use get_jids::{GetJids, GetJidsParams, JidInstance};
pub use get_load::{GetLoad, GetLoadParams, Load};
pub use get_minions::{GetMinions, GetMinionsParams};
pub use get_returns::{FullRet, GetReturns, GetReturnsParams, Return, ReturnSort};
