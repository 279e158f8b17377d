//! The salt-master that started the plugin: when its main process is gone, the plugin goes too, also after a SIGKILL that
//! left workers behind. (A signal at the parent's death would come at the end of the *thread* that forked us.)

use std::time::Duration;

use rustix::process::{Pid, getppid};

/// How often the parent is looked at: one system call.
const LOOK: Duration = Duration::from_millis(250);

/// The parent at the start.
#[derive(Clone, Copy, Debug)]
pub struct Parent(Option<Pid>);

impl Parent {
    /// Whoever is the parent now. In a container that may well be process 1.
    pub fn now() -> Self {
        Self(getppid())
    }

    /// It, told from any process that comes after it: its number and when it started. Empty where that cannot be seen.
    pub fn identity(self) -> String {
        let Some(pid) = self.0.map(Pid::as_raw_nonzero) else { return String::new() };
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The name may hold spaces and parentheses; the 20th word after it is when it started.
        let started = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19));
        started.map(|started| format!("{pid} {started}")).unwrap_or_default()
    }

    /// Returns when that process is not our parent any more: it ended, and we were given to another.
    pub async fn gone(self) {
        while getppid() == self.0 {
            tokio::time::sleep(LOOK).await;
        }
    }
}
