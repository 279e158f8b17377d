//! `conformance`: every method of the API called with what its schema allows and with what it does not, beside the public
//! catalogue; then broken calls. Each finding is one line; nothing here knows what a method is for.

mod cases;
mod catalogue;
mod malformed;
mod scene;
mod schemathesis;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use raas_lab::sim::Dice;
use raas_lab::{Api, Bins};
use serde_json::Value;

use crate::chaos::fleet::{Fleet, ROOT};
use crate::chaos::{self};
use cases::{Found, Subject};
use catalogue::Catalogue;
use values::Known;

/// Sections of `api.discover` that are no resources.
const NO_RESOURCE: &str = "constants";
/// Methods that do nothing but refuse.
const REFUSES: &str = "test.error";
/// Findings of one method that are shown.
const SHOWN: usize = 6;

/// What a run shall be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'a> {
    /// Decides what is left to chance.
    pub(crate) seed: u64,
    /// Broken calls.
    pub(crate) malformed: usize,
    /// Schemathesis, and the seconds it gets.
    pub(crate) schemathesis: Option<(&'a Path, u32)>,
}

/// Runs it. The exit code says whether nothing differs.
pub(crate) async fn run(bins: &Bins, options: Options<'_>) -> Result<ExitCode> {
    let seed = options.seed;
    let setting = chaos::Options { seed, seconds: 1, returns: 0, minions: 4, keep: false };
    let fleet = Fleet::set_up(bins, &setting).await.context("setting up")?;
    let api = fleet.api().await?;
    let known = scene::set(&api).await.context("setting the scene")?;
    let told = told(&api).await?;
    let catalogue = Catalogue::read()?;
    let mut good = report_missing(&catalogue, &told);
    good &= every_method(&api, &catalogue, &told, &known, seed).await?;
    good &= broken_calls(&fleet, &told, &known, options).await?;
    if let Some((program, seconds)) = options.schemathesis {
        let (url, token) = (fleet.door.url(), signed_in(&fleet).await?);
        good &= schemathesis::run(program, fleet.dir.path(), (&url, &token), seconds, options).await?;
    }
    good &= no_panic(&fleet)?;
    fleet.database.stop().await;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Methods as `api.discover` tells them, by `resource.method`.
pub(crate) async fn told(api: &Api) -> Result<BTreeMap<String, Value>> {
    let answer = api.raw("api", "discover", Value::Null).await?;
    let Value::Object(resources) = answer.ret else { bail!("api.discover tells nothing") };
    let mut all = BTreeMap::new();
    for (resource, methods) in resources.into_iter().filter(|(name, _)| name != NO_RESOURCE) {
        let Value::Object(methods) = methods else { continue };
        let methods = methods.into_iter().filter(|(_, told)| told.is_object());
        all.extend(methods.map(|(method, told)| (format!("{resource}.{method}"), told)));
    }
    Ok(all)
}

fn report_missing(catalogue: &Catalogue, told: &BTreeMap<String, Value>) -> bool {
    let relevant: BTreeSet<&str> = catalogue.relevant().collect();
    let missing: Vec<&str> = relevant.iter().copied().filter(|name| !told.contains_key(*name)).collect();
    let covered = relevant.len() - missing.len();
    println!("methods of the public catalogue: {covered} of {} are there", relevant.len());
    for (name, why) in &catalogue.left_out {
        println!("  left out: {name}: {why}");
    }
    let mut good = true;
    for name in missing {
        let expected = catalogue.not_yet.contains(name);
        good &= expected;
        println!("  {}: {name}", if expected { "not there yet" } else { "MISSING" });
    }
    for name in catalogue.not_yet.iter().filter(|name| told.contains_key(*name)) {
        good = false;
        println!("  {name} is there: take it out of not_yet");
    }
    good
}

async fn every_method(
    api: &Arc<Api>,
    catalogue: &Catalogue,
    told: &BTreeMap<String, Value>,
    known: &Known,
    seed: u64,
) -> Result<bool> {
    let (began, mut calls, mut good, mut differing) = (Instant::now(), 0, 0, 0);
    // What deletes comes last: it must not take away what others are asked about.
    let mut names: Vec<&String> = told.keys().collect();
    names.sort_by_key(|name| (scene::order(name), *name));
    for name in names {
        let subject = Subject {
            api,
            name,
            told: &told[name],
            named: catalogue.parameters(name),
            known,
            not_yet: catalogue.not_yet_of(name),
            refuses: name == REFUSES,
        };
        let found = subject.examine(&mut Dice::named(seed, name)).await;
        calls += found.calls;
        if found.differences.is_empty() {
            good += 1;
        } else {
            differing += 1;
            show(name, &found);
        }
    }
    let seconds = began.elapsed().as_secs_f32();
    println!("{calls} calls in {seconds:.0} s: {good} of {} methods do what they declare", told.len());
    Ok(differing == 0)
}

fn show(name: &str, found: &Found) {
    println!("{name}:");
    for difference in found.differences.iter().take(SHOWN) {
        println!("  {difference}");
    }
    let rest = found.differences.len().saturating_sub(SHOWN);
    if rest > 0 {
        println!("  and {rest} more");
    }
}

async fn broken_calls(
    fleet: &Fleet,
    told: &BTreeMap<String, Value>,
    known: &Known,
    options: Options<'_>,
) -> Result<bool> {
    let methods: Vec<(String, Value)> = told
        .iter()
        .filter(|(name, _)| scene::may_be_broken(name))
        .map(|(name, told)| (name.clone(), told["schema"].clone()))
        .collect();
    let (url, token) = (fleet.door.url(), signed_in(fleet).await?);
    let mut dice = Dice::named(options.seed, "broken");
    let wrong = malformed::send((&url, &token), &methods, known, options.malformed, &mut dice).await?;
    println!("{} broken calls: {} were the server's fault", options.malformed, wrong.len());
    for one in &wrong {
        println!("  {one}");
    }
    Ok(wrong.is_empty())
}

/// A new token: what was called so far may have ended the one before.
async fn signed_in(fleet: &Fleet) -> Result<String> {
    Api::login(&fleet.door.url(), ROOT.0, ROOT.1).await?.token().await
}

fn no_panic(fleet: &Fleet) -> Result<bool> {
    let mut good = true;
    for server in ["server-a", "server-b"] {
        let path = fleet.dir.path().join(server).join("raas.log");
        let log = std::fs::read_to_string(&path).with_context(|| format!("no log in {}", path.display()))?;
        for line in log.lines().filter(|line| line.contains("panicked at")) {
            good = false;
            println!("{server}: {line}");
        }
    }
    Ok(good)
}
