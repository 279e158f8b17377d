//! `raas-plugin` as a library: settings and identity of one master, spool, uplink, work, watch. Salt itself is `raas_salt`.

pub mod clock;
pub mod files;
pub mod identity;
pub mod install;
pub mod jobs;
pub mod random;
pub mod settings;
pub mod spool;
pub mod uplink;
pub mod work;
