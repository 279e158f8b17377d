//! Facts → plan: the parts of a command, one per entity named, in the words of the routing rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use raas_api::{Disposition, cmd::RouteTarget};
use raas_cluster::routing::{ClusterFacts, LocalRequest, Plan, RunRequest, plan_local, plan_run};
use raas_db::{Client, routing as db};
use raas_wire::ClusterKind;
use uuid::Uuid;

use super::{
    reach::{is_cluster, master_of, means, reach},
    request::{Request, Wanted},
    resolve::{Wish, Words as _},
};
use crate::{
    Ctx, RpcError,
    job::some_of,
    routing::{self, Expiry, Known, NotSeen},
};

/// What will be done.
#[derive(Clone, Debug, Default)]
pub(in crate::rpc::cmd) struct Planned {
    pub(in crate::rpc::cmd) parts: Vec<Part>,
    pub(in crate::rpc::cmd) warnings: Vec<String>,
    /// Ids of the masters that deliveries go to.
    pub(in crate::rpc::cmd) master_ids: HashMap<Uuid, String>,
}

/// What will be done in one cluster for one entity of the request.
#[derive(Clone, Debug)]
pub(in crate::rpc::cmd) struct Part {
    pub(in crate::rpc::cmd) cluster_id: String,
    pub(in crate::rpc::cmd) kind: ClusterKind,
    /// As masters get it; none for a runner or wheel.
    pub(in crate::rpc::cmd) target: Option<RouteTarget>,
    /// The server could decide for every minion it knows.
    pub(in crate::rpc::cmd) resolved: bool,
    pub(in crate::rpc::cmd) plan: Plan,
    /// Of a run on one master: present minions that it does not see.
    pub(in crate::rpc::cmd) not_seen: NotSeen,
}

/// How many ids a plan names at most, of each kind.
pub(in crate::rpc::cmd) const NAMED: u16 = 1000;

/// Plans a request.
pub(super) async fn plan(ctx: &Ctx, client: &Client, request: &Request) -> Result<Planned, RpcError> {
    let expiry = Expiry::of(&ctx.state.config);
    let names = request.names();
    let count = matches!(request.wanted, Wanted::Run { .. });
    let known = routing::clusters(client, names.as_deref(), count, ctx.now(), expiry).await?;
    named(&known, names.as_deref())?;
    let mut planned = match &request.wanted {
        Wanted::Local(tgt) => local(ctx, client, &known, tgt).await?,
        Wanted::Run { masters, disposition, .. } => run(&known, masters, disposition),
    };
    if let Wanted::Run { disposition, .. } = &request.wanted
        && !disposition.contains(&Disposition::AllInCluster)
    {
        not_seen(ctx, client, &known, &mut planned, expiry).await?;
    }
    if let Wanted::Run { .. } = request.wanted
        && changes_keys(&request.fun)
        && known.iter().any(|cluster| cluster.facts.masters.len() > 1)
    {
        planned.warnings.push(format!(
            "{:?} changes keys on the master that runs it only; accept the key with minions.set_minion_key_state (raas keys) to have it on all of them",
            request.fun
        ));
    }
    for cluster in &known {
        planned.master_ids.extend(cluster.facts.masters.iter().map(|m| (m.master_uuid, m.master_id.clone())));
    }
    Ok(planned)
}

/// Wheel functions that change keys, apart from those that are the cluster key act (`key_wheel`).
fn changes_keys(fun: &str) -> bool {
    fun.strip_prefix("key.").is_some_and(|act| act.starts_with("gen_accept"))
}

/// Every name must mean something.
pub(in crate::rpc::cmd) fn named(known: &[Known], names: Option<&[String]>) -> Result<(), RpcError> {
    let Some(names) = names else {
        if known.is_empty() {
            return Err(RpcError::NotFound(
                "there is no accepted master yet: accept one with master.set_master_key_state".to_owned(),
            ));
        }
        return Ok(());
    };
    let unknown: Vec<String> = names
        .iter()
        .filter(|name| !known.iter().any(|c| means(c, name)))
        .map(|name| format!("{name:?}"))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(RpcError::NotFound(format!(
        "there is no accepted master and no cluster called {}",
        unknown.join(" or ")
    )))
}

async fn local(
    ctx: &Ctx,
    client: &Client,
    known: &[Known],
    tgt: &BTreeMap<String, RouteTarget>,
) -> Result<Planned, RpcError> {
    let reached = reach(ctx, client, known, tgt).await?;
    let mut planned = Planned::default();
    for part in reached.parts {
        let ((name, wish), cluster) = (&reached.wishes[part.wish], &known[part.cluster]);
        let request = LocalRequest {
            minions: part.resolved.minions,
            resolved: part.resolved.surely,
            as_list: false,
            only_masters: part.master.map(|master| vec![master]),
            second_copies: ctx.state.config.jobs.second_copy_s > 0,
        };
        let surely = request.resolved;
        planned.add((name, wish), cluster, plan_local(&cluster.facts, &request), surely);
    }
    planned.each_minion_once();
    for (name, wish) in &reached.wishes {
        planned
            .warnings
            .extend(wish.left_to_salt().into_iter().map(|why| format!("target of {name:?}: {why}")));
        let of_name = |row: &&db::MinionRow| {
            known.iter().any(|c| c.facts.cluster_id == row.cluster_id && means(c, name))
        };
        planned.warnings.extend(nobody_called(name, wish, reached.rows.iter().filter(of_name)));
    }
    Ok(planned)
}

/// Whom a list names and the server does not know: it expects no answer of them, and says so.
fn nobody_called<'a>(
    name: &str,
    wish: &Wish<'_>,
    rows: impl Iterator<Item = &'a db::MinionRow>,
) -> Option<String> {
    let there: BTreeSet<&str> = rows.map(|row| row.minion_id.as_str()).collect();
    let (known, unknown): (Vec<&str>, Vec<&str>) =
        wish.listed()?.map(String::as_str).partition(|id| there.contains(id));
    // When all are unknown the target matches nothing, which is said already.
    let some = !unknown.is_empty() && !known.is_empty();
    let place = if name == "*" { "any cluster".to_owned() } else { format!("{name:?}") };
    some.then(|| {
        format!(
            "no minion of {place} is called {}: no answer is expected of it",
            some_of(unknown.into_iter())
        )
    })
}

fn run(known: &[Known], masters: &[String], disposition: &[Disposition]) -> Planned {
    let mut entities: Vec<(String, ClusterFacts)> = Vec::new();
    for name in masters {
        for cluster in known {
            if is_cluster(cluster, name) {
                entities.push((cluster.facts.cluster_id.clone(), cluster.facts.clone()));
            } else if let Some(master) = master_of(cluster, name) {
                let mut facts = cluster.facts.clone();
                facts.masters.retain(|m| m.master_uuid == master);
                entities.push((name.clone(), facts));
            }
        }
    }
    let home: HashMap<String, (String, ClusterKind)> =
        entities.iter().map(|(name, facts)| (name.clone(), (facts.cluster_id.clone(), facts.kind))).collect();
    let mut planned = Planned::default();
    for (name, plan) in plan_run(&RunRequest { entities, disposition: disposition.to_vec() }) {
        planned.warnings.extend(plan.warnings.iter().cloned());
        let (cluster_id, kind) = home.get(&name).cloned().unwrap_or((name, ClusterKind::Single));
        let not_seen = NotSeen::default();
        planned.parts.push(Part { cluster_id, kind, target: None, resolved: true, plan, not_seen });
    }
    planned.each_minion_once();
    planned
}

/// Names the minions that a run on one master of a cluster does not see.
async fn not_seen(
    ctx: &Ctx,
    client: &Client,
    known: &[Known],
    planned: &mut Planned,
    expiry: Expiry,
) -> Result<(), RpcError> {
    let at = (ctx.now(), expiry);
    for part in &mut planned.parts {
        let facts = known.iter().map(|k| &k.facts).find(|facts| facts.cluster_id == part.cluster_id);
        let Some(facts) = facts.filter(|facts| facts.masters.len() > 1) else { continue };
        for delivery in &part.plan.deliveries {
            let found = routing::not_seen(client, facts, delivery.master_uuid, at, NAMED.into()).await?;
            planned.warnings.extend(found.said.clone());
            part.not_seen = found;
        }
    }
    Ok(())
}

impl Planned {
    fn add(&mut self, (name, wish): (&str, &Wish<'_>), cluster: &Known, plan: Plan, resolved: bool) {
        let id = &cluster.facts.cluster_id;
        self.warnings.extend(plan.warnings.iter().cloned());
        if plan.outcomes.is_empty() && plan.warnings.is_empty() {
            let on = if is_cluster(cluster, name) { String::new() } else { format!(" on master {name:?}") };
            let rest = if plan.deliveries.is_empty() {
                ""
            } else {
                " that the server knows of; its masters are asked"
            };
            self.warnings
                .push(format!("target {} matched no minion of cluster {id:?}{on}{rest}", wish.asked.words()));
        }
        self.parts.push(Part {
            cluster_id: id.clone(),
            kind: cluster.facts.kind,
            target: Some(wish.published()),
            resolved,
            plan,
            not_seen: NotSeen::default(),
        });
    }

    /// Two entities may name the same minion: it counts once, and being reached counts more than not.
    fn each_minion_once(&mut self) {
        let mut seen = BTreeSet::new();
        let key = |cluster: &str, minion: &str| (cluster.to_owned(), minion.to_owned());
        for reached in [true, false] {
            for part in &mut self.parts {
                let cluster = part.cluster_id.clone();
                part.plan.outcomes.retain(|outcome| {
                    outcome.state.is_final() == reached || seen.insert(key(&cluster, &outcome.minion_id))
                });
            }
        }
    }
}
