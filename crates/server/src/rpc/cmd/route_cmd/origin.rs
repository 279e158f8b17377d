//! Saved things that a command names: what they stand for, and what is remembered of them with the command.

use jiff::Timestamp;
use raas_api::{
    CommandKind, Permission,
    cmd::{RouteCmdArg, RouteCmdParams},
};
use raas_cluster::job_inputs;
use raas_db::{
    Client, DbError, Transaction,
    command::{self, NewCommand},
    job::Job,
    saved::Viewer,
    schedule::{self, Run},
    target_group::{self, TargetGroup},
};
use uuid::Uuid;

use crate::{
    Ctx, RpcError,
    rpc::{job, tgt, words},
    scope,
};

/// Where a command comes from, when it is not only its own words.
#[derive(Clone, Debug, Default)]
pub(in crate::rpc) struct Origin {
    /// A saved job: what runs is what somebody else chose.
    pub(in crate::rpc) job: Option<Named>,
    /// A saved target group.
    pub(in crate::rpc) group: Option<Named>,
    /// A planned time of a schedule.
    pub(in crate::rpc) schedule: Option<Scheduled>,
}

/// A planned time of a schedule.
#[derive(Clone, Debug)]
pub(crate) struct Scheduled {
    pub(crate) sched_uuid: Uuid,
    pub(crate) name: String,
    pub(crate) planned_at: Timestamp,
}

/// A saved thing, as it was called then.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Named {
    pub(in crate::rpc) uuid: Uuid,
    pub(in crate::rpc) name: String,
}

impl Origin {
    /// As the command remembers it.
    pub(super) fn row(&self) -> command::Origin {
        let (job_uuid, job_name) = split(self.job.as_ref());
        let (tgt_uuid, tgt_name) = split(self.group.as_ref());
        let (sched_uuid, sched_name) =
            self.schedule.as_ref().map(|at| (at.sched_uuid, at.name.clone())).unzip();
        command::Origin { job_uuid, job_name, tgt_uuid, tgt_name, sched_uuid, sched_name }
    }

    /// Takes the planned time that it is for. False: it was taken already.
    pub(super) async fn claim(&self, tx: &Transaction<'_>, row: &NewCommand) -> Result<bool, DbError> {
        let Some(at) = &self.schedule else { return Ok(true) };
        let run = Run {
            sched_uuid: at.sched_uuid,
            planned_at: at.planned_at,
            sched_name: &at.name,
            state: "fired",
            reason: "",
            fired_at: row.created_at,
            jid: Some(&row.jid),
            cmd: Some(row.cmd),
            fun: Some(&row.fun),
            arg: Some(&row.arg),
            tgt: Some(&row.tgt),
            job_name: row.origin.job_name.as_deref(),
            tgt_name: row.origin.tgt_name.as_deref(),
        };
        schedule::claim(tx, &run).await
    }
}

fn split(named: Option<&Named>) -> (Option<Uuid>, Option<String>) {
    named.map(|one| (one.uuid, one.name.clone())).unzip()
}

/// Parameters with what the saved things of them stand for.
pub(super) async fn fill(
    ctx: &Ctx,
    client: &Client,
    mut params: RouteCmdParams,
) -> Result<(RouteCmdParams, Origin), RpcError> {
    let mut origin = Origin::default();
    if params.tgt.is_some() && params.tgt_uuid.is_some() {
        return Err(RpcError::Unusable("tgt and tgt_uuid exclude each other: give one of them".to_owned()));
    }
    if let Some(uuid) = params.job_uuid.take() {
        let saved = job::readable(ctx, client, uuid).await?;
        let (filled, group) = run_job(ctx, client, params, &saved).await?;
        params = filled;
        origin.job = Some(Named { uuid, name: saved.name });
        // Its own group comes with the job: whoever may run it needs no access to the group.
        if let Some(group) = group {
            use_group(ctx, group, &mut params, &mut origin).await?;
        }
    }
    if let Some(uuid) = params.tgt_uuid.take() {
        let group = tgt::readable(ctx, client, uuid).await?;
        use_group(ctx, group, &mut params, &mut origin).await?;
    }
    Ok((params, origin))
}

/// What a saved job runs, and its own target group, if that is where it shall run.
async fn run_job(
    ctx: &Ctx,
    client: &Client,
    params: RouteCmdParams,
    saved: &Job,
) -> Result<(RouteCmdParams, Option<TargetGroup>), RpcError> {
    if params.cmd.is_some() || params.fun.is_some() {
        return Err(RpcError::Unusable(
            "job_uuid and cmd or fun exclude each other: a saved job says itself what it runs".to_owned(),
        ));
    }
    ctx.needs(Permission::JobRun, &format!("run the saved job {:?}", saved.name)).await?;
    let kind = words::read(&saved.cmd, CommandKind::from_word)?;
    own_place(ctx, &params, kind, saved).await?;
    let given = params.arg.clone().unwrap_or_default();
    let arg: RouteCmdArg = job_inputs::apply(&job::arg(saved)?, &given).map_err(job::wrong)?;
    let elsewhere = params.tgt.is_some() || params.tgt_uuid.is_some();
    let group = match saved.tgt_uuid.filter(|_| !elsewhere && kind == CommandKind::Local) {
        Some(uuid) => {
            let everybody = Viewer { superuser: true, account: Uuid::nil(), roles: &[] };
            target_group::get(client, everybody, uuid).await?
        }
        None => None,
    };
    let filled = RouteCmdParams {
        cmd: Some(kind),
        fun: Some(saved.fun.clone()),
        masters: params.masters.clone().or_else(|| saved.masters.clone()),
        arg: Some(arg),
        ..params
    };
    Ok((filled, group))
}

/// Who may only run saved jobs runs them where they are meant for, or on a saved group: not on a target of their own.
async fn own_place(
    ctx: &Ctx,
    params: &RouteCmdParams,
    kind: CommandKind,
    saved: &Job,
) -> Result<(), RpcError> {
    if kind == CommandKind::Local && params.tgt.is_some() {
        ctx.needs(Permission::CmdRun, "run a saved job on a target of one's own").await?;
    }
    if kind != CommandKind::Local && params.masters.is_some() && params.masters != saved.masters {
        ctx.needs(Permission::CmdRunMaster, "run a saved job on masters of one's own choice").await?;
        scope::unlimited(ctx, Permission::CmdRunMaster, "run a saved job on masters of one's own choice")?;
    }
    Ok(())
}

/// The target is that of a group. The group of all minions wants a permission of its own.
async fn use_group(
    ctx: &Ctx,
    group: TargetGroup,
    params: &mut RouteCmdParams,
    origin: &mut Origin,
) -> Result<(), RpcError> {
    if group.built_in {
        let what = format!("run on the target group {:?}", group.name);
        ctx.needs(Permission::TargetAllminionsRun, &what).await?;
    }
    params.tgt = Some(tgt::targets(&group)?);
    origin.group = Some(Named { uuid: group.tgt_uuid, name: group.name });
    Ok(())
}
