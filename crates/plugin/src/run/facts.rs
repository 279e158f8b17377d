//! What is good to know about a master, for its enrolment.

use raas_salt::config::Transport;
use raas_salt::{Keys, MasterConfig};
use raas_wire::MasterFacts;

pub(super) fn of(config: &MasterConfig) -> MasterFacts {
    let setting = |key: &str| config.settings.get(key).and_then(|setting| setting.value.as_str());
    let signing = format!("{}.pub", setting("master_sign_key_name").unwrap_or("master_sign"));
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    MasterFacts {
        plugin_version: env!("CARGO_PKG_VERSION").to_owned(),
        salt_version: config.salt_version.clone(),
        host: host.map(|host| host.trim().to_owned()).filter(|host| !host.is_empty()),
        salt_key_fingerprint: Keys::of_master(config, "master.pub"),
        signing_key_fingerprint: Keys::of_master(config, &signing),
        transport: Some(match config.transport {
            Transport::Zeromq => "zeromq".to_owned(),
            Transport::Tcp => "tcp".to_owned(),
            Transport::Other => setting("transport").unwrap_or("unknown").to_owned(),
        }),
    }
}
