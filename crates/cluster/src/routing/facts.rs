//! What routing knows: masters of a cluster, and where each targeted minion may be.

use raas_wire::ClusterKind;
use uuid::Uuid;

/// One cluster.
#[derive(Clone, Debug)]
pub struct ClusterFacts {
    /// Cluster id.
    pub cluster_id: String,
    /// Kind.
    pub kind: ClusterKind,
    /// Its accepted masters.
    pub masters: Vec<MasterFacts>,
}

/// One master.
#[derive(Clone, Debug)]
pub struct MasterFacts {
    /// Our id.
    pub master_uuid: Uuid,
    /// Its id.
    pub master_id: String,
    /// Present: its plugin calls and Salt answers.
    pub live: bool,
    /// Present minions that it holds now.
    pub present_minions: u64,
    /// It has told which keys it holds: who is not among them is not there.
    pub keys_known: bool,
}

impl ClusterFacts {
    /// Masters that are live, of those in `only` when it is given.
    pub(crate) fn live<'a>(&'a self, only: Option<&'a [Uuid]>) -> impl Iterator<Item = &'a MasterFacts> {
        self.masters.iter().filter(move |m| m.live && only.is_none_or(|only| only.contains(&m.master_uuid)))
    }
}

/// Where one targeted minion may be.
#[derive(Clone, Debug)]
pub struct MinionLinks {
    /// Minion.
    pub minion_id: String,
    /// One per master that knows it.
    pub links: Vec<MinionLink>,
}

/// A minion as one master sees it.
#[derive(Clone, Copy, Debug)]
pub struct MinionLink {
    /// The master.
    pub master_uuid: Uuid,
    /// Proven there by fresh evidence.
    pub fresh: bool,
    /// The master holds an accepted key for it.
    pub key: bool,
}

impl MinionLinks {
    pub(crate) fn fresh_on(&self, master: Uuid) -> bool {
        self.links.iter().any(|link| link.master_uuid == master && link.fresh)
    }

    pub(crate) fn has_key_on(&self, master: Uuid) -> bool {
        self.links.iter().any(|link| link.master_uuid == master && link.key)
    }

    pub(crate) fn may_be_on(&self, master: Uuid) -> bool {
        self.links.iter().any(|link| link.master_uuid == master && (link.fresh || link.key))
    }
}
