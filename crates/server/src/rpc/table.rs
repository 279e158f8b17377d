//! Every RPC method of this server, one line each: whether it reads or acts, and what a caller must hold.

use std::{collections::BTreeMap, sync::OnceLock};

use raas_api::{
    Permission as P, admin, audit, auth, cluster, cmd, job, kv, master, minions, ret, schedule, stats, tgt,
};

use super::{
    Entry,
    Needs::{self, AnyOf, SignedIn},
    api, test,
};

type Table = BTreeMap<(&'static str, &'static str), Row>;

/// One method with what is worked out once.
#[derive(Debug)]
pub struct Row {
    /// `resource.method`, as metrics show it.
    pub name: &'static str,
    /// Names of the parameters, in positional order.
    pub parameters: Vec<String>,
    /// The method.
    pub entry: Entry,
}

/// By resource and method.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        entries()
            .into_iter()
            .chain(saved())
            .chain(fleet())
            .chain(administration())
            .map(|entry| {
                // Leaked once per process: metric labels live for ever anyway.
                let name: &'static str =
                    Box::leak(format!("{}.{}", entry.resource, entry.name).into_boxed_str());
                ((entry.resource, entry.name), Row { name, parameters: entry.parameters(), entry })
            })
            .collect()
    })
}

fn entries() -> Vec<Entry> {
    let is = Needs::One;
    vec![
        Entry::reads::<api::Discover>(SignedIn),
        Entry::reads::<api::GetVersions>(SignedIn),
        Entry::acts::<cluster::CheckMinions>(is(P::CmdRun)),
        Entry::reads::<cluster::GetClusters>(is(P::MasterRead)),
        Entry::reads::<cluster::GetMinionChecks>(is(P::MinionRead)),
        Entry::reads::<cmd::GetCmdDetails>(is(P::CmdRead)),
        Entry::reads::<cmd::GetCmdStatus>(is(P::CmdRead)),
        Entry::reads::<cmd::GetCmds>(is(P::CmdRead)),
        Entry::reads::<cmd::GetHighstateMinionDetails>(is(P::CmdRead)),
        Entry::reads::<cmd::GetHighstateMinions>(is(P::CmdRead)),
        Entry::reads::<cmd::GetHighstateStateDetails>(is(P::CmdRead)),
        Entry::reads::<cmd::GetHighstateStates>(is(P::CmdRead)),
        Entry::reads::<cmd::GetHighstateStats>(is(P::CmdRead)),
        Entry::reads::<cmd::GetOutcomeTimeline>(is(P::CmdRead)),
        Entry::acts::<cmd::PauseJob>(AnyOf(&[P::CmdRun, P::CmdRunMaster])),
        Entry::reads::<cmd::PlanCmd>(AnyOf(&[P::CmdRun, P::CmdRunMaster, P::JobRun])),
        Entry::acts::<cmd::ResumeJob>(AnyOf(&[P::CmdRun, P::CmdRunMaster])),
        Entry::acts::<cmd::RouteCmd>(AnyOf(&[P::CmdRun, P::CmdRunMaster, P::JobRun])),
        Entry::acts::<cmd::StopJob>(AnyOf(&[P::CmdRun, P::CmdRunMaster])),
        Entry::acts::<cmd::TrackState>(is(P::MasterWrite)),
        Entry::reads::<ret::GetFun>(is(P::ReturnerRead)),
        Entry::reads::<ret::GetJid>(is(P::ReturnerRead)),
        Entry::reads::<ret::GetJids>(is(P::ReturnerRead)),
        Entry::reads::<ret::GetLoad>(is(P::CmdRead)),
        Entry::reads::<ret::GetMinions>(is(P::MinionRead)),
        Entry::reads::<ret::GetReturns>(is(P::ReturnerRead)),
        Entry::reads::<stats::DbHealth>(is(P::StatsRead)),
        Entry::reads::<stats::GetQueueSizes>(is(P::StatsRead)),
        Entry::reads::<stats::GetSystemMetricSources>(is(P::StatsRead)),
        Entry::reads::<stats::GetSystemMetrics>(is(P::StatsRead)),
        Entry::reads::<stats::Null>(SignedIn),
        Entry::reads::<test::Echo>(SignedIn),
        Entry::reads::<test::Error>(SignedIn),
        Entry::reads::<test::Sleep>(SignedIn),
        Entry::reads::<test::Warnings>(SignedIn),
    ]
}

/// What people save. Beside the permission, each saved thing has its own access.
fn saved() -> Vec<Entry> {
    let is = Needs::One;
    vec![
        Entry::acts::<job::DeleteJob>(is(P::JobDelete)),
        Entry::reads::<job::GetJobAccess>(is(P::JobRead)),
        Entry::reads::<job::GetJobs>(is(P::JobRead)),
        Entry::acts::<job::SaveJob>(is(P::JobWrite)),
        Entry::acts::<job::SaveJobAccess>(is(P::JobWrite)),
        Entry::acts::<kv::DeleteKey>(SignedIn),
        Entry::acts::<kv::DeleteSystemKey>(is(P::SettingsWrite)),
        Entry::reads::<kv::GetKey>(SignedIn),
        Entry::reads::<kv::ListKeys>(SignedIn),
        Entry::acts::<kv::SetKey>(SignedIn),
        Entry::acts::<kv::SetSystemKey>(is(P::SettingsWrite)),
        Entry::reads::<schedule::Futures>(is(P::ScheduleRead)),
        Entry::reads::<schedule::Get>(is(P::ScheduleRead)),
        Entry::reads::<schedule::GetInflight>(is(P::ScheduleRead)),
        Entry::reads::<schedule::GetScheduleAccess>(is(P::ScheduleRead)),
        Entry::acts::<schedule::Remove>(is(P::ScheduleDelete)),
        Entry::acts::<schedule::Save>(is(P::ScheduleWrite)),
        Entry::acts::<schedule::SaveScheduleAccess>(is(P::ScheduleWrite)),
        Entry::acts::<schedule::SaveSkip>(is(P::ScheduleWrite)),
        Entry::reads::<schedule::SearchHistory>(is(P::ScheduleRead)),
        Entry::acts::<schedule::Update>(is(P::ScheduleWrite)),
        Entry::acts::<tgt::DeleteTargetGroup>(is(P::TargetDelete)),
        Entry::reads::<tgt::GetTargetGroup>(is(P::TargetRead)),
        Entry::reads::<tgt::GetTargetGroupAccess>(is(P::TargetRead)),
        Entry::reads::<tgt::GetTargetGroupMinions>(is(P::TargetRead)),
        Entry::acts::<tgt::SaveTargetGroup>(is(P::TargetWrite)),
        Entry::acts::<tgt::SaveTargetGroupAccess>(is(P::TargetWrite)),
    ]
}

/// Masters and minions.
fn fleet() -> Vec<Entry> {
    let is = Needs::One;
    vec![
        Entry::acts::<master::DeleteMaster>(is(P::MasterWrite)),
        Entry::reads::<master::GetMasterDeployments>(is(P::MasterRead)),
        Entry::reads::<master::GetMasterDetails>(is(P::MasterRead)),
        Entry::reads::<master::GetMasterGrains>(is(P::MasterRead)),
        Entry::reads::<master::GetMasterKeys>(is(P::MasterRead)),
        Entry::reads::<master::GetMasterPresence>(is(P::MasterRead)),
        Entry::reads::<master::GetPluginStatus>(is(P::MasterRead)),
        Entry::reads::<master::GetPluginVersions>(is(P::MasterRead)),
        Entry::acts::<master::SaveMaster>(is(P::MasterWrite)),
        Entry::acts::<master::SaveMasterKey>(is(P::MasterWrite)),
        Entry::acts::<master::SetMasterKeyState>(is(P::MasterWrite)),
        Entry::acts::<master::SetPluginStatus>(is(P::MasterWrite)),
        // For programs that act for a master: telling in its place is not looking.
        Entry::acts::<minions::DeleteMinionCache>(is(P::MasterWrite)),
        Entry::acts::<minions::DeleteMinionKeyState>(is(P::MasterWrite)),
        Entry::reads::<minions::GetMinionCache>(is(P::MinionRead)),
        Entry::reads::<minions::GetMinionDeployments>(is(P::MinionRead)),
        Entry::reads::<minions::GetMinionDetails>(is(P::MinionRead)),
        Entry::reads::<minions::GetMinionGrainKeys>(is(P::MinionRead)),
        Entry::reads::<minions::GetMinionGrainValues>(is(P::MinionRead)),
        Entry::reads::<minions::GetMinionKeyMatrix>(is(P::MinionRead)),
        Entry::reads::<minions::GetMinionKeyState>(is(P::MinionRead)),
        Entry::reads::<minions::GetMinionPresence>(is(P::MinionRead)),
        Entry::acts::<minions::SaveMinionCache>(is(P::MasterWrite)),
        Entry::acts::<minions::SaveMinionKeyState>(is(P::MasterWrite)),
        Entry::acts::<minions::SetMinionKeyState>(is(P::MinionKeyWrite)),
    ]
}

/// Accounts and the database itself.
fn administration() -> Vec<Entry> {
    let is = Needs::One;
    vec![
        Entry::acts::<admin::DeleteDeadLetters>(is(P::Superuser)),
        Entry::reads::<admin::GetDeadLetters>(is(P::Superuser)),
        Entry::acts::<admin::ReplayDeadLetters>(is(P::Superuser)),
        Entry::acts::<admin::TrimDatabase>(is(P::Superuser)),
        Entry::reads::<audit::GetAudit>(is(P::AuditRead)),
        Entry::reads::<audit::GetChain>(is(P::AuditRead)),
        Entry::acts::<auth::ChangePassword>(SignedIn),
        Entry::acts::<auth::DeleteGroup>(is(P::MetadataAuthWrite)),
        Entry::acts::<auth::DeleteRole>(is(P::MetadataAuthWrite)),
        Entry::acts::<auth::DeleteToken>(SignedIn),
        Entry::acts::<auth::DeleteUser>(is(P::MetadataAuthWrite)),
        Entry::acts::<auth::EndSession>(SignedIn),
        Entry::reads::<auth::GetAllGroups>(is(P::MetadataAuthRead)),
        Entry::reads::<auth::GetAllRoles>(is(P::MetadataAuthRead)),
        Entry::reads::<auth::GetAllUsers>(is(P::MetadataAuthRead)),
        Entry::reads::<auth::GetAuthPubkey>(SignedIn),
        Entry::reads::<auth::GetGroup>(is(P::MetadataAuthRead)),
        Entry::acts::<auth::GetJwt>(SignedIn),
        Entry::reads::<auth::GetRole>(is(P::MetadataAuthRead)),
        Entry::reads::<auth::GetSessions>(SignedIn),
        Entry::reads::<auth::GetTokens>(SignedIn),
        Entry::reads::<auth::GetUser>(SignedIn),
        Entry::reads::<auth::GetWsTicket>(SignedIn),
        Entry::acts::<auth::SaveGroup>(is(P::MetadataAuthWrite)),
        Entry::acts::<auth::SaveRole>(is(P::MetadataAuthWrite)),
        Entry::acts::<auth::SaveToken>(SignedIn),
        Entry::acts::<auth::SaveUser>(is(P::MetadataAuthWrite)),
        Entry::acts::<auth::TransferResources>(is(P::MetadataAuthWrite)),
    ]
}
