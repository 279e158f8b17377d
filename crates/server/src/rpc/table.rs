//! Every RPC method of this server, one line each.

use std::{collections::BTreeMap, sync::OnceLock};

use raas_api::{cluster, cmd, master, minions, ret};

use super::{Entry, api, auth, test};

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
    vec![
        Entry::of::<api::Discover>(),
        Entry::of::<api::GetVersions>(),
        Entry::of::<auth::GetJwt>(),
        Entry::of::<cluster::GetClusters>(),
        Entry::of::<cmd::GetCmdDetails>(),
        Entry::of::<cmd::GetCmdStatus>(),
        Entry::of::<cmd::GetCmds>(),
        Entry::of::<cmd::GetOutcomeTimeline>(),
        Entry::of::<cmd::PlanCmd>(),
        Entry::of::<cmd::RouteCmd>(),
        Entry::of::<master::DeleteMaster>(),
        Entry::of::<master::GetMasterDetails>(),
        Entry::of::<master::GetMasterKeys>(),
        Entry::of::<master::GetMasterPresence>(),
        Entry::of::<master::SaveMasterKey>(),
        Entry::of::<master::SetMasterKeyState>(),
        Entry::of::<minions::GetMinionCache>(),
        Entry::of::<minions::GetMinionKeyState>(),
        Entry::of::<minions::GetMinionPresence>(),
        Entry::of::<minions::SetMinionKeyState>(),
        Entry::of::<ret::GetJid>(),
        Entry::of::<ret::GetLoad>(),
        Entry::of::<ret::GetMinions>(),
        Entry::of::<ret::GetReturns>(),
        Entry::of::<test::Echo>(),
        Entry::of::<test::Error>(),
        Entry::of::<test::Sleep>(),
        Entry::of::<test::Warnings>(),
    ]
}
