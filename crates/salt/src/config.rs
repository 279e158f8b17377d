//! A master's configuration, typed: its addresses, directories and switches, each with Salt's own default.
//! Reading the files is in `files`, the rules for directories are in `paths`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde_json::Value;

mod files;
mod host;
mod paths;
mod setting;
mod typed;

pub use files::ConfigError;
pub use setting::{Problem, Setting, Settings};

use typed::Typed;

/// How minions and clients reach the master.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// ZeroMQ, Salt's default.
    Zeromq,
    /// Plain TCP.
    Tcp,
    /// Anything else (`ws`): requests are refused with a sentence.
    Other,
}

/// Where the event bus is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BusAddress {
    /// `ipc_mode: ipc`: a socket in `sock_dir`.
    Socket(PathBuf),
    /// `ipc_mode: tcp`: this port on 127.0.0.1.
    Port(u16),
}

/// What a master's configuration says, defaults filled in as Salt does.
#[derive(Clone, Debug)]
pub struct MasterConfig {
    /// Id of the master.
    pub id: String,
    /// Whom it runs as.
    pub user: String,
    /// Everything below is under it.
    pub root_dir: PathBuf,
    /// Keys of this master.
    pub pki_dir: PathBuf,
    /// Caches, job cache, and the key file of the request port.
    pub cachedir: PathBuf,
    /// Sockets.
    pub sock_dir: PathBuf,
    /// Address it listens on, as configured (`0.0.0.0` for all).
    pub interface: String,
    /// Request port.
    pub ret_port: u16,
    /// Publish port.
    pub publish_port: u16,
    /// How it is reached.
    pub transport: Transport,
    /// Its event bus.
    pub bus: BusAddress,
    /// Native cluster (3007 and later).
    pub cluster_id: Option<String>,
    /// Keys of minions in a native cluster.
    pub cluster_pki_dir: Option<PathBuf>,
    /// Own modules.
    pub extension_modules: PathBuf,
    /// More directories with engines.
    pub engines_dirs: Vec<PathBuf>,
    /// Where 3008 keeps keys; anything but `localfs_key` is not in files.
    pub keys_cache_driver: String,
    /// Hash of jids in the job cache.
    pub hash_type: String,
    /// Largest event.
    pub max_event_size: usize,
    /// Version of Salt, when the engine told it.
    pub salt_version: Option<String>,
    /// Every key, with the file and line it came from.
    pub settings: Settings,
}

impl MasterConfig {
    /// Reads `<config_dir>/master` and what it includes. All problems are reported at once.
    pub fn read(config_dir: &Path) -> Result<Self, ConfigError> {
        let (settings, mut problems) = files::read(config_dir)?;
        let config = Self::from_settings(settings, &mut problems);
        ConfigError::unless_empty(problems).map(|()| config)
    }

    /// Like [`MasterConfig::read`], but gives what could be read and the problems beside it (for a checking command).
    pub fn read_what_can_be(config_dir: &Path) -> Result<(Self, Vec<Problem>), ConfigError> {
        let (settings, mut problems) = files::read(config_dir)?;
        let config = Self::from_settings(settings, &mut problems);
        Ok((config, problems))
    }

    /// The master's own `__opts__`, as its engine hands them over, laid over what its files say (which know the lines).
    /// `__version__` in it becomes the version of Salt.
    pub fn with_opts(self, opts: &serde_json::Map<String, Value>) -> Result<Self, ConfigError> {
        let mut settings = self.settings;
        for (key, value) in opts {
            settings.put(key, value.clone());
        }
        let mut problems = Vec::new();
        let config = Self::from_settings(settings, &mut problems);
        ConfigError::unless_empty(problems).map(|()| config)
    }

    /// Nothing but the master's own `__opts__`.
    pub fn from_opts(opts: &serde_json::Map<String, Value>) -> Result<Self, ConfigError> {
        let entries: BTreeMap<String, Setting> =
            opts.iter().map(|(key, value)| (key.clone(), Setting::given(key, value.clone()))).collect();
        let mut problems = Vec::new();
        let config = Self::from_settings(Settings::new(entries), &mut problems);
        ConfigError::unless_empty(problems).map(|()| config)
    }

    /// Host and port for requests: `0.0.0.0` and `::` are asked on loopback.
    pub fn request_address(&self) -> (String, u16) {
        let host = match self.interface.trim_matches(['[', ']']) {
            "" | "0.0.0.0" => "127.0.0.1",
            "::" => "::1",
            host => host,
        };
        (host.to_owned(), self.ret_port)
    }

    /// The one address it listens on; none when it listens on all (or on a name).
    pub fn listens_only_on(&self) -> Option<IpAddr> {
        let address: IpAddr = self.interface.trim_matches(['[', ']']).parse().ok()?;
        (!address.is_unspecified()).then_some(address)
    }

    /// Where the keys of minions are.
    pub fn minion_pki_dir(&self) -> &Path {
        self.cluster_pki_dir.as_deref().unwrap_or(&self.pki_dir)
    }

    fn from_settings(settings: Settings, problems: &mut Vec<Problem>) -> Self {
        let mut typed = Typed::new(&settings, problems);
        let root_dir = typed.path("root_dir", "/");
        let cachedir = typed.path("cachedir", "/var/cache/salt/master");
        let sock_dir = paths::sock_dir(typed.path("sock_dir", "/var/run/salt/master"), &cachedir);
        let extension_modules = typed.path("extension_modules", "/var/cache/salt/master/extmods");
        let pki_dir = paths::under(&root_dir, &typed.path("pki_dir", "/etc/salt/pki/master"));
        let sock_dir = paths::under(&root_dir, &sock_dir);
        let cluster_id = typed.optional_text("cluster_id");
        let cluster_pki_dir = cluster_id.as_ref().map(|_| typed.path("cluster_pki_dir", &pki_dir));
        let bus = if typed.text("ipc_mode", "ipc") == "tcp" {
            BusAddress::Port(typed.port("tcp_master_pub_port", 4512))
        } else {
            BusAddress::Socket(sock_dir.join("master_event_pub.ipc"))
        };
        let transport = match typed.text("transport", "zeromq").as_str() {
            "zeromq" => Transport::Zeromq,
            "tcp" => Transport::Tcp,
            _ => Transport::Other,
        };
        Self {
            id: typed
                .optional_text("id")
                .unwrap_or_else(|| host::default_id(typed.optional_text("append_domain"))),
            user: typed.optional_text("user").unwrap_or_else(host::current_user),
            cachedir: paths::under(&root_dir, &cachedir),
            extension_modules: paths::under(&root_dir, &extension_modules),
            engines_dirs: typed.paths("engines_dirs"),
            interface: typed.text("interface", "0.0.0.0"),
            ret_port: typed.port("ret_port", 4506),
            publish_port: typed.port("publish_port", 4505),
            keys_cache_driver: typed.text("keys.cache_driver", "localfs_key"),
            hash_type: typed.text("hash_type", "sha256"),
            max_event_size: typed.size("max_event_size", 1_048_576),
            salt_version: typed.optional_text("__version__"),
            root_dir,
            pki_dir,
            sock_dir,
            transport,
            bus,
            cluster_id,
            cluster_pki_dir,
            settings,
        }
    }
}
