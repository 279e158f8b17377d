//! `raas-plugin` as a library: settings and identity of one master, spool, uplink, work, watch. Salt itself is `raas_salt`.

pub mod check;
pub mod clock;
pub mod files;
pub mod identity;
pub mod install;
pub mod jobs;
pub mod lock;
pub mod log;
pub mod parent;
pub mod random;
pub mod run;
pub mod settings;
pub mod spool;
pub mod status;
pub mod uplink;
pub mod watch;
pub mod work;
