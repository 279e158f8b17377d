//! What an operator does through the API, in whole steps: accept masters, wait for a cluster, run a job and read its answers.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use raas_api::cluster::{
    CheckMinions, CheckMinionsParams, Cluster, GetClusters, GetClustersParams, GetMinionChecks,
    GetMinionChecksParams, MinionCheck,
};
use raas_api::cmd::{
    CmdDetail, GetCmdDetails, GetCmdDetailsParams, RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget,
};
use raas_api::master::{
    GetMasterKeys, GetMasterKeysParams, KeyActAction, MasterKey, SetMasterKeyState, SetMasterKeyStateParams,
};
use raas_api::minions::{
    GetMinionKeyMatrix, GetMinionKeyMatrixParams, GetMinionPresence, GetMinionPresenceParams, KeyCellState,
    MinionKeyAction, MinionKeyRow, SetMinionKeyState, SetMinionKeyStateParams,
};
use raas_api::{CommandKind, Jid, MasterKeyState, OutcomeState, Presence};
use serde_json::Value;

use crate::{Api, wait};

/// How long a master may take to make itself known after its start.
const ENROL_LIMIT: Duration = Duration::from_mins(5);

impl Api {
    /// Waits until these masters ask to be accepted, and returns their keys.
    pub async fn pending_masters(&self, masters: &[String]) -> Result<Vec<MasterKey>> {
        wait::until(&format!("{} to wait for acceptance", masters.join(", ")), ENROL_LIMIT, || async {
            let params = GetMasterKeysParams { state: Some(MasterKeyState::Pending), ..Default::default() };
            let keys = self.call::<GetMasterKeys>(&params).await.map_err(|error| error.to_string())?;
            let found: Vec<MasterKey> =
                keys.into_iter().filter(|key| masters.contains(&key.master_id)).collect();
            let ids: Vec<&str> = found.iter().map(|key| key.master_id.as_str()).collect();
            if ids.len() >= masters.len() { Ok(found) } else { Err(format!("pending: {ids:?}")) }
        })
        .await
    }

    /// Accepts each of these keys by its fingerprint.
    pub async fn accept(&self, keys: &[MasterKey]) -> Result<()> {
        for key in keys {
            let params = SetMasterKeyStateParams {
                masters: vec![key.master_id.clone()],
                action: KeyActAction::Accept,
                fingerprint: Some(key.fingerprint.clone()),
            };
            let acts = self.call::<SetMasterKeyState>(&params).await?;
            if let Some(act) = acts.iter().find(|act| !act.done) {
                bail!("{} was not accepted: {}", act.master_id, act.message);
            }
        }
        Ok(())
    }

    /// Accepts minions for their whole cluster, and waits until each master has told that it holds their keys.
    pub async fn accept_minions(&self, cluster_id: &str, minions: &[String], limit: Duration) -> Result<()> {
        let params = SetMinionKeyStateParams {
            state: MinionKeyAction::Accept,
            minions: minions.iter().map(|minion| (cluster_id.to_owned(), minion.clone())).collect(),
            include_accepted: None,
            include_rejected: None,
            include_denied: None,
        };
        let reply = self.call::<SetMinionKeyState>(&params).await?;
        if let Some(act) = reply.results.iter().find(|act| !act.done) {
            bail!("{} was not accepted: {}", act.minion_id, act.message);
        }
        self.keys_everywhere(cluster_id, minions, limit).await
    }

    /// Waits until every master of the cluster shows the accepted keys of these minions.
    pub async fn keys_everywhere(&self, cluster_id: &str, minions: &[String], limit: Duration) -> Result<()> {
        wait::until(&format!("every master of {cluster_id} to hold the keys"), limit, || async {
            let rows = self.key_matrix(cluster_id).await.map_err(|error| error.to_string())?;
            let rows: Vec<&MinionKeyRow> =
                rows.iter().filter(|row| minions.contains(&row.minion_id)).collect();
            let accepted =
                |row: &&MinionKeyRow| row.cells.iter().all(|one| one.state == KeyCellState::Accepted);
            if rows.len() == minions.len() && rows.iter().all(accepted) {
                Ok(())
            } else {
                Err(format!("{rows:?}"))
            }
        })
        .await
    }

    /// The keys of a cluster's minions.
    pub async fn key_matrix(&self, cluster_id: &str) -> Result<Vec<MinionKeyRow>> {
        let params = GetMinionKeyMatrixParams {
            cluster_id: Some(cluster_id.to_owned()),
            limit: -1,
            ..Default::default()
        };
        Ok(self.call::<GetMinionKeyMatrix>(&params).await?.results)
    }

    /// Asks the minions of a cluster how they are configured, and waits for the judgement.
    pub async fn check_minions(&self, cluster_id: &str, limit: Duration) -> Result<MinionCheck> {
        let params = CheckMinionsParams { cluster_id: cluster_id.to_owned() };
        let jid = self.call::<CheckMinions>(&params).await?.jid;
        wait::until(&format!("the minions of {cluster_id} to be checked"), limit, || async {
            let params = GetMinionChecksParams { cluster_id: cluster_id.to_owned() };
            let check = self.call::<GetMinionChecks>(&params).await.map_err(|error| error.to_string())?;
            if check.jid.as_ref() == Some(&jid) && !check.open {
                Ok(check)
            } else {
                Err(format!("{check:?}"))
            }
        })
        .await
    }

    /// One cluster as the console shows it.
    pub async fn cluster(&self, cluster_id: &str) -> Result<Cluster> {
        let params = GetClustersParams { cluster_id: Some(cluster_id.to_owned()), ..Default::default() };
        let page = self.call::<GetClusters>(&params).await?;
        match <[Cluster; 1]>::try_from(page.results) {
            Ok([cluster]) => Ok(cluster),
            Err(found) => bail!("{} clusters are called {cluster_id:?}", found.len()),
        }
    }

    /// Waits until the cluster has so many present masters and minions.
    pub async fn wait_present(
        &self,
        cluster_id: &str,
        masters: usize,
        minions: i64,
        limit: Duration,
    ) -> Result<Cluster> {
        wait::until(
            &format!("{masters} masters and {minions} minions of {cluster_id} to be present"),
            limit,
            || async {
                let cluster = self.cluster(cluster_id).await.map_err(|error| error.to_string())?;
                let up = cluster.masters.iter().filter(|master| master.status == Presence::Present).count();
                if up == masters && cluster.minions.present == minions {
                    return Ok(cluster);
                }
                let states: Vec<String> = cluster
                    .masters
                    .iter()
                    .map(|master| format!("{} {} ({})", master.master_id, master.status, master.reason))
                    .collect();
                Err(format!("{}; {:?}", states.join(", "), cluster.minions))
            },
        )
        .await
    }

    /// Minion → the master that it was last seen on.
    pub async fn whereabouts(&self, cluster_id: &str) -> Result<BTreeMap<String, String>> {
        let params = GetMinionPresenceParams {
            cluster_id: Some(cluster_id.to_owned()),
            separate_master_cluster_ids: Some(true),
            limit: -1,
            ..Default::default()
        };
        let page = self.call::<GetMinionPresence>(&params).await?;
        Ok(page.results.into_iter().map(|row| (row.minion, row.master.unwrap_or_default())).collect())
    }

    /// Sends a function to all minions of a cluster.
    pub async fn run(&self, cluster_id: &str, fun: &str, arguments: &[Value]) -> Result<Jid> {
        self.call::<RouteCmd>(&RouteCmdParams {
            cmd: Some(CommandKind::Local),
            fun: Some(fun.to_owned()),
            arg: positional(arguments),
            tgt: Some(BTreeMap::from([(cluster_id.to_owned(), RouteTarget::glob("*"))])),
            ..Default::default()
        })
        .await
    }

    /// Starts a runner on a cluster: on exactly one of its masters.
    pub async fn run_runner(&self, cluster_id: &str, fun: &str, arguments: &[Value]) -> Result<Jid> {
        self.call::<RouteCmd>(&RouteCmdParams {
            cmd: Some(CommandKind::Runner),
            fun: Some(fun.to_owned()),
            arg: positional(arguments),
            masters: Some(vec![cluster_id.to_owned()]),
            ..Default::default()
        })
        .await
    }

    /// The outcomes of a job as they are now.
    pub async fn outcomes(&self, jid: &Jid) -> Result<Vec<CmdDetail>> {
        let params = GetCmdDetailsParams {
            jid: jid.clone(),
            minion_id_exact: None,
            minion_id: None,
            master_id: None,
            has_errors: None,
            has_return: None,
            sort_by: Some(raas_api::cmd::CmdDetailSort::MinionId),
            reverse: false,
            page: None,
            limit: -1,
        };
        Ok(self.call::<GetCmdDetails>(&params).await?.results)
    }

    /// Waits until a job has `count` outcomes and all of them ended.
    pub async fn ended(&self, jid: &Jid, count: usize, limit: Duration) -> Result<Vec<CmdDetail>> {
        wait::until(&format!("{count} outcomes of {jid} to end"), limit, || async {
            let outcomes = self.outcomes(jid).await.map_err(|error| error.to_string())?;
            if outcomes.len() == count && outcomes.iter().all(|outcome| outcome.state.is_final()) {
                return Ok(outcomes);
            }
            Err(states_in_words(&outcomes))
        })
        .await
    }

    /// The same, but waits until late returns made every outcome a success.
    pub async fn all_succeeded_late(
        &self,
        jid: &Jid,
        count: usize,
        limit: Duration,
    ) -> Result<Vec<CmdDetail>> {
        wait::until(&format!("late returns of {jid}"), limit, || async {
            let outcomes = self.outcomes(jid).await.map_err(|error| error.to_string())?;
            let good =
                outcomes.len() == count && outcomes.iter().all(|one| one.state == OutcomeState::Succeeded);
            if good { Ok(outcomes) } else { Err(states_in_words(&outcomes)) }
        })
        .await
    }

    /// The same, and every outcome must be a success.
    pub async fn all_succeeded(&self, jid: &Jid, count: usize, limit: Duration) -> Result<Vec<CmdDetail>> {
        let outcomes = self.ended(jid, count, limit).await?;
        match outcomes.iter().find(|outcome| outcome.state != OutcomeState::Succeeded) {
            Some(bad) => bail!("{jid}: {} is {} ({})", bad.minion_id, bad.state, bad.reason),
            None => Ok(outcomes),
        }
    }
}

fn states_in_words(outcomes: &[CmdDetail]) -> String {
    let states: Vec<String> =
        outcomes.iter().map(|one| format!("{} {} ({})", one.minion_id, one.state, one.reason)).collect();
    format!("{} outcomes: {}", states.len(), states.join(", "))
}

fn positional(arguments: &[Value]) -> Option<RouteCmdArg> {
    (!arguments.is_empty()).then(|| RouteCmdArg { arg: Some(arguments.to_vec()), kwarg: None })
}
