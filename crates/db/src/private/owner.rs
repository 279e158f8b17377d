//! Whom PostgreSQL runs as: raas's own user, or an unprivileged one when raas is root. Changes no files.
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::process::{getegid, geteuid};
use tokio::process::Command;

use super::{PrivateError, PrivateOptions};

/// The user of PostgreSQL's processes and files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// Whether raas is somebody else (root) and must change over.
    pub(super) change: bool,
}

impl Owner {
    pub(super) async fn choose(options: &PrivateOptions) -> Result<Self, PrivateError> {
        let uid = geteuid().as_raw();
        if uid != 0 {
            return Ok(Self { name: format!("uid {uid}"), uid, gid: getegid().as_raw(), change: false });
        }
        // Data that is there already decides: PostgreSQL refuses data of another user.
        let data = options.data_dir.join("postgres/data");
        if let Ok(meta) = std::fs::metadata(&data)
            && meta.uid() != 0
        {
            let name = format!("uid {}", meta.uid());
            return Ok(Self { name, uid: meta.uid(), gid: meta.gid(), change: true });
        }
        let names =
            options.run_as.as_ref().map_or_else(|| vec!["postgres", "nobody"], |name| vec![name.as_str()]);
        for name in &names {
            match (id("-u", name).await, id("-g", name).await) {
                (Some(0), _) => {
                    return Err(PrivateError::NoUser {
                        what: format!("user {name} is root too: name another"),
                    });
                }
                (Some(uid), Some(gid)) => {
                    return Ok(Self { name: (*name).to_owned(), uid, gid, change: true });
                }
                _ => {}
            }
        }
        Err(PrivateError::NoUser {
            what: format!(
                "there is no user {}: make one (useradd --system postgres), or run raas as an ordinary user",
                names.join(" or ")
            ),
        })
    }

    /// A command that runs as this user, with a clean environment: PGDATA and the like must not reach it.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
        if let Some(folder) = program.parent() {
            command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
        }
        if self.change {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives a file or folder to this user.
    pub(super) fn give(&self, path: &Path) -> Result<(), PrivateError> {
        if !self.change {
            return Ok(());
        }
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .map_err(PrivateError::io("give PostgreSQL's user", path))
    }

    /// The first folder on the way to `path` that this user cannot pass. Asked as that user, since ACLs count too.
    pub(super) async fn obstacle(&self, path: &Path) -> Option<PathBuf> {
        if !self.change || self.passes(path).await {
            return None;
        }
        let mut way: Vec<_> = path.ancestors().collect();
        way.reverse();
        for folder in way {
            if !self.passes(folder).await {
                return Some(folder.to_owned());
            }
        }
        None
    }

    async fn passes(&self, folder: &Path) -> bool {
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", "cd \"$1\" 2>/dev/null", "sh"]).arg(folder);
        command.status().await.is_ok_and(|status| status.success())
    }
}

async fn id(what: &str, name: &str) -> Option<u32> {
    let out = Command::new("id").args([what, name]).output().await.ok()?;
    if !out.status.success() {
        return None;
    }
    String::from_utf8_lossy(&out.stdout).trim().parse().ok()
}
