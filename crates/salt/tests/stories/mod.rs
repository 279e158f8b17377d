//! Stories, and the stand-ins they share.

mod bus;
mod config;
mod files;
mod json;
mod keys;
mod requests;

use std::fs;
use std::path::Path;

use raas_salt::MasterConfig;

/// Writes files below a directory.
pub(crate) fn write(dir: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A master whose directories are all below one.
pub(crate) fn master(root: &Path, more: &str) -> MasterConfig {
    let text = format!(
        "id: m1\nuser: root\nroot_dir: {root}\npki_dir: pki\ncachedir: cache\nsock_dir: run\n{more}",
        root = root.display()
    );
    write(root, &[("conf/master", &text), ("cache/.root_key", "the key\n")]);
    for dir in ["pki/minions", "pki/minions_pre", "pki/minions_rejected", "pki/minions_denied", "run"] {
        fs::create_dir_all(root.join(dir)).unwrap();
    }
    MasterConfig::read(&root.join("conf")).unwrap()
}
