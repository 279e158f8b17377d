//! What this master reaches: its own files, Salt beside it, the server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use raas_salt::{EventBus, MasterConfig, Requests};

use super::Finding;
use crate::clock::SystemClock;
use crate::identity::{self, Identity};
use crate::lock;
use crate::random::SystemRandom;
use crate::settings::{Reading, Settings};
use crate::uplink::{Client, Link, Pin};

/// How long each may take to answer.
const LIMIT: Duration = Duration::from_secs(5);

pub(super) async fn all(config: &MasterConfig, reading: &Reading) -> Vec<Finding> {
    let settings = &reading.settings;
    let mut findings = own(settings);
    findings.extend(salt(config).await);
    if !settings.server.is_empty() && reading.problems.is_empty() {
        findings.push(server(settings).await);
    }
    findings
}

fn own(settings: &Settings) -> Vec<Finding> {
    let places = &settings.places;
    let key = match identity::fingerprint_at(&places.public_key) {
        Ok(fingerprint) => match std::fs::File::open(identity::private_path(&places.public_key)) {
            Ok(_) => Finding::fine(format!("the plugin's key is {fingerprint}")),
            Err(error) => Finding::problem(format!(
                "the private key {} cannot be read: {error}; it must belong to the master's user",
                identity::private_path(&places.public_key).display()
            )),
        },
        Err(_) if !places.public_key.exists() => {
            Finding::note("the plugin has no key yet: it makes one when salt-master starts it")
        }
        Err(error) => Finding::problem(error.to_string()),
    };
    let running = match lock::is_held(&places.lock) {
        Some(true) => Finding::fine("the plugin runs"),
        Some(false) => Finding::problem("the plugin does not run: restart salt-master"),
        None => {
            Finding::note("whether the plugin runs cannot be seen: run this as root or as the master's user")
        }
    };
    vec![key, running, directory(&places.dir)]
}

fn directory(dir: &Path) -> Finding {
    let near = dir.ancestors().find(|one| one.exists()).unwrap_or(Path::new("/"));
    match rustix::fs::access(near, rustix::fs::Access::WRITE_OK) {
        Ok(()) => Finding::fine(format!("the spool is in {}", dir.display())),
        Err(error) => Finding::problem(format!(
            "{} cannot be written: {error}; it must belong to the master's user",
            near.display()
        )),
    }
}

async fn salt(config: &MasterConfig) -> Vec<Finding> {
    let requests = match Requests::new(config).ping(LIMIT).await {
        Ok(()) => Finding::fine("Salt answers on its request port"),
        Err(error) => Finding::problem(format!("{error}; is salt-master running?")),
    };
    let bus = match EventBus::connect(config).await {
        Ok(_) => Finding::fine("Salt's event bus can be read"),
        Err(error) => Finding::problem(error.to_string()),
    };
    vec![requests, bus]
}

async fn server(settings: &Settings) -> Finding {
    // The key is not needed to see whether somebody answers, and none is made or sent here.
    let Ok(identity) = Identity::passing(&SystemRandom) else {
        return Finding::note("the server was not tried");
    };
    let pin = match Pin::load(&settings.places.server_key) {
        Ok(pin) => pin,
        Err(error) => return Finding::problem(error.to_string()),
    };
    let link = Link {
        server: settings.server.clone(),
        validate: settings.validate,
        timeout: LIMIT,
        identity,
        pin,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    };
    let probed = match Client::new(link) {
        Ok(client) => client.probe(LIMIT).await,
        Err(error) => Err(error),
    };
    match probed {
        Ok(()) => Finding::fine(format!("the server {} answers", settings.server)),
        Err(error) => Finding::problem(error.to_string()),
    }
}
