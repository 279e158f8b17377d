//! A master's configuration is read as Salt reads it, and what is wrong in it is said with its place.

use std::path::Path;

use raas_salt::config::{BusAddress, Transport};
use raas_salt::{ConfigError, MasterConfig};
use serde_json::json;

use super::write;

fn read(files: &[(&str, &str)]) -> Result<MasterConfig, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), files);
    MasterConfig::read(dir.path())
}

#[test]
fn later_files_win_and_every_key_knows_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let master = "id: m1\nret_port: 1\ninclude: more/*.conf\n";
    write(
        dir.path(),
        &[
            ("master", master),
            ("master.d/a.conf", "ret_port: 2\nengines: [one]\n"),
            ("master.d/b.conf", "# raas\n\nret_port: 3\nengines: [two, one]\n"),
            ("master.d/.hidden.conf", "ret_port: 9\n"),
            ("master.d/c.txt", "ret_port: 9\n"),
            ("more/x.conf", "publish_port: 5\n"),
        ],
    );
    let config = MasterConfig::read(dir.path()).unwrap();
    assert_eq!((config.id.as_str(), config.ret_port, config.publish_port), ("m1", 3, 5));
    let port = config.settings.get("ret_port").unwrap();
    assert_eq!(
        (port.file.as_deref(), port.line),
        (Some(dir.path().join("master.d/b.conf").as_path()), Some(3))
    );
    assert_eq!(
        config.settings.get("engines").unwrap().value,
        json!(["one", "two"]),
        "lists of one include are joined"
    );
}

#[test]
fn a_master_on_defaults_is_where_salt_puts_it() {
    let config = read(&[("master", "# nothing\n")]).unwrap();
    assert_eq!(config.pki_dir, Path::new("/etc/salt/pki/master"));
    assert_eq!(config.cachedir, Path::new("/var/cache/salt/master"));
    assert_eq!(config.bus, BusAddress::Socket("/var/run/salt/master/master_event_pub.ipc".into()));
    assert_eq!(config.request_address(), ("127.0.0.1".to_owned(), 4506));
    assert!(config.id.ends_with("_master"));
    assert_eq!((config.transport, config.listens_only_on()), (Transport::Zeromq, None));
}

#[test]
fn directories_move_under_the_root_directory_and_the_bus_may_be_a_port() {
    let config = read(&[(
        "master",
        "root_dir: /lab/m1\npki_dir: /lab/m1/pki\ncachedir: c\nipc_mode: tcp\ninterface: 127.0.6.1\n",
    )]);
    let config = config.unwrap();
    assert_eq!(
        (config.pki_dir.as_path(), config.cachedir.as_path()),
        (Path::new("/lab/m1/pki"), Path::new("/lab/m1/c"))
    );
    assert_eq!(config.bus, BusAddress::Port(4512));
    assert_eq!(config.listens_only_on(), Some("127.0.6.1".parse().unwrap()));
}

#[test]
fn a_native_cluster_keeps_its_keys_together() {
    let config = read(&[("master", "cluster_id: eu\ncluster_pki_dir: /shared/pki\n")]).unwrap();
    assert_eq!(config.minion_pki_dir(), Path::new("/shared/pki"));
    let config = read(&[("master", "cluster_pki_dir: /shared/pki\n")]).unwrap();
    assert_eq!(
        config.minion_pki_dir(),
        Path::new("/etc/salt/pki/master"),
        "without an id there is no cluster"
    );
}

#[test]
fn all_problems_are_said_at_once_with_file_line_and_key() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        &[
            ("master", "id: m1\nret_port: many\npublish_port: 70000\n"),
            ("master.d/a.conf", "a: b: c\n"),
            ("master.d/b.conf", "- a list\n"),
        ],
    );
    let said = MasterConfig::read(dir.path()).unwrap_err().to_string();
    let said = said.replace(&dir.path().display().to_string(), "");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert!(lines.iter().any(|line| line.starts_with("/master.d/a.conf:1: is not valid YAML")), "{said}");
    assert!(lines.contains(&"/master.d/b.conf: must be a map of settings (`key: value` lines)"), "{said}");
    assert!(
        lines.contains(&"/master:2: ret_port: must be a port (1 to 65535), but it is \"many\""),
        "{said}"
    );
    assert!(
        lines.contains(&"/master:3: publish_port: must be a port (1 to 65535), but it is 70000"),
        "{said}"
    );
}

#[test]
fn a_directory_without_a_master_is_named() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(MasterConfig::read(dir.path()), Err(ConfigError::NoMaster(_))));
}

#[test]
fn what_the_engine_hands_over_counts_more_than_the_files() {
    let config = read(&[("master", "id: from_file\nret_port: 1\n")]).unwrap();
    let opts = json!({"id": "m1", "__version__": "3008.5"});
    let config = config.with_opts(opts.as_object().unwrap()).unwrap();
    assert_eq!((config.id.as_str(), config.ret_port), ("m1", 1));
    assert_eq!(config.salt_version.as_deref(), Some("3008.5"));
    assert_eq!(config.settings.get("id").unwrap().line, Some(1));
}

#[test]
fn switches_are_read_as_salts_yaml_reads_them() {
    let config = read(&[("master", "a: True\nb: yes\nc: off\nd: maybe\ne: 1\n")]).unwrap();
    let switch = |key| config.settings.get(key).unwrap().switch();
    assert_eq!(
        [switch("a"), switch("b"), switch("c"), switch("d"), switch("e")],
        [Some(true), Some(true), Some(false), None, None]
    );
}
