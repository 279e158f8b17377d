//! Which master a caller means: by id, by uuid, or by both when they agree.

use raas_db::{
    Session,
    master::{self, Master},
};
use uuid::Uuid;

use crate::RpcError;

/// The master that is named; one at least must name it.
pub(super) async fn named(
    session: &impl Session,
    master_id: Option<&str>,
    master_uuid: Option<Uuid>,
) -> Result<Master, RpcError> {
    let found = match (master_id, master_uuid) {
        (_, Some(uuid)) => {
            master::get(session, uuid).await?.filter(|found| master_id.is_none_or(|id| id == found.master_id))
        }
        (Some(id), None) => master::by_id(session, id).await?,
        (None, None) => return Err(RpcError::Unusable("give master_id or master_uuid".to_owned())),
    };
    found.ok_or_else(|| {
        let names: Vec<String> =
            master_id.map(|id| format!("{id:?}")).into_iter().chain(master_uuid.map(|uuid| uuid.to_string())).collect();
        RpcError::NotFound(format!(
            "no master {} was accepted here: masters come by their plugin's enrolment, and are accepted with master.set_master_key_state or beforehand with master.save_master_key",
            names.join(" with the uuid ")
        ))
    })
}
