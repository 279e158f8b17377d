//! `master.set_master_key_state`: accept, reject or delete keys of masters. Which key is meant is `choose`; the rules are
//! `raas_cluster::enrolment`.

mod choose;

use std::collections::BTreeSet;

use raas_api::{
    MasterKeyState,
    master::{KeyActAction, MasterKeyAct, SetMasterKeyState, SetMasterKeyStateParams},
};
use raas_cluster::enrolment::{Known, decide};
use raas_db::{
    Transaction, master,
    master_key::{self, MasterKey},
};

use super::{pending_from, tell};
use crate::{Ctx, RpcError, link::accept, rpc::Handle};

impl Handle for SetMasterKeyState {
    async fn handle(ctx: &Ctx, params: SetMasterKeyStateParams) -> Result<Vec<MasterKeyAct>, RpcError> {
        if params.masters.is_empty() {
            return Err(RpcError::invalid("masters", "[]", "at least one master id"));
        }
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        master_key::lock(&tx).await?;
        master_key::expire(&tx, pending_from(&ctx.state, ctx.now())).await?;
        let mut acts = Vec::with_capacity(params.masters.len());
        for master_id in params.masters.iter().collect::<BTreeSet<_>>() {
            let done = act(ctx, &tx, master_id, &params).await?;
            acts.push(written(ctx, master_id, done));
        }
        if acts.iter().any(|act| act.done) {
            ctx.audit(&tx).await?;
            tx.commit().await?;
            return Ok(acts);
        }
        let reasons: Vec<&str> = acts.iter().map(|act| act.message.as_str()).collect();
        Err(RpcError::Conflict(reasons.join("; ")))
    }
}

/// What was done to which key, or why nothing was.
type Done = Result<(Option<String>, String), String>;

async fn act(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    master_id: &str,
    params: &SetMasterKeyStateParams,
) -> Result<Done, RpcError> {
    let keys = master_key::of_master(tx, master_id).await?;
    let fingerprint = params.fingerprint.as_deref();
    if params.action == KeyActAction::Delete {
        return delete(ctx, tx, master_id, &keys, fingerprint).await;
    }
    let chosen = match params.action {
        KeyActAction::Accept => choose::to_accept(master_id, &keys, fingerprint),
        _ => choose::to_reject(master_id, &keys, fingerprint),
    };
    match (chosen, params.action) {
        (Err(reason), _) => Ok(Err(reason)),
        (Ok(key), KeyActAction::Accept) => accept_key(ctx, tx, key).await,
        (Ok(key), _) => reject(ctx, tx, key).await,
    }
}

fn written(ctx: &Ctx, master_id: &str, done: Done) -> MasterKeyAct {
    let (done, fingerprint, message) = match done {
        Ok((fingerprint, message)) => (true, fingerprint, message),
        Err(message) => (false, None, message),
    };
    tracing::info!(master = master_id, user = ctx.actor.username, done, what = message, "key of a master");
    MasterKeyAct { master_id: master_id.to_owned(), done, fingerprint, message }
}

async fn accept_key(ctx: &Ctx, tx: &Transaction<'_>, key: &MasterKey) -> Result<Done, RpcError> {
    let (id, fingerprint) = (&key.master_id, &key.fingerprint);
    if key.state == MasterKeyState::Accepted {
        return Ok(Ok((
            Some(fingerprint.clone()),
            format!("master {id:?}: key {fingerprint} was accepted before"),
        )));
    }
    if key.bound {
        let declared = accept::as_declared(key);
        let known = Known { this_key: None, other_accepted: None, ..accept::known(tx, &declared).await? };
        let decision = decide(&declared, &known);
        if decision.state == MasterKeyState::Rejected {
            return Ok(Err(format!("master {id:?}, key {fingerprint}: {}", decision.reason)));
        }
    }
    let now = ctx.now();
    let replaced = master_key::replace_accepted(tx, id, fingerprint, now).await?;
    master_key::set_state(tx, (id, fingerprint), MasterKeyState::Accepted, "", now).await?;
    if !key.bound {
        let message =
            format!("master {id:?}: key {fingerprint} is accepted; its first enrolment binds its cluster");
        return Ok(Ok((Some(fingerprint.clone()), message)));
    }
    let uuid = accept::accept(tx, key, ctx.state.random.uuid(), now).await?;
    ctx.state.notify_work(tx, uuid).await?;
    tell(&ctx.state, tx, key.cluster()).await?;
    let mut clauses =
        vec![format!("master {id:?}: key {fingerprint} is accepted, in {}", choose::place(key))];
    clauses.extend(replaced.iter().map(|(other_id, other)| {
        if other_id == id {
            format!("the key {other}, accepted before, is rejected now")
        } else {
            format!("the same key is no longer accepted for master {other_id:?}")
        }
    }));
    Ok(Ok((Some(fingerprint.clone()), clauses.join("; "))))
}

async fn reject(ctx: &Ctx, tx: &Transaction<'_>, key: &MasterKey) -> Result<Done, RpcError> {
    let (id, fingerprint) = (&key.master_id, &key.fingerprint);
    let reason = format!("an operator ({}) rejected this key", ctx.actor.username);
    master_key::set_state(tx, (id, fingerprint), MasterKeyState::Rejected, &reason, ctx.now()).await?;
    tell(&ctx.state, tx, key.cluster()).await?;
    let was = match key.state {
        MasterKeyState::Accepted => ": nothing of this master is taken any more",
        _ => "",
    };
    Ok(Ok((Some(fingerprint.clone()), format!("master {id:?}: key {fingerprint} is rejected{was}"))))
}

async fn delete(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    master_id: &str,
    keys: &[MasterKey],
    fingerprint: Option<&str>,
) -> Result<Done, RpcError> {
    if let Err(reason) = choose::to_delete(master_id, keys, fingerprint) {
        return Ok(Err(reason));
    }
    let count = master_key::delete(tx, master_id, fingerprint).await?;
    let cluster = match master::by_id(tx, master_id).await? {
        Some(master) => master.cluster_id,
        None => keys.first().map_or_else(|| master_id.to_owned(), |key| key.cluster().to_owned()),
    };
    tell(&ctx.state, tx, &cluster).await?;
    let what = match fingerprint {
        Some(fingerprint) => format!("key {fingerprint} is forgotten"),
        None => format!("{count} key{} forgotten", if count == 1 { " is" } else { "s are" }),
    };
    let message =
        format!("master {master_id:?}: {what}; a master that still runs offers its key again and waits");
    Ok(Ok((fingerprint.map(str::to_owned), message)))
}
