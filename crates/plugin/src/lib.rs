//! `raas-plugin` as a library: settings and identity of one master, spool, uplink, work. Salt itself is `raas_salt`.

pub mod clock;
pub mod random;
pub mod spool;
