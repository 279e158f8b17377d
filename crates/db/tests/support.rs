//! What the stories share: waiting for a condition, a password, a folder that PostgreSQL's user may pass.
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Waits until it holds; the story fails after 20 seconds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < Duration::from_secs(20), "never happened: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// A folder that any user may pass: the private PostgreSQL does not run as root.
pub(crate) fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    folder
}
