//! Grains and returns that the master keeps in files, in the places of each version.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use raas_salt::{grains, job_cache, msgpack};
use serde_json::json;

use super::{master, write};

/// Salt's own place for this jid: the SHA-256 of it, hex.
const JID: &str = "20261125103149748669";
const JOB: &str = "cache/jobs/4f/85874233e0f86e3c3c982f1cd97041b30ebbdb071b742a32bbba95206c4770";

fn put(root: &Path, path: &str, value: &serde_json::Value) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, msgpack::write(&msgpack::from_json(value))).unwrap();
}

fn os(config: &raas_salt::MasterConfig, id: &str) -> Option<String> {
    let grains = grains::read(config, id).unwrap()?;
    msgpack::text(&grains, "os").map(str::to_owned)
}

#[test]
fn grains_are_found_where_each_version_keeps_them() {
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), "");
    put(dir.path(), "cache/minions/old/data.p", &json!({"grains": {"os": "Debian"}, "pillar": {}}));
    put(dir.path(), "cache/grains/new.p", &json!({"os": "Rocky"}));
    put(dir.path(), "cache/grains/.hidden.p", &json!({}));
    let cached: Vec<String> = grains::cached(&config).into_iter().map(|one| one.minion_id).collect();
    assert_eq!(cached, ["new", "old"]);
    assert_eq!(
        (os(&config, "old").as_deref(), os(&config, "new").as_deref()),
        (Some("Debian"), Some("Rocky"))
    );
    assert_eq!(grains::read(&config, "nobody").unwrap(), None);
    assert!(grains::read(&config, "../old").is_err());
}

#[test]
fn after_an_upgrade_the_newer_grains_count() {
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), "");
    put(dir.path(), "cache/minions/web1/data.p", &json!({"grains": {"os": "old"}}));
    put(dir.path(), "cache/grains/web1.p", &json!({"os": "new"}));
    let old = fs::File::options().write(true).open(dir.path().join("cache/minions/web1/data.p")).unwrap();
    old.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    assert_eq!(os(&config, "web1").as_deref(), Some("new"));
}

#[test]
fn broken_grains_are_an_error_with_their_file() {
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), "");
    write(dir.path(), &[("cache/grains/web1.p", "\u{1}"), ("cache/grains/web2.p", "")]);
    for id in ["web1", "web2"] {
        let error = grains::read(&config, id).unwrap_err().to_string();
        assert!(error.contains(&format!("cache/grains/{id}.p")), "{error}");
    }
}

#[test]
fn returns_of_a_job_are_found_by_its_jid_and_by_time() {
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), "");
    write(dir.path(), &[(&format!("{JOB}/jid"), JID)]);
    put(dir.path(), &format!("{JOB}/.load.p"), &json!({"cmd": "publish", "fun": "test.ping", "arg": []}));
    put(dir.path(), &format!("{JOB}/web1/return.p"), &json!({"return": true, "retcode": 0, "success": true}));
    put(dir.path(), &format!("{JOB}/web2/return.p"), &json!({"return": "VALUE_TRIMMED"}));
    put(dir.path(), &format!("{JOB}/web2/out.p"), &json!("nested"));
    let job = job_cache::find(&config, JID).unwrap();
    assert_eq!(job.returned(), ["web1", "web2"]);
    let one = job.return_of("web1").unwrap();
    assert_eq!((one.value.as_bool(), one.retcode.as_i64(), one.is_trimmed()), (Some(true), Some(0), false));
    let two = job.return_of("web2").unwrap();
    assert!(two.is_trimmed() && two.retcode.is_nil() && two.out.as_deref() == Some("nested"));
    assert_eq!(job.return_of("web3"), None);
    assert_eq!(msgpack::text(&job.load().unwrap(), "fun"), Some("test.ping"));
    assert_eq!(job_cache::since(&config, SystemTime::UNIX_EPOCH), vec![job.clone()]);
    assert_eq!(job_cache::since(&config, job.modified + Duration::from_secs(1)), vec![]);
    assert_eq!(job_cache::find(&config, "20261125103149748670"), None);
}

#[test]
fn a_hash_that_is_not_ours_to_compute_is_searched_for() {
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), "hash_type: md5\n");
    write(dir.path(), &[("cache/jobs/ab/cdef/jid", JID)]);
    assert_eq!(job_cache::find(&config, JID).unwrap().dir, dir.path().join("cache/jobs/ab/cdef"));
}
