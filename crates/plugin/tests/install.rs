//! Stories of `raas-plugin install`, `check`, `status` and a second `run`, through the program itself.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;

fn master(extra: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().display();
    let user = std::process::Command::new("id").arg("-un").output().unwrap().stdout;
    let user = String::from_utf8(user).unwrap();
    let main = format!(
        "id: m1\nuser: {user}root_dir: {home}\ncachedir: {home}/cache\nlog_file: {home}/log\n{extra}"
    );
    std::fs::write(dir.path().join("master"), main).unwrap();
    dir
}

fn plugin(dir: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("raas-plugin").unwrap();
    let out = command.args(arguments).arg("--config-dir").arg(dir).output().unwrap();
    let said = [out.stdout, out.stderr].concat();
    (out.status.code().unwrap(), String::from_utf8(said).unwrap())
}

const INSTALL: [&str; 6] =
    ["install", "--server", "https://raas.example:8080", "--cluster-id", "eu-web", "--failover"];

#[test]
fn it_writes_engine_and_raas_conf_and_says_what_comes_next() {
    let dir = master("");
    let (code, said) = plugin(dir.path(), &INSTALL);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("restart salt-master"), "{said}");
    let conf = dir.path().join("master.d/raas.conf");
    let text = std::fs::read_to_string(&conf).unwrap();
    for line in [
        "\nsseapi_server: https://raas.example:8080\n",
        "\nsseapi_cluster_id: eu-web\n",
        "\nsseapi_failover_master: True\n",
        "\n#sseapi_timeout: 30\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let engine = dir.path().join("raas/engines/raas_plugin.py");
    for file in [&conf, &engine] {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o644);
    }
}

/// Packages run the master as `salt`. Only root can give files away.
#[test]
fn what_is_installed_belongs_to_the_masters_user() {
    let dir = master("user: daemon\n");
    let main = dir.path().join("master");
    let text = std::fs::read_to_string(&main).unwrap();
    let without = text.lines().filter(|line| !line.starts_with("user: ") || *line == "user: daemon");
    std::fs::write(&main, without.map(|line| format!("{line}\n")).collect::<Vec<_>>().concat()).unwrap();
    let owner = |path: &str| std::fs::metadata(dir.path().join(path)).unwrap().uid();
    let (code, said) = plugin(dir.path(), &INSTALL);
    assert_eq!(code, 0, "{said}");
    let me = owner("master");
    let wanted = if me == 0 { 1 } else { me };
    for path in ["master.d", "master.d/raas.conf", "raas", "raas/engines", "raas/engines/raas_plugin.py"] {
        assert_eq!(owner(path), wanted, "{path}");
    }
}

#[test]
fn what_differs_is_named_and_stays_unless_forced() {
    let dir = master("");
    plugin(dir.path(), &INSTALL);
    let (code, said) = plugin(dir.path(), &INSTALL);
    assert_eq!((code, said.matches("unchanged").count()), (0, 2), "{said}");

    let conf = dir.path().join("master.d/raas.conf");
    let engine = dir.path().join("raas/engines/raas_plugin.py");
    std::fs::write(&conf, "sseapi_server: https://mine.example\n").unwrap();
    std::fs::remove_file(&engine).unwrap();
    let (code, said) = plugin(dir.path(), &INSTALL);
    assert_eq!(code, 1);
    assert!(said.contains(&conf.display().to_string()) && said.contains("--force"), "{said}");
    assert!(!engine.exists(), "nothing at all was written");

    let mut forced = INSTALL.to_vec();
    forced.push("--force");
    assert_eq!(plugin(dir.path(), &forced).0, 0);
    assert!(std::fs::read_to_string(&conf).unwrap().contains("raas.example"));
    assert!(engine.exists());
}

/// A list in master.d replaces the one of the main file in Salt, so nobody's engine may get lost by ours.
#[test]
fn engines_of_the_main_file_go_on() {
    let dir = master("engines:\n  - slack: {token: x}\n  - logstash\nengines_dirs: [/srv/engines]\n");
    plugin(dir.path(), &INSTALL);
    let text = std::fs::read_to_string(dir.path().join("master.d/raas.conf")).unwrap();
    assert!(text.contains("  - {\"slack\":{\"token\":\"x\"}}"), "{text}");
    assert!(text.contains("  - \"logstash\"") && text.contains("  - \"/srv/engines\""), "{text}");
}

#[test]
fn what_cannot_be_is_refused() {
    let dir = master("");
    let (code, said) = plugin(dir.path(), &["install", "--failover"]);
    assert_eq!((code, said.contains("--cluster-id")), (1, true), "{said}");
    let (code, said) = plugin(dir.path(), &["install", "--server", "raas.example"]);
    assert_eq!((code, said.contains("no URL")), (1, true), "{said}");
    let (code, said) = plugin(&dir.path().join("nowhere"), &INSTALL);
    assert_eq!((code, said.contains("no Salt master is configured")), (1, true), "{said}");
}

#[test]
fn check_explains_settings_and_names_every_problem() {
    let dir = master("engines: [sseapi]\n");
    std::fs::create_dir(dir.path().join("master.d")).unwrap();
    let conf = dir.path().join("master.d/raas.conf");
    std::fs::write(&conf, "sseapi_server: http://127.0.0.1:1\nsseapi_timeout: x\n").unwrap();
    let (code, said) = plugin(dir.path(), &["check"]);
    assert_eq!(code, 1);
    for part in [
        "sseapi_server = \"http://127.0.0.1:1\"",
        &format!("{}:2: sseapi_timeout: must be a whole number", conf.display()),
        "does not name raas",
        "belong to another product",
        "Salt finds no engine",
        "the plugin does not run",
        "is salt-master running?",
        "cache_jobs",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}

#[test]
fn status_shows_who_this_master_is() {
    let dir = master("");
    plugin(dir.path(), &INSTALL);
    let (code, said) = plugin(dir.path(), &["status"]);
    assert_eq!(code, 0, "{said}");
    for part in ["m1", "eu-web (failover)", "https://raas.example:8080", "not running", "none yet"] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(plugin(dir.path(), &["status", "--json"]).1.contains("\"running\": false"));
}

#[tokio::test]
async fn a_second_plugin_of_one_master_refuses_with_a_sentence() {
    let dir = master("sseapi_server: http://127.0.0.1:1\n");
    let lock = dir.path().join("cache/raas/lock");
    std::fs::create_dir_all(lock.parent().unwrap()).unwrap();
    let _first = raas_plugin::lock::take(&lock, Duration::ZERO).await.unwrap().unwrap();
    let home = dir.path().to_owned();
    let (code, said) = tokio::task::spawn_blocking(move || plugin(&home, &["run"])).await.unwrap();
    assert_eq!(code, 1, "{said}");
    let sentence = format!("another raas-plugin of this master holds {} and does not end", lock.display());
    assert!(said.contains(&sentence), "{said}");
    assert!(!dir.path().join("cache/raas/spool.db").exists(), "it touched nothing");
}
