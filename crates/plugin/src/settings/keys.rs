//! Every documented key of raas.conf, and what it does here. How values are read is not here.

/// What a key does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is followed.
    Followed,
    /// It is accepted and changes nothing, for this reason.
    Unused(&'static str),
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// What it is when it is not set.
    pub default: &'static str,
    /// What it does here.
    pub used: Use,
}

const fn followed(name: &'static str, about: &'static str, default: &'static str) -> Known {
    Known { name, about, default, used: Use::Followed }
}

const fn unused(name: &'static str, about: &'static str, why: &'static str) -> Known {
    Known { name, about, default: "", used: Use::Unused(why) }
}

/// All of them.
pub const KEYS: &[Known] = &[
    followed("sseapi_server", "URL of the server", "needed"),
    followed("sseapi_cluster_id", "the cluster this master belongs to; none: it stands alone", "none"),
    followed(
        "sseapi_failover_master",
        "True: a minion is on one master of the cluster at a time; False: on all",
        "False",
    ),
    followed("sseapi_ssl_validate_cert", "whether the certificate of the server is validated", "True"),
    followed("sseapi_validate_cert", "the same as sseapi_ssl_validate_cert", "True"),
    followed("sseapi_timeout", "seconds to wait for a reply", "30"),
    followed(
        "sseapi_poll_interval",
        "seconds one call for work is held open; also the heartbeat (20 at most)",
        "10",
    ),
    followed(
        "sseapi_pubkey_path",
        "public key of the plugin; the private one is beside it (.pem)",
        "sseapi_key.pub in the pki_dir",
    ),
    followed(
        "sseapi_key_check",
        "seconds between questions of a master that waits to be accepted, at most",
        "15",
    ),
    followed(
        "sseapi_event_queue",
        "the spool on disk: how much is kept while the server is away",
        "35000000 records, 4096 MiB, 86400 s",
    ),
    unused("sseapi_rpc_queue", "queue of calls", "there is one queue, sseapi_event_queue"),
    unused("sseapi_local_cache", "caches of loads and targets", "nothing is cached that could be stale"),
    unused(
        "sseapi_key_test",
        "how often an accepted key is tested",
        "every call is signed, so each tests it",
    ),
    unused(
        "sseapi_key_rotation",
        "how often the key is replaced",
        "a key is bound to its acceptance and stays",
    ),
    unused("sseapi_update_interval", "refresh of files", "files are not served by the server yet"),
    unused("sseapi_command_age_limit", "age of commands", "each command carries how long it may wait"),
    unused("sseapi_username", "account of the master", "a master proves itself with its key"),
    unused("sseapi_password", "password of the master", "a master proves itself with its key; remove it"),
    unused("sseapi_config_name", "database connection", "the plugin speaks to the server only"),
];

/// A number inside a map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inner {
    pub(super) name: &'static str,
    /// Default, smallest, largest; none when it is accepted and not used.
    pub(super) number: Option<(u64, u64, u64)>,
}

const fn number(name: &'static str, default: u64, least: u64, most: u64) -> Inner {
    Inner { name, number: Some((default, least, most)) }
}

const fn ignored(name: &'static str) -> Inner {
    Inner { name, number: None }
}

/// Keys of `sseapi_event_queue`.
pub(super) const EVENT_QUEUE: &[Inner] = &[
    number("size_limit", 35_000_000, 10, 1 << 40),
    number("age_limit", 86_400, 10, 10 * 366 * 86_400),
    number("batch_limit", 2000, 1, 100_000),
    number("disk_limit", 4096, 1, 1 << 30),
    ignored("name"),
    ignored("strategy"),
    ignored("push_interval"),
    ignored("vacuum_interval"),
    ignored("vacuum_limit"),
    ignored("forward"),
];

/// Keys of `sseapi_rpc_queue`.
pub(super) const RPC_QUEUE: &[Inner] = &[
    ignored("size_limit"),
    ignored("age_limit"),
    ignored("batch_limit"),
    ignored("name"),
    ignored("strategy"),
    ignored("push_interval"),
    ignored("vacuum_interval"),
    ignored("vacuum_limit"),
];

/// Keys of `sseapi_local_cache`.
pub(super) const LOCAL_CACHE: &[Inner] = &[ignored("load"), ignored("tgt")];
