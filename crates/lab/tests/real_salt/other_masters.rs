//! A master that is set up otherwise: it speaks plain TCP, and runs as a user of its own.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;

use raas_lab::salt::Install;
use raas_lab::{Bins, ClusterSpec, Stage, wait};

use super::trace::Trace;
use super::{PATIENCE, salt};

/// A user that every system has; only root can start a master that becomes it.
const USER: (&str, u32, u32) = ("daemon", 1, 1);

pub(super) async fn a_master_with_transport_tcp_and_a_user_of_its_own_works_as_any(stage: &mut Stage) {
    let plugin = Bins::find().unwrap().plugin;
    let url = stage.server.url();
    let of_its_own = can_be_another();
    let user = if of_its_own { format!("user: {}\n", USER.0) } else { String::new() };
    let spec = ClusterSpec {
        minion_extra: "transport: tcp\n".to_owned(),
        master_extra: format!("transport: tcp\n{user}"),
        ..ClusterSpec::single("plain", 1).lean()
    };
    let cluster = stage.salt.add(spec).unwrap();
    let install = Install { plugin: &plugin, server: &url, cluster_id: None, failover: false };
    let home = cluster.master(1).dir().to_owned();
    cluster.master(1).install_plugin(&install).unwrap();
    if of_its_own {
        give(&home);
    }
    cluster.start_masters().await.unwrap();
    let keys = stage.api.pending_masters(&["plain-m1".to_owned()]).await.unwrap();
    stage.api.accept(&keys).await.unwrap();
    stage.salt.cluster("plain").unwrap().start_minions().await.unwrap();
    stage.api.wait_present("plain-m1", 1, 1, PATIENCE).await.unwrap();
    // A minion is present once it was let in; over TCP it listens for jobs a moment later.
    wait::until("the minion to hear jobs", PATIENCE, || async {
        let jid = stage.api.run("plain-m1", "test.ping", &[]).await.map_err(|error| error.to_string())?;
        stage.api.all_succeeded(&jid, 1, PATIENCE).await.map(drop).map_err(|error| error.to_string())
    })
    .await
    .unwrap();
    let trace = Trace::new(stage, "plain");
    let jid = trace.job(stage, "plain-m1", "say ran", 5).await;
    stage.api.all_succeeded(&jid, 1, PATIENCE).await.unwrap();
    trace.assert_once("ran");
    let jid = stage.api.run_runner("plain-m1", "test.arg", &[]).await.unwrap();
    stage.api.all_succeeded(&jid, 1, PATIENCE).await.unwrap();
    let cluster = stage.salt.cluster("plain").unwrap();
    if of_its_own {
        let plugin = cluster.master(1).plugin();
        let owner = std::fs::metadata(format!("/proc/{}", plugin[0])).unwrap().uid();
        assert_eq!(owner, USER.1, "the plugin runs as its master does");
    }
    cluster.minion(1).kill_tree();
    cluster.master(1).kill_tree();
}

/// Only root can become another user, who must be able to read Python.
fn can_be_another() -> bool {
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let python = std::fs::canonicalize(salt().program("python")).unwrap();
    let closed = python.ancestors().find(|part| std::fs::metadata(part).unwrap().mode() & 0o005 != 0o005);
    if let Some(closed) = closed {
        eprintln!("         as the tests' own user: {} cannot be read by others", closed.display());
    }
    root && closed.is_none()
}

/// Everything below belongs to the master's user, as a package has it.
fn give(path: &Path) {
    chown(path, Some(USER.1), Some(USER.2)).unwrap();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path());
        }
    }
}
