//! What methods for programs that act for a master share: the master, and who tells.

use raas_db::{
    Session,
    master::{self, Master},
    minion::Teller,
};

use crate::RpcError;

/// The accepted master with this id.
pub(super) async fn master(session: &impl Session, master_id: &str) -> Result<Master, RpcError> {
    let found = master::by_id(session, master_id).await?.filter(Master::is_accepted);
    found.ok_or_else(|| {
        let why = format!("there is no accepted master {master_id:?}: look at master.get_master_details");
        RpcError::NotFound(why)
    })
}

/// As the tables of minions know it.
pub(super) fn by(master: &Master) -> Teller<'_> {
    Teller { cluster_id: &master.cluster_id, master_uuid: master.master_uuid }
}
