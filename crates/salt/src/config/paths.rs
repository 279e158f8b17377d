//! Salt's rules for its directories.

use std::path::{Component, Path, PathBuf};

/// Puts a directory under the root directory, unless it is there already (Salt's `prepend_root_dir`).
pub(super) fn under(root_dir: &Path, path: &Path) -> PathBuf {
    let inside = path.strip_prefix(root_dir).unwrap_or(path);
    let plain: PathBuf = inside.components().filter(|part| *part != Component::RootDir).collect();
    root_dir.join(plain)
}

/// Salt moves its sockets into the cache when their path is much longer than that of the cache.
pub(super) fn sock_dir(sock_dir: PathBuf, cachedir: &Path) -> PathBuf {
    let (sock, cache) = (sock_dir.as_os_str().len(), cachedir.as_os_str().len());
    if sock > cache + 10 { cachedir.join(".salt-unix") } else { sock_dir }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_move_under_the_root_directory_once() {
        let under = |root: &str, path: &str| under(Path::new(root), Path::new(path)).display().to_string();
        assert_eq!(under("/", "/etc/salt/pki/master"), "/etc/salt/pki/master");
        assert_eq!(under("/lab/m1", "/etc/salt/pki/master"), "/lab/m1/etc/salt/pki/master");
        assert_eq!(under("/lab/m1", "/lab/m1/pki"), "/lab/m1/pki");
        assert_eq!(under("/lab/m1", "pki"), "/lab/m1/pki");
        assert_eq!(under("/lab/m1", "/lab/m10/pki"), "/lab/m1/lab/m10/pki");
    }

    #[test]
    fn a_long_socket_directory_moves_into_the_cache() {
        let cache = Path::new("/c");
        assert_eq!(sock_dir("/run/salt".into(), cache), Path::new("/run/salt"));
        assert_eq!(sock_dir("/a/very/long/path".into(), cache), Path::new("/c/.salt-unix"));
    }
}
