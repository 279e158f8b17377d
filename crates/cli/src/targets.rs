//! `raas targets [list|minions|save|delete]`: saved target groups.

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use raas_api::{
    cmd::{RouteTarget, TargetText},
    tgt::{
        DeleteTargetGroup, DeleteTargetGroupParams, GetTargetGroup, GetTargetGroupMinions,
        GetTargetGroupMinionsParams, GetTargetGroupParams, SaveTargetGroup, SaveTargetGroupParams,
        TargetGroup, Uuids,
    },
};
use raas_client::Client;
use serde_json::json;

use crate::{
    door::Door,
    output::{done, say, show, warn},
};

/// What about target groups.
#[derive(Debug, Args)]
pub(crate) struct TargetsArgs {
    #[command(subcommand)]
    verb: Option<TargetsVerb>,
}

#[derive(Debug, Subcommand)]
enum TargetsVerb {
    /// All that you may see.
    List,
    /// Whom a group means now, by master.
    Minions {
        /// Its name.
        name: String,
    },
    /// Save a group, or change the one of this name.
    Save {
        /// Its name.
        name: String,
        /// Target expression.
        target: String,
        /// Salt's target type.
        #[arg(long = "type", short = 't', default_value = "compound")]
        tgt_type: String,
        /// Cluster or master ids; default all.
        #[arg(long, short)]
        cluster: Vec<String>,
        /// For people.
        #[arg(long)]
        desc: Option<String>,
    },
    /// Delete a group.
    Delete {
        /// Its name.
        name: String,
        /// Also the schedules that run on it.
        #[arg(long)]
        force: bool,
    },
}

pub(crate) async fn run(door: &Door, args: TargetsArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    match args.verb.unwrap_or(TargetsVerb::List) {
        TargetsVerb::List => list(door, &client).await?,
        TargetsVerb::Minions { name } => minions(door, &client, &name).await?,
        TargetsVerb::Save { name, target, tgt_type, cluster, desc } => {
            let places = if cluster.is_empty() { vec!["*".to_owned()] } else { cluster };
            let target = RouteTarget { tgt: TargetText::Text(target), tgt_type };
            let tgt: BTreeMap<String, RouteTarget> =
                places.into_iter().map(|place| (place, target.clone())).collect();
            let tgt_uuid = find(&client, &name).await?.map(|group| group.uuid);
            let params =
                SaveTargetGroupParams { tgt, name: Some(name.clone()), tgt_uuid, desc, ..Default::default() };
            let answer = client.call::<SaveTargetGroup>(&params).await?;
            warn(&answer.warnings);
            say(door.output, &format!("Target group {name} is saved ({}).", answer.ret))?;
            done(door.output, &json!({"name": name, "uuid": answer.ret}))?;
        }
        TargetsVerb::Delete { name, force } => {
            let tgt_uuid = Uuids::One(named(&client, &name).await?.uuid);
            client
                .call::<DeleteTargetGroup>(&DeleteTargetGroupParams { tgt_uuid, force: Some(force) })
                .await?;
            say(door.output, &format!("Target group {name} is deleted."))?;
            done(door.output, &json!({"deleted": [name]}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(door: &Door, client: &Client) -> anyhow::Result<()> {
    let params = GetTargetGroupParams { limit: -1, ..GetTargetGroupParams::default() };
    let groups = client.call::<GetTargetGroup>(&params).await?.ret.results;
    show(door.output, &groups, &["name", "target", "owner", "description"], || {
        let row = |group: &TargetGroup| {
            let owner = group.metadata.auth.owner.username.clone();
            vec![group.name.clone(), words(group), owner, group.desc.clone()]
        };
        groups.iter().map(row).collect()
    })
}

fn words(group: &TargetGroup) -> String {
    let one = |(place, target): (&String, &RouteTarget)| {
        let text = match &target.tgt {
            TargetText::Text(text) => text.clone(),
            TargetText::List(ids) => ids.join(","),
        };
        format!("{place}: {text} ({})", target.tgt_type)
    };
    group.tgt.iter().map(one).collect::<Vec<_>>().join("; ")
}

async fn minions(door: &Door, client: &Client, name: &str) -> anyhow::Result<()> {
    let tgt_uuid = Some(named(client, name).await?.uuid);
    let params = GetTargetGroupMinionsParams { tgt_uuid, tgt: None };
    let answer = client.call::<GetTargetGroupMinions>(&params).await?;
    warn(&answer.warnings);
    show(door.output, &answer.ret, &["master", "minion"], || {
        let of = |(master, ids): (&String, &Vec<String>)| {
            ids.iter().map(|id| vec![master.clone(), id.clone()]).collect::<Vec<_>>()
        };
        answer.ret.iter().flat_map(of).collect()
    })
}

/// The group of this name.
pub(crate) async fn named(client: &Client, name: &str) -> anyhow::Result<TargetGroup> {
    find(client, name)
        .await?
        .with_context(|| format!("there is no target group {name:?}: raas targets lists them"))
}

async fn find(client: &Client, name: &str) -> anyhow::Result<Option<TargetGroup>> {
    let params =
        GetTargetGroupParams { name: Some(name.to_owned()), limit: -1, ..GetTargetGroupParams::default() };
    let found = client.call::<GetTargetGroup>(&params).await?.ret.results;
    Ok(found.into_iter().find(|group| group.name == name))
}
