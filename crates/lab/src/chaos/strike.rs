//! Carrying out a fault and mending it again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context as _, Result};
use raas_lab::Process;
use raas_lab::proxy::Fault as LineFault;
use raas_lab::sim::minions::Order;
use raas_lab::tree;
use rustix::process::Signal;
use tokio::time::sleep;

use super::fleet::{Fleet, Master, Node};
use super::plan::{Fault, Step};

/// What a fault is called in the figures.
pub(crate) fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::KillServer(_) => "server kill -9",
        Fault::FreezeServer(_) => "server frozen",
        Fault::KillDatabase => "PostgreSQL kill -9",
        Fault::CutDatabase(_) => "database line cut",
        Fault::StallDatabase(_) => "database line stalled",
        Fault::DelayDatabase(_) => "database line slow",
        Fault::KillPlugin(_) => "plugin kill -9",
        Fault::FreezePlugin(_) => "plugin frozen",
        Fault::CutPlugin(_) => "plugin line cut",
        Fault::StallPlugin(_) => "plugin line stalled",
        Fault::DelayPlugin(_) => "plugin line slow",
        Fault::KillMaster(_) => "master and plugin kill -9",
        Fault::KillSalt(_) => "Salt alone kill -9",
        Fault::FreezeSalt(_) => "Salt frozen",
        Fault::HangUpBus(_) => "event bus closed",
        Fault::MoveMinions(_) => "minions moved",
    }
}

/// Does it, waits, and mends it. False: it could not be done, as its target was down already.
pub(crate) async fn strike(fleet: &Fleet, step: &Step) -> Result<bool> {
    let delay = LineFault::Delay(Duration::from_millis(step.measure));
    match step.fault {
        Fault::KillServer(n) => kill_server(&fleet.nodes[n], step.lasts).await,
        Fault::FreezeServer(n) => freeze_server(&fleet.nodes[n], step.lasts).await,
        Fault::KillDatabase => {
            fleet.database.kill().await;
            sleep(step.lasts).await;
            fleet.database.up().await.map(|()| true)
        }
        Fault::CutDatabase(n) => line(&fleet.nodes[n].line, LineFault::Cut, step.lasts).await,
        Fault::StallDatabase(n) => line(&fleet.nodes[n].line, LineFault::Stall, step.lasts).await,
        Fault::DelayDatabase(n) => {
            // Every statement waits twice: more would only make the run long.
            let delay = LineFault::Delay(Duration::from_millis(step.measure / 10));
            line(&fleet.nodes[n].line, delay, step.lasts).await
        }
        Fault::CutPlugin(n) => line(&master(fleet, n)?.line, LineFault::Cut, step.lasts).await,
        Fault::StallPlugin(n) => line(&master(fleet, n)?.line, LineFault::Stall, step.lasts).await,
        Fault::DelayPlugin(n) => line(&master(fleet, n)?.line, delay, step.lasts).await,
        Fault::KillPlugin(n) => Ok(signal_plugin(master(fleet, n)?, Signal::KILL)),
        Fault::FreezePlugin(n) => {
            let master = master(fleet, n)?;
            let frozen = master.plugin();
            tree::signal(frozen.as_slice(), Signal::STOP);
            sleep(step.lasts).await;
            tree::signal(frozen.as_slice(), Signal::CONT);
            Ok(frozen.is_some())
        }
        Fault::KillMaster(n) => kill_master(fleet, master(fleet, n)?, true, step.lasts).await,
        Fault::KillSalt(n) => kill_master(fleet, master(fleet, n)?, false, step.lasts).await,
        Fault::FreezeSalt(n) => freeze_salt(master(fleet, n)?, step.lasts).await,
        Fault::HangUpBus(n) => {
            let (cluster, place) = fleet.place_of(n).context("no such master")?;
            cluster.minions.tell(Order::HangUp(place));
            Ok(true)
        }
        Fault::MoveMinions(n) => {
            fleet.clusters[n].minions.tell(Order::Shuffle(step.measure));
            Ok(true)
        }
    }
}

fn master(fleet: &Fleet, n: usize) -> Result<&Arc<Master>> {
    fleet.masters().get(n).copied().context("no such master")
}

async fn line(line: &raas_lab::FaultyProxy, fault: LineFault, lasts: Duration) -> Result<bool> {
    line.set(fault);
    sleep(lasts).await;
    line.set(LineFault::Pass);
    Ok(true)
}

async fn kill_server(node: &Node, lasts: Duration) -> Result<bool> {
    if node.down.swap(true, Ordering::Relaxed) {
        return Ok(false);
    }
    if let Some(process) = node.server.lock().await.process() {
        process.kill_tree();
    }
    sleep(lasts).await;
    node.down.store(false, Ordering::Relaxed);
    Ok(true)
}

async fn freeze_server(node: &Node, lasts: Duration) -> Result<bool> {
    if node.down.load(Ordering::Relaxed) {
        return Ok(false);
    }
    if let Some(process) = node.server.lock().await.process() {
        process.freeze();
    }
    sleep(lasts).await;
    if let Some(process) = node.server.lock().await.process() {
        process.thaw();
    }
    Ok(true)
}

fn signal_plugin(master: &Master, signal: Signal) -> bool {
    let plugin = master.plugin();
    tree::signal(plugin.as_slice(), signal);
    plugin.is_some()
}

/// Salt alone, or with its plugin, as when the machine dies.
async fn kill_master(fleet: &Fleet, master: &Master, plugin_too: bool, lasts: Duration) -> Result<bool> {
    {
        let mut process = master.process.lock().await;
        let Some(running) = running(&mut process) else { return Ok(false) };
        if plugin_too {
            running.kill_tree();
        } else {
            running.kill_main_only()?;
        }
        // Dropping it would kill an orphaned plugin, which shall end by itself.
        if let Some(process) = process.take() {
            process.leave();
        }
    }
    sleep(lasts).await;
    fleet.start_master(master).await?;
    Ok(true)
}

fn running(process: &mut Option<Process>) -> Option<&mut Process> {
    process.as_mut().and_then(|process| if process.runs() { Some(process) } else { None })
}

async fn freeze_salt(master: &Master, lasts: Duration) -> Result<bool> {
    let pid = running(&mut *master.process.lock().await).map(|process| process.pid());
    tree::signal(pid.as_slice(), Signal::STOP);
    sleep(lasts).await;
    tree::signal(pid.as_slice(), Signal::CONT);
    Ok(pid.is_some())
}

/// Everything runs and every line passes.
pub(crate) async fn mend_all(fleet: &Fleet) -> Result<()> {
    fleet.database.up().await?;
    for node in &fleet.nodes {
        node.line.set(LineFault::Pass);
        node.down.store(false, Ordering::Relaxed);
        if let Some(process) = node.server.lock().await.process() {
            process.thaw();
        }
    }
    for master in fleet.masters() {
        master.line.set(LineFault::Pass);
        tree::signal(master.plugin().as_slice(), Signal::CONT);
        fleet.start_master(master).await?;
        let pid = master.process.lock().await.as_mut().map(|process: &mut Process| process.pid());
        tree::signal(pid.as_slice(), Signal::CONT);
    }
    Ok(())
}
