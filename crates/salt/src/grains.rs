//! What the master caches of its minions' grains: found by looking where each version of Salt keeps it. Blocking calls.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rmpv::Value;

use crate::{MasterConfig, is_minion_id, msgpack};

/// Grains larger than this are not read.
const MAX_FILE: u64 = 16 << 20;

/// Why grains cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GrainsError {
    /// Not a plain file name.
    #[error("{0:?} is no minion id")]
    BadId(String),
    /// Larger than anything honest.
    #[error("{} has {size} bytes, which is too much for grains", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: u64,
    },
    /// Not what Salt writes.
    #[error("{}: {why}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A file.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Cached grains of one minion.
#[derive(Clone, Debug, PartialEq)]
pub struct Cached {
    /// Minion.
    pub minion_id: String,
    /// When the master wrote them.
    pub modified: SystemTime,
}

/// Minions that the master caches grains of, with the time they were written. Reads no contents.
pub fn cached(config: &MasterConfig) -> Vec<Cached> {
    let mut ids: Vec<String> = names(&config.cachedir.join("minions"));
    ids.extend(
        names(&config.cachedir.join("grains"))
            .iter()
            .filter_map(|name| name.strip_suffix(".p"))
            .map(str::to_owned),
    );
    ids.sort();
    ids.dedup();
    let cached = ids.into_iter().filter(|id| is_minion_id(id)).filter_map(|minion_id| {
        let (_, modified) = newest(config, &minion_id)?;
        Some(Cached { minion_id, modified })
    });
    cached.collect()
}

/// When the cached grains of one minion were written; `None` when there are none.
pub fn modified(config: &MasterConfig, minion_id: &str) -> Option<SystemTime> {
    if is_minion_id(minion_id) { newest(config, minion_id).map(|(_, modified)| modified) } else { None }
}

/// Grains of one minion: a map; `None` when the master has none.
pub fn read(config: &MasterConfig, minion_id: &str) -> Result<Option<Value>, GrainsError> {
    if !is_minion_id(minion_id) {
        return Err(GrainsError::BadId(minion_id.to_owned()));
    }
    let Some((place, _)) = newest(config, minion_id) else { return Ok(None) };
    let path = place.path();
    let io = |source| GrainsError::Io { path: path.to_owned(), source };
    let size = fs::metadata(path).map_err(io)?.len();
    if size > MAX_FILE {
        return Err(GrainsError::TooLarge { path: path.to_owned(), size });
    }
    let bytes = fs::read(path).map_err(io)?;
    let content = |why: String| GrainsError::Content { path: path.to_owned(), why };
    let value = msgpack::read(&bytes).map_err(|error| content(error.to_string()))?;
    let grains = match &place {
        Place::WithPillar(_) => msgpack::get(&value, "grains").cloned().unwrap_or(Value::Nil),
        Place::Alone(_) => value,
    };
    match grains {
        Value::Nil => Ok(None),
        grains if grains.is_map() => Ok(Some(grains)),
        _ => Err(content("its grains are no map".to_owned())),
    }
}

enum Place {
    /// 3006, 3007: `minions/<id>/data.p`, a map with `grains` and `pillar`.
    WithPillar(PathBuf),
    /// 3008: `grains/<id>.p`, the grains themselves.
    Alone(PathBuf),
}

impl Place {
    fn path(&self) -> &Path {
        match self {
            Self::WithPillar(path) | Self::Alone(path) => path,
        }
    }
}

/// After an upgrade both are there: the newer one counts.
fn newest(config: &MasterConfig, minion_id: &str) -> Option<(Place, SystemTime)> {
    let places = [
        Place::WithPillar(config.cachedir.join("minions").join(minion_id).join("data.p")),
        Place::Alone(config.cachedir.join("grains").join(format!("{minion_id}.p"))),
    ];
    let found = places.into_iter().filter_map(|place| {
        let modified = fs::metadata(place.path()).and_then(|data| data.modified()).ok()?;
        Some((place, modified))
    });
    found.max_by_key(|(_, modified)| *modified)
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
