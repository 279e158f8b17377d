//! `job.save_job`

use raas_api::{
    AccessType, CommandKind,
    job::{SaveJob, SaveJobParams},
};
use raas_cluster::job_inputs;
use raas_db::{
    Transaction,
    job::{self, Job, Written},
};
use uuid::Uuid;

use super::{called, wrong};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, cmd, saved, tgt, words},
};

impl Handle for SaveJob {
    async fn handle(ctx: &Ctx, params: SaveJobParams) -> Result<Uuid, RpcError> {
        if let Some(name) = &params.name {
            saved::name(name)?;
        }
        saved::text("desc", params.desc.as_deref())?;
        if let Some(arg) = &params.arg {
            job_inputs::check(arg).map_err(wrong)?;
        }
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let before = before(ctx, &tx, params.job_uuid).await?;
        if let Some(uuid) = params.tgt_uuid {
            tgt::readable(ctx, &tx, uuid).await?;
        }
        let written = written(ctx, params, before.as_ref())?;
        write(ctx, &tx, &written, before.is_none()).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(written.job_uuid)
    }
}

/// The job as it is; none: there is none with this uuid, or the caller may not see it.
async fn before(ctx: &Ctx, tx: &Transaction<'_>, uuid: Option<Uuid>) -> Result<Option<Job>, RpcError> {
    let Some(uuid) = uuid else { return Ok(None) };
    let found = job::get(tx, saved::viewer(ctx), uuid).await?;
    if let Some(job) = &found {
        saved::check(ctx, &job.held, AccessType::Write, &called(job))?;
    }
    Ok(found)
}

/// What is given, over what was there.
fn written(ctx: &Ctx, params: SaveJobParams, before: Option<&Job>) -> Result<Written, RpcError> {
    let kind = match (params.cmd, before) {
        (Some(kind), _) => kind,
        (None, Some(job)) => words::read(&job.cmd, CommandKind::from_word)?,
        (None, None) => CommandKind::Local,
    };
    let is_local = kind == CommandKind::Local;
    let masters = params.masters.filter(|masters| !masters.is_empty());
    places(kind, masters.as_deref(), params.tgt_uuid)?;
    let name = params.name.or(before.map(|job| job.name.clone()));
    let name = name.ok_or_else(|| {
        RpcError::invalid("name", "missing", "a name (it may only be left out for a job that is there)")
    })?;
    let fun = params.fun.or(before.map(|job| job.fun.clone()));
    let arg = params.arg.map(|arg| serde_json::to_string(&arg).unwrap_or_default());
    Ok(Written {
        job_uuid: params.job_uuid.unwrap_or_else(|| ctx.state.random.uuid()),
        name,
        description: params.desc.or(before.map(|job| job.description.clone())).unwrap_or_default(),
        cmd: kind.as_str(),
        fun: cmd::function(fun.as_deref())?,
        arg: arg.or(before.map(|job| job.arg.clone())).unwrap_or_else(|| "{}".to_owned()),
        masters: masters.or(before.and_then(|job| job.masters.clone())).filter(|_| !is_local),
        tgt_uuid: params.tgt_uuid.or(before.and_then(|job| job.tgt_uuid)).filter(|_| is_local),
    })
}

/// Local jobs are meant for minions, the others for masters.
fn places(kind: CommandKind, masters: Option<&[String]>, tgt_uuid: Option<Uuid>) -> Result<(), RpcError> {
    match (kind, masters, tgt_uuid) {
        (CommandKind::Local, Some(_), _) => {
            Err(RpcError::invalid("masters", "given", "nothing: it is for runner and wheel; use tgt_uuid"))
        }
        (CommandKind::Runner | CommandKind::Wheel, _, Some(_)) => {
            Err(RpcError::invalid("tgt_uuid", "given", "nothing: it is for local jobs; use masters"))
        }
        (_, Some(masters), _) => cmd::masters(masters),
        (_, None, _) => Ok(()),
    }
}

async fn write(ctx: &Ctx, tx: &Transaction<'_>, written: &Written, is_new: bool) -> Result<(), RpcError> {
    let taken = || {
        RpcError::Conflict(format!("there is a saved job {:?} already: choose another name", written.name))
    };
    let result = if is_new {
        job::insert(tx, written, ctx.actor.account_uuid, ctx.now()).await
    } else {
        job::update(tx, written, ctx.now()).await
    };
    match result {
        Ok(true) => Ok(()),
        Ok(false) => Err(taken()),
        Err(error) if error.conflict().is_some_and(|key| key.ends_with("_pkey")) => {
            Err(RpcError::Forbidden(format!(
                "user {:?} may not write the saved job {}: it is somebody else's",
                ctx.actor.username, written.job_uuid
            )))
        }
        Err(error) if error.conflict().is_some() => Err(taken()),
        Err(error) => Err(error.into()),
    }
}
