//! Which minions a delivery can reach, read out of its payload.

use raas_cluster::control::{Copy, Way, Whom};
use raas_db::delivery::Delivery;
use raas_wire::Work;
use uuid::Uuid;

/// A delivery of a job, read.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) row: Delivery,
    whom: Whom,
}

impl Given {
    /// Reads a delivery. One that cannot be read could have reached anybody.
    pub(crate) fn read(row: Delivery) -> Self {
        let whom = match serde_json::from_str::<Work>(&row.payload) {
            Ok(Work::Publish(publish)) if publish.tgt_type == "list" => {
                serde_json::from_str(publish.tgt.as_str()).map_or(Whom::Anybody, Whom::These)
            }
            Ok(Work::Ask(ask)) => Whom::These(ask.minions.into_iter().collect()),
            _ => Whom::Anybody,
        };
        Self { row, whom }
    }

    /// Whether it can reach this minion.
    pub(super) fn covers(&self, minion_id: &str) -> bool {
        match &self.whom {
            Whom::Anybody => true,
            Whom::These(ids) => ids.contains(minion_id),
        }
    }

    /// As the rules of stopping see it.
    pub(crate) fn copy(&self) -> Copy {
        let way = match self.row.state.as_str() {
            "queued" => Way::Waiting,
            "leased" | "claimed" | "started" | "expired" => Way::Out,
            _ => Way::Back,
        };
        Copy {
            delivery_id: self.row.delivery_id,
            cluster_id: self.row.cluster_id.clone(),
            whom: self.whom.clone(),
            way,
        }
    }

    pub(super) fn is(&self, work: &str, cluster_id: &str) -> bool {
        self.row.work == work && self.row.cluster_id == cluster_id
    }

    /// It may still be carried out.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.row.state.as_str(), "queued" | "leased")
    }

    /// It was carried out, or may have been, or may still be.
    pub(super) fn may_reach(&self) -> bool {
        matches!(
            self.row.state.as_str(),
            "queued" | "leased" | "claimed" | "started" | "published" | "expired"
        )
    }

    pub(super) fn is_handed_back(&self) -> bool {
        self.row.state == "handed_back"
    }
}

/// How often one master may be given the same job: a second time only when it certainly did not carry it out before.
const TIMES: usize = 2;

/// Whether a job may be given to this master (again).
pub(super) fn may_be_given(given: &[Given], work: &str, master: Uuid) -> bool {
    let mut before = given.iter().filter(|g| g.row.work == work && g.row.master_uuid == master);
    let mut count = 0;
    before.all(|g| {
        count += 1;
        g.is_handed_back()
    }) && count < TIMES
}
