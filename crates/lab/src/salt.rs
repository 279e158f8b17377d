//! Clusters of real Salt masters and minions on loopback addresses: which there are, started, and gone when dropped.

mod cluster;
mod config;
mod master;
mod minion;
mod spec;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::process::Signal;
use tempfile::TempDir;

pub use cluster::Cluster;
pub use master::{Install, Master};
pub use minion::Minion;
pub use spec::{ClusterSpec, Mode};

use crate::{Venv, process::MARK, tree};

/// Clusters of real masters and minions. Dropping it ends every process that it started and removes its directory.
#[derive(Debug)]
pub struct SaltLab {
    venv: Venv,
    clusters: Vec<Cluster>,
    root: TempDir,
}

impl SaltLab {
    /// An empty lab in a directory of its own, with a short name: unix sockets below it have little room for one.
    pub fn new(venv: Venv) -> Result<Self> {
        let root = tempfile::Builder::new()
            .prefix("rlab")
            .tempdir_in("/tmp")
            .context("cannot create a directory under /tmp for the Salt lab")?;
        Ok(Self { venv, clusters: Vec::new(), root })
    }

    /// Lays out one more cluster (keys, configuration); nothing runs yet.
    pub fn add(&mut self, spec: ClusterSpec) -> Result<&mut Cluster> {
        let at = self.clusters.len();
        let cluster = Cluster::lay_out(spec, &self.venv, self.root.path())?;
        self.clusters.push(cluster);
        Ok(&mut self.clusters[at])
    }

    /// The cluster with that id.
    pub fn cluster(&mut self, id: &str) -> Result<&mut Cluster> {
        let known: Vec<String> = self.clusters.iter().map(|cluster| cluster.id().to_owned()).collect();
        self.clusters
            .iter_mut()
            .find(|cluster| cluster.id() == id)
            .with_context(|| format!("the lab has no cluster {id:?}; it has {known:?}"))
    }

    /// All clusters.
    pub fn clusters(&mut self) -> &mut [Cluster] {
        &mut self.clusters
    }

    /// Ids of all masters of all clusters.
    pub fn master_ids(&mut self) -> Vec<String> {
        self.clusters.iter_mut().flat_map(Cluster::masters).map(|master| master.id().to_owned()).collect()
    }

    /// What each master, its plugin included, printed and logged last: for a person who looks into a failure.
    pub fn last_words(&mut self) -> String {
        let words = |master: &mut Master| format!("\n{} said last:\n{}\n", master.id(), master.last_words());
        self.clusters.iter_mut().flat_map(Cluster::masters).map(words).collect()
    }

    /// Where everything of it is.
    pub fn dir(&self) -> &Path {
        self.root.path()
    }

    /// Keeps the directory (logs, configuration) and says where it is, for a person who looks into a failure.
    pub fn keep_dir(&mut self) -> PathBuf {
        self.root.disable_cleanup(true);
        self.root.path().to_owned()
    }
}

impl Drop for SaltLab {
    fn drop(&mut self) {
        self.clusters.clear();
        // Whoever left both the tree and the group of its master still carries the lab's mark.
        tree::signal(&tree::marked(MARK, &self.root.path().to_string_lossy()), Signal::KILL);
    }
}
