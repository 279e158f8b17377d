//! Stories of the plugin's own key pair.

use std::os::unix::fs::PermissionsExt as _;

use raas_plugin::identity::{Identity, fingerprint_at};

use crate::kit::TestRandom;

#[test]
fn it_is_made_once_and_its_private_half_is_nobody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let (public, private) = (dir.path().join("sseapi_key.pub"), dir.path().join("sseapi_key.pem"));
    let random = TestRandom::default();
    let first = Identity::load_or_make(&public, &random).unwrap();
    let again = Identity::load_or_make(&public, &random).unwrap();
    assert_eq!(first.fingerprint, again.fingerprint);
    assert_eq!(fingerprint_at(&public).unwrap(), first.fingerprint);
    assert_eq!(std::fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "nothing is left behind");

    // Half a pair, as a crash in between leaves it, becomes whole.
    std::fs::remove_file(&public).unwrap();
    assert_eq!(Identity::load_or_make(&public, &random).unwrap().fingerprint, first.fingerprint);
    assert!(public.exists());
}

#[test]
fn a_key_of_another_product_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let public = dir.path().join("sseapi_key.pub");
    for name in ["sseapi_key.pub", "sseapi_key.pem"] {
        let file = dir.path().join(name);
        std::fs::write(&file, "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n").unwrap();
        let error = Identity::load_or_make(&public, &TestRandom::default()).unwrap_err().to_string();
        assert!(error.contains("sseapi_pubkey_path"), "{error}");
        assert!(std::fs::read_to_string(&file).unwrap().contains("MIIB"));
    }
}
