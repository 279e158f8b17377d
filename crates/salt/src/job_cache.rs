//! The master's job cache: what minions returned, kept on disk for a day. For returns that passed while nobody listened,
//! and for whole values where the bus carried a trimmed one. Blocking calls.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rmpv::Value;
use sha2::{Digest as _, Sha256, Sha512};

use crate::{MasterConfig, is_minion_id, msgpack};

/// Returns larger than this are not read.
const MAX_FILE: u64 = 64 << 20;
/// What Salt puts in place of a value that is too long for an event.
pub const TRIMMED: &str = "VALUE_TRIMMED";

/// A job of the cache.
#[derive(Clone, Debug, PartialEq)]
pub struct CachedJob {
    /// Its jid.
    pub jid: String,
    /// Something of it was written then.
    pub modified: SystemTime,
    /// Its directory.
    pub dir: PathBuf,
}

/// A return of the cache.
#[derive(Clone, Debug, PartialEq)]
pub struct CachedReturn {
    /// Who returned.
    pub minion_id: String,
    /// The value.
    pub value: Value,
    /// Return code, or one per function; nil where Salt kept none.
    pub retcode: Value,
    /// Success, or one per function; nil where Salt kept none.
    pub success: Value,
    /// Name of the outputter, where there is one.
    pub out: Option<String>,
    /// When it was written.
    pub modified: SystemTime,
}

impl CachedReturn {
    /// Even the master had only a trimmed value.
    pub fn is_trimmed(&self) -> bool {
        self.value.as_str() == Some(TRIMMED)
    }
}

/// Jobs of which anything was written at or after `since`.
pub fn since(config: &MasterConfig, since: SystemTime) -> Vec<CachedJob> {
    let dirs = children(&config.cachedir.join("jobs")).into_iter().flat_map(|dir| children(&dir));
    let mut jobs: Vec<CachedJob> = dirs.filter_map(|dir| job(dir, since)).collect();
    jobs.sort_by(|a, b| a.jid.cmp(&b.jid));
    jobs
}

/// A job by its jid; `None` when the cache does not have it.
pub fn find(config: &MasterConfig, jid: &str) -> Option<CachedJob> {
    if !is_minion_id(jid) {
        return None;
    }
    let jobs = config.cachedir.join("jobs");
    if let Some(hash) = hash(&config.hash_type, jid) {
        return job(jobs.join(hash.get(..2)?).join(hash.get(2..)?), SystemTime::UNIX_EPOCH);
    }
    // A hash that is not ours to compute (md5, sha1): look through all.
    since(config, SystemTime::UNIX_EPOCH).into_iter().find(|job| job.jid == jid)
}

impl CachedJob {
    /// What was published, where Salt kept it: a map with `fun`, `arg`, `tgt`, `user`.
    pub fn load(&self) -> Option<Value> {
        read(&self.dir.join(".load.p")).filter(Value::is_map)
    }

    /// Whoever returned, without reading the values.
    pub fn returned(&self) -> Vec<String> {
        let names = children(&self.dir).into_iter().filter(|dir| dir.join("return.p").is_file());
        let names = names.filter_map(|dir| Some(dir.file_name()?.to_str()?.to_owned()));
        let mut ids: Vec<String> = names.filter(|id| is_minion_id(id)).collect();
        ids.sort();
        ids
    }

    /// The return of one minion.
    pub fn return_of(&self, minion_id: &str) -> Option<CachedReturn> {
        if !is_minion_id(minion_id) {
            return None;
        }
        let dir = self.dir.join(minion_id);
        let path = dir.join("return.p");
        let modified = fs::metadata(&path).and_then(|data| data.modified()).ok()?;
        let kept = read(&path)?;
        let field = |key: &str| msgpack::get(&kept, key).cloned();
        Some(CachedReturn {
            minion_id: minion_id.to_owned(),
            // Old patches keep the bare value.
            value: field("return").unwrap_or_else(|| kept.clone()),
            retcode: field("retcode").unwrap_or(Value::Nil),
            success: field("success").unwrap_or(Value::Nil),
            out: read(&dir.join("out.p")).and_then(|out| out.as_str().map(str::to_owned)),
            modified,
        })
    }
}

fn job(dir: PathBuf, since: SystemTime) -> Option<CachedJob> {
    let modified = fs::metadata(&dir).and_then(|data| data.modified()).ok()?;
    if modified < since {
        return None;
    }
    let jid = fs::read_to_string(dir.join("jid")).ok()?.trim().to_owned();
    (!jid.is_empty() && jid.len() <= 64).then_some(CachedJob { jid, modified, dir })
}

fn hash(hash_type: &str, jid: &str) -> Option<String> {
    match hash_type {
        "sha256" => Some(hex::encode(Sha256::digest(jid))),
        "sha512" => Some(hex::encode(Sha512::digest(jid))),
        _ => None,
    }
}

fn children(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn read(path: &Path) -> Option<Value> {
    let size = fs::metadata(path).ok()?.len();
    if size > MAX_FILE {
        tracing::warn!(path = %path.display(), size, "a file of the job cache is too large to read");
        return None;
    }
    msgpack::read(&fs::read(path).ok()?).ok()
}
