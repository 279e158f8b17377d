//! Stops the shared test server when no test process is left, however they ended. Starts nothing else.
use std::fs;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::server::PATIENCE;

/// Every test process has a file `users/<pid>`. To close, the folder is renamed first: a process that comes then
/// finds no folder and waits, one that came just before is seen in the renamed folder.
const SCRIPT: &str = r#"
cd "$1" || exit 1
idle=0
while kill -0 "$2" 2>/dev/null; do
    live=
    for file in users/*; do
        [ -e "$file" ] || continue
        if kill -0 "${file#users/}" 2>/dev/null; then live=yes; else rm -f "$file"; fi
    done
    if [ "$live" ]; then idle=0; else idle=$((idle + 1)); fi
    if [ "$idle" -ge 10 ]; then
        mv users users.closing || exit 1
        if [ -z "$(ls users.closing)" ]; then
            kill -INT "$2"
            while kill -0 "$2" 2>/dev/null; do sleep 0.1; done
            rm -rf users.closing
            exit 0
        fi
        mv users.closing users
        idle=0
    fi
    sleep 1
done
"#;

/// Tells the watchdog that this process uses the server. Called under the lock of the test server.
pub(super) async fn register(base: &Path) -> io::Result<()> {
    let (users, closing) = (base.join("users"), base.join("users.closing"));
    let started = Instant::now();
    loop {
        match fs::write(users.join(std::process::id().to_string()), "") {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        if !closing.exists() {
            fs::create_dir_all(&users)?;
        } else if started.elapsed() > PATIENCE {
            // A killed watchdog left it.
            fs::remove_dir_all(&closing)?;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Starts the watchdog of the server with this process id.
pub(super) fn spawn(base: &Path, pid: i32) -> io::Result<()> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SCRIPT, "raas-test-watchdog"]).arg(base).arg(pid.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    command.current_dir("/").spawn().map(drop)
}
