//! Finds PostgreSQL's programs: in PATH, then where Debian, RPM and Homebrew systems put them. Starts none but `--version`.
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::{PrivateError, PrivateOptions};

/// Where packages put the programs: folders with one subfolder per version, and what follows below it.
const PLACES: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
];

/// One installed PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    /// The PostgreSQL for data of this version; any, when there is no data yet: the one in PATH, else the newest.
    pub(super) async fn find(
        options: &PrivateOptions,
        wanted: Option<u32>,
        data: &Path,
    ) -> Result<Self, PrivateError> {
        let folders = candidates(options);
        let mut found: Vec<Self> = Vec::new();
        for folder in &folders {
            if let Some(major) = version(folder).await {
                let one = Self { folder: folder.clone(), major };
                if wanted.is_none_or(|wanted| wanted == major) {
                    return Ok(one);
                }
                found.push(one);
            }
        }
        match wanted {
            Some(data_major) if !found.is_empty() => {
                let found: Vec<_> =
                    found.iter().map(|one| format!("{} ({})", one.major, one.folder.display())).collect();
                Err(PrivateError::WrongVersion { data: data.to_owned(), data_major, found: found.join(", ") })
            }
            _ => {
                let searched: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
                let usual = "/usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, /opt/homebrew/opt/postgresql*/bin";
                let all = if searched.is_empty() {
                    usual.to_owned()
                } else {
                    format!("{}, {usual}", searched.join(", "))
                };
                Err(PrivateError::NoPrograms { searched: all })
            }
        }
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn candidates(options: &PrivateOptions) -> Vec<PathBuf> {
    if let Some(folder) = &options.bin_dir {
        return vec![folder.clone()];
    }
    let in_path = options.search_path.iter().flat_map(std::env::split_paths);
    let mut all: Vec<PathBuf> = in_path.filter(|folder| has_programs(folder)).collect();
    for (parent, start, end) in PLACES {
        all.extend(versions_in(Path::new(parent), start).into_iter().map(|folder| folder.join(end)));
    }
    all.retain(|folder| has_programs(folder));
    all
}

/// PATH may hold links to a program only (Debian's wrappers): initdb and postgres must both be there.
fn has_programs(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}

/// The subfolders that begin so, newest version first.
fn versions_in(parent: &Path, start: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(start)?.trim_start_matches('@');
            // Homebrew's unversioned `postgresql` comes last.
            let major = version.split('.').next().and_then(|major| major.parse().ok());
            if major.is_none() && !version.is_empty() {
                return None;
            }
            Some((major.unwrap_or(0), entry.path()))
        })
        .collect();
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// "postgres (PostgreSQL) 15.18 (Debian …)" is 15.
async fn version(folder: &Path) -> Option<u32> {
    let out = Command::new(folder.join("postgres")).arg("--version").output().await.ok()?;
    major(&String::from_utf8_lossy(&out.stdout))
}

fn major(said: &str) -> Option<u32> {
    let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(root: &Path, at: &str) {
        let folder = root.join(at);
        std::fs::create_dir_all(&folder).unwrap();
        for program in ["initdb", "postgres"] {
            std::fs::write(folder.join(program), "").unwrap();
        }
    }

    #[test]
    fn the_newest_version_comes_first_and_others_words_are_no_version() {
        let root = tempfile::tempdir().unwrap();
        for at in ["9.6/bin", "15/bin", "17/bin", "common/bin"] {
            installed(root.path(), at);
        }
        let found = versions_in(root.path(), "");
        assert_eq!(found, [root.path().join("17"), root.path().join("15"), root.path().join("9.6")]);
    }

    #[test]
    fn homebrew_names_are_read() {
        let root = tempfile::tempdir().unwrap();
        for at in ["postgresql@16/bin", "postgresql@14/bin", "postgresql/bin", "postgresql-client/bin"] {
            installed(root.path(), at);
        }
        let found = versions_in(root.path(), "postgresql");
        assert_eq!(
            found,
            ["postgresql@16", "postgresql@14", "postgresql"].map(|name| root.path().join(name))
        );
    }

    #[test]
    fn version_words_of_several_builds_are_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("nonsense"), None);
    }

    #[tokio::test]
    async fn a_machine_without_postgresql_is_told_what_to_install() {
        let mut options = PrivateOptions::new("/nowhere", "p");
        options.bin_dir = Some("/nowhere/bin".into());
        let error = Binaries::find(&options, None, Path::new("/d")).await.unwrap_err().to_string();
        assert!(error.contains("/nowhere/bin") && error.contains("apt install postgresql"), "{error}");
    }
}
