//! Keys of minions: listed as they are, changed by moving files, and never a different key under a known id.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use raas_salt::keys::{Change, KeyList, fingerprint};
use raas_salt::{KeyError, Keys};

use super::{master, write};

const ONE: &str = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArKDBAtqU3WchaNxOhSbC\n-----END PUBLIC KEY-----";
const OTHER: &str = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA5lKIZZKeAW1/XxP+OJQC\n-----END PUBLIC KEY-----";

fn keys(files: &[(&str, &str)]) -> (Keys, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let config = master(dir.path(), "");
    write(&dir.path().join("pki"), files);
    (Keys::new(&config), dir)
}

fn held(dir: &tempfile::TempDir, path: &str) -> Option<String> {
    fs::read_to_string(dir.path().join("pki").join(path)).ok()
}

#[test]
fn the_four_lists_name_minions_fingerprints_and_keys() {
    let (keys, _dir) = keys(&[
        ("minions/web1", ONE),
        ("minions_pre/web2", &format!("{OTHER}\n")),
        ("minions_denied/web1", OTHER),
        ("minions/.half", "x"),
    ]);
    let lists = keys.lists().unwrap();
    let ids =
        |list: &[raas_salt::keys::Key]| list.iter().map(|key| key.minion_id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&lists.accepted), ids(&lists.pending)),
        (vec!["web1".to_owned()], vec!["web2".to_owned()])
    );
    assert_eq!((ids(&lists.rejected), ids(&lists.denied)), (vec![], vec!["web1".to_owned()]));
    assert_eq!(lists.pending[0].fingerprint, fingerprint(OTHER), "white space at the ends does not count");
}

#[test]
fn a_minion_this_master_never_met_is_accepted_by_writing_its_key() {
    let (keys, dir) = keys(&[]);
    fs::set_permissions(dir.path().join("pki/minions"), fs::Permissions::from_mode(0o700)).unwrap();
    let before = keys.stamp();
    assert_eq!(keys.accept("web1", Some(&format!("{ONE}\n"))).unwrap(), Change::Made);
    assert_eq!(held(&dir, "minions/web1").as_deref(), Some(ONE));
    let mode = fs::metadata(dir.path().join("pki/minions/web1")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(dir.path().join("pki")).unwrap().count(), 4, "nothing half-written is left");
    assert_ne!(keys.stamp(), before);
    assert_eq!(keys.accept("web1", Some(ONE)).unwrap(), Change::AlreadySo);
}

#[test]
fn a_different_key_under_a_known_id_is_never_replaced() {
    for list in [KeyList::Accepted, KeyList::Pending, KeyList::Rejected] {
        let path = format!("{}/web1", list.dir());
        let (keys, dir) = keys(&[(&path, ONE)]);
        let error = keys.accept("web1", Some(OTHER)).unwrap_err();
        assert!(matches!(error, KeyError::DifferentKey { .. }));
        assert!(
            error.to_string().contains(&fingerprint(ONE)) && error.to_string().contains(&fingerprint(OTHER))
        );
        assert_eq!(held(&dir, &path).as_deref(), Some(ONE));
        assert_eq!(held(&dir, "minions/web1").is_some(), list == KeyList::Accepted);
    }
}

#[test]
fn pending_minions_are_accepted_rejected_and_deleted() {
    let (keys, dir) = keys(&[("minions_pre/web1", ONE)]);
    assert_eq!(keys.accept("web1", None).unwrap(), Change::Made);
    assert_eq!(keys.reject("web1", Some(ONE)).unwrap(), Change::Made);
    assert_eq!(
        (held(&dir, "minions/web1"), held(&dir, "minions_rejected/web1")),
        (None, Some(ONE.to_owned()))
    );
    assert_eq!(keys.delete("web1").unwrap(), Change::Made);
    assert_eq!(keys.delete("web1").unwrap(), Change::AlreadySo);
    assert!(matches!(keys.accept("web1", None), Err(KeyError::NoKey(_))));
}

#[test]
fn bad_ids_and_things_that_are_no_keys_are_refused() {
    let (keys, dir) = keys(&[]);
    for id in ["../evil", "a/b", "", ".x", "a\0b"] {
        assert!(matches!(keys.accept(id, Some(ONE)), Err(KeyError::BadId(_))), "{id:?}");
        assert!(matches!(keys.delete(id), Err(KeyError::BadId(_))), "{id:?}");
    }
    let private = ONE.replace("PUBLIC", "PRIVATE");
    let two = format!("{ONE}\n{OTHER}");
    for key in
        ["", "hello", private.as_str(), two.as_str(), "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"]
    {
        assert!(matches!(keys.accept("web1", Some(key)), Err(KeyError::BadKey { .. })), "{key:?}");
    }
    assert_eq!(held(&dir, "minions/web1"), None);
}

#[test]
fn keys_that_are_not_in_files_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::new(&master(dir.path(), "keys.cache_driver: redis\n"));
    assert!(matches!(keys.lists(), Err(KeyError::OtherDriver(_))));
}
