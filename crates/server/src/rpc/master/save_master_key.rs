//! `master.save_master_key`: decide about a key before its master calls. Its first enrolment makes the master.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use raas_api::{
    MasterKeyState,
    cluster::Kind,
    master::{PreseedState, SaveMasterKey, SaveMasterKeyParams},
};
use raas_cluster::enrolment::decide;
use raas_db::{
    Transaction, cluster,
    master_key::{self, MasterKey},
};
use raas_wire::{ClusterKind, MasterFacts, key};

use super::tell;
use crate::{
    Ctx, RpcError,
    link::{accept, name_problem},
    rpc::Handle,
};

impl Handle for SaveMasterKey {
    async fn handle(ctx: &Ctx, params: SaveMasterKeyParams) -> Result<bool, RpcError> {
        names(&params)?;
        let (fingerprint, public_key) = public(&params.public_key)?;
        let now = ctx.now();
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        master_key::lock(&tx).await?;
        let (kind, bound) = kind(&tx, &params).await?;
        let before = master_key::of_master(&tx, &params.title).await?;
        let same = before.iter().find(|key| key.fingerprint == fingerprint);
        let (state, reason) = match params.state {
            PreseedState::Accept => (MasterKeyState::Accepted, String::new()),
            PreseedState::Reject => {
                (MasterKeyState::Rejected, format!("an operator ({}) rejected this key", ctx.actor.username))
            }
        };
        let key = MasterKey {
            master_id: params.title,
            fingerprint,
            public_key,
            state,
            reason,
            cluster_id: params.cluster_id,
            kind,
            facts: same.map_or_else(MasterFacts::default, |key| key.facts.clone()),
            created_at: now,
            changed_at: now,
            last_seen_at: now,
            bound,
        };
        if key.state == MasterKeyState::Accepted {
            may_accept(&tx, &key, &before).await?;
        }
        master_key::save(&tx, &key, now).await?;
        tell(&ctx.state, &tx, key.cluster()).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn names(params: &SaveMasterKeyParams) -> Result<(), RpcError> {
    for (parameter, name) in [("title", Some(&params.title)), ("cluster_id", params.cluster_id.as_ref())] {
        if let Some(problem) = name.and_then(|name| name_problem(name)) {
            let given: String = name.map(|name| name.chars().take(60).collect()).unwrap_or_default();
            return Err(RpcError::wrong(parameter, format!("{given:?}"), format!("the name {problem}")));
        }
    }
    Ok(())
}

/// Fingerprint and PEM of a key given as PEM, or as PEM in base64.
fn public(text: &str) -> Result<(String, String), RpcError> {
    let text = text.trim();
    let compact: String = text.split_ascii_whitespace().collect();
    let decoded = STANDARD.decode(compact).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pem = if text.starts_with("-----BEGIN") { text.to_owned() } else { decoded.unwrap_or_default() };
    let expected =
        "the Ed25519 public key of raas-plugin (PEM, or that in base64), as raas-plugin status shows it";
    let wrong = |error: key::KeyError| RpcError::invalid("public_key", error, expected);
    let public = key::public_from_pem(&pem).map_err(wrong)?;
    Ok((key::fingerprint(&public), key::public_to_pem(&public).map_err(wrong)?))
}

/// The kind, and whether cluster and kind are part of the decision: without either, the first enrolment says them.
async fn kind(tx: &Transaction<'_>, params: &SaveMasterKeyParams) -> Result<(ClusterKind, bool), RpcError> {
    match (&params.cluster_id, params.kind) {
        (None, None) => Ok((ClusterKind::Single, false)),
        (None, Some(Kind::Single)) => Ok((ClusterKind::Single, true)),
        (None, Some(kind)) => {
            Err(RpcError::Unusable(format!("a master of kind {kind:?} needs a cluster_id")))
        }
        (Some(id), Some(Kind::Single)) => {
            Err(RpcError::Unusable(format!("a single master has no cluster id, {id:?} is given")))
        }
        (Some(_), Some(Kind::Failover)) => Ok((ClusterKind::Failover, true)),
        (Some(_), Some(Kind::Hot)) => Ok((ClusterKind::Hot, true)),
        (Some(_), Some(Kind::Native)) => Ok((ClusterKind::Native, true)),
        (Some(id), None) => match cluster::known(tx, id, &params.title).await? {
            Some(known) => Ok((known.kind, true)),
            None => Err(RpcError::Unusable(format!(
                "cluster {id:?} does not exist yet: give its kind (failover, hot or native)"
            ))),
        },
    }
}

/// A key never takes the place of another one silently, and the rules of enrolment hold here too.
async fn may_accept(tx: &Transaction<'_>, key: &MasterKey, before: &[MasterKey]) -> Result<(), RpcError> {
    let accepted = |one: &&MasterKey| one.state == MasterKeyState::Accepted;
    if let Some(other) = before.iter().filter(accepted).find(|one| one.fingerprint != key.fingerprint) {
        return Err(RpcError::Conflict(format!(
            "master {:?} has the accepted key {}, this one is {}: delete the first if the master was rebuilt",
            key.master_id, other.fingerprint, key.fingerprint
        )));
    }
    let owners = master_key::by_fingerprint(tx, &key.fingerprint).await?;
    if let Some(owner) = owners.iter().filter(accepted).find(|one| one.master_id != key.master_id) {
        return Err(RpcError::Conflict(format!(
            "the key {} is accepted for master {:?}, here it is given for {:?}: delete it there first",
            key.fingerprint, owner.master_id, key.master_id
        )));
    }
    if key.bound {
        let declared = accept::as_declared(key);
        let decision = decide(&declared, &accept::known(tx, &declared).await?);
        if decision.state == MasterKeyState::Rejected {
            return Err(RpcError::Conflict(decision.reason));
        }
    }
    Ok(())
}
