//! Stories of raas.conf: what it means, and what is said of a wrong one.

use std::path::Path;

use raas_plugin::settings::{Reading, Settings};
use raas_salt::MasterConfig;
use raas_wire::ClusterKind;

fn reading(main: &str, raas: &str) -> (tempfile::TempDir, Reading) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("master.d")).unwrap();
    std::fs::write(dir.path().join("master"), format!("id: m1\n{main}")).unwrap();
    std::fs::write(dir.path().join("master.d/raas.conf"), raas).unwrap();
    let config = MasterConfig::read(dir.path()).unwrap();
    let reading = Reading::of(&config);
    (dir, reading)
}

fn right(main: &str, raas: &str) -> Settings {
    let (_dir, reading) = reading(main, raas);
    assert_eq!(reading.problems, [], "{raas}");
    reading.settings
}

const SERVER: &str = "sseapi_server: https://raas.example:8080\n";

#[test]
fn the_cluster_kind_follows_from_three_keys() {
    let kind = |main: &str, raas: &str| {
        let settings = right(main, &format!("{SERVER}{raas}"));
        (settings.cluster_id, settings.kind)
    };
    let web = Some("eu-web".to_owned());
    let failover = "sseapi_cluster_id: eu-web\nsseapi_failover_master: True\n";
    assert_eq!(kind("", failover), (web.clone(), ClusterKind::Failover));
    assert_eq!(kind("", "sseapi_cluster_id: eu-web\n"), (web.clone(), ClusterKind::Hot));
    assert_eq!(
        kind("", "sseapi_cluster_id: eu-web\nsseapi_failover_master: no\n"),
        (web.clone(), ClusterKind::Hot)
    );
    assert_eq!(kind("", ""), (None, ClusterKind::Single));
    assert_eq!(kind("cluster_id: eu-web\n", ""), (web, ClusterKind::Native));
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_file_line_key_and_what_was_expected() {
    let raas = "\
sseapi_server: raas.example
sseapi_failover_master: maybe
sseapi_timeout: soon
sseapi_poll_interval: -1
sseapi_pubkey_path: relative.pub
sseapi_event_queue:
  size_limit: many
sseapi_cluster_id: [a]
";
    let (dir, reading) = reading("", raas);
    let said: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    let file = dir.path().join("master.d/raas.conf");
    let file = file.display();
    for expected in [
        format!("{file}:1: sseapi_server: must be the URL of the server"),
        format!("{file}:2: sseapi_failover_master: must be True or False, but it is \"maybe\""),
        format!("{file}:3: sseapi_timeout: must be a whole number from 1 to 3600, but it is \"soon\""),
        format!("{file}:4: sseapi_poll_interval: must be a whole number"),
        format!("{file}:5: sseapi_pubkey_path: must be the full path of a file"),
        format!("{file}:6: sseapi_event_queue: size_limit must be a whole number"),
        format!("{file}:8: sseapi_cluster_id: must be a name, but it is [\"a\"]"),
    ] {
        assert!(
            said.iter().any(|one| one.starts_with(&expected)),
            "{expected}\nis not in\n{}",
            said.join("\n")
        );
    }
    assert_eq!(said.len(), 7, "{}", said.join("\n"));
}

#[test]
fn what_contradicts_itself_is_said() {
    for (main, raas, said) in [
        ("", "sseapi_failover_master: True\n", "set sseapi_cluster_id"),
        ("", "sseapi_validate_cert: True\nsseapi_ssl_validate_cert: False\n", "contradicts"),
        ("cluster_id: a\n", "sseapi_cluster_id: b\n", "Salt's own cluster"),
        ("cluster_id: a\n", "sseapi_failover_master: True\n", "remove this key"),
    ] {
        let (_dir, reading) = reading(main, &format!("{SERVER}{raas}"));
        assert_eq!(reading.problems.len(), 1, "{raas}: {:?}", reading.problems);
        assert!(reading.problems[0].to_string().contains(said), "{}", reading.problems[0]);
    }
    let (_dir, reading) = reading("", "");
    assert!(reading.problems[0].to_string().contains("sseapi_server: is not set"));
}

/// Values as public examples for the product that this one follows have them.
#[test]
fn a_raas_conf_written_for_the_other_product_is_understood() {
    let raas = "\
sseapi_server: https://raas.example:443
sseapi_ssl_validate_cert: False
sseapi_cluster_id: salt
sseapi_failover_master: False
sseapi_timeout: 180
sseapi_poll_interval: 10
sseapi_update_interval: 60
sseapi_command_age_limit: 0
sseapi_pubkey_path: /etc/salt/pki/master/sseapi_key.pub
sseapi_key_check: 15
sseapi_key_test: 300
sseapi_key_rotation: 86400
sseapi_event_queue: {name: sseapi-events, strategy: never, push_interval: 5, batch_limit: 2000, age_limit: 86400,
  size_limit: 35000000, vacuum_interval: 86400, vacuum_limit: 350000, forward: []}
sseapi_rpc_queue: {name: sseapi-rpc, strategy: never, push_interval: 5, batch_limit: 500, age_limit: 3600,
  size_limit: 360000, vacuum_interval: 86400, vacuum_limit: 100000}
sseapi_local_cache: {load: 3600, tgt: 300}
sseapi_tmeout: 5
";
    let (_dir, reading) = reading("", raas);
    assert_eq!(reading.problems, []);
    assert_eq!((reading.settings.validate, reading.settings.batch), (false, 2000));
    let notes: Vec<String> = reading.notes.iter().map(ToString::to_string).collect();
    assert!(
        notes.iter().any(|note| note.contains("sseapi_key_rotation: is accepted and changes nothing")),
        "{notes:?}"
    );
    assert!(notes.iter().any(|note| note.contains("is sseapi_timeout meant?")), "{notes:?}");
}

#[test]
fn the_plugins_files_are_the_masters() {
    let settings = right("root_dir: /lab/m1\nlog_file: /lab/m1/log/master\n", SERVER);
    assert_eq!(settings.places.public_key, Path::new("/lab/m1/etc/salt/pki/master/sseapi_key.pub"));
    assert_eq!(settings.places.spool, Path::new("/lab/m1/var/cache/salt/master/raas/spool.db"));
    assert_eq!(settings.places.log, Path::new("/lab/m1/log/raas-plugin.log"));
}

#[test]
fn the_commented_defaults_are_the_defaults() {
    let template =
        include_str!("../../../etc/raas.conf").replace("\n#sseapi_", "\nsseapi_").replace("\n#  ", "\n  ");
    let (plain, written) = (right("", SERVER), right("", &template));
    assert_eq!(written.cluster_id.as_deref(), Some("eu-web"));
    let same = |settings: &Settings| {
        let Settings { timeout, hold, key_check, batch, limits, validate, places, .. } = settings.clone();
        (timeout, hold, key_check, batch, limits, validate, places)
    };
    assert_eq!(same(&plain), same(&written));
}
