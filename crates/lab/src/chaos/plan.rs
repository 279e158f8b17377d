//! Which faults come when: drawn from the seed before anything starts, so that the same seed decides the same.

use std::time::Duration;

use raas_lab::sim::Dice;

/// What is done to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// SIGKILL to a server.
    KillServer(usize),
    /// SIGSTOP to a server.
    FreezeServer(usize),
    /// SIGKILL to PostgreSQL and all its children.
    KillDatabase,
    /// The connections of a server to PostgreSQL are closed, and new ones refused.
    CutDatabase(usize),
    /// They stand still.
    StallDatabase(usize),
    /// Every piece waits.
    DelayDatabase(usize),
    /// SIGKILL to a plugin; Salt starts it again.
    KillPlugin(usize),
    /// SIGSTOP to a plugin.
    FreezePlugin(usize),
    /// A plugin's connections to the servers are closed, and new ones refused.
    CutPlugin(usize),
    /// They stand still.
    StallPlugin(usize),
    /// Every piece waits.
    DelayPlugin(usize),
    /// SIGKILL to a master, its plugin too.
    KillMaster(usize),
    /// SIGKILL to a master's Salt alone.
    KillSalt(usize),
    /// SIGSTOP to a master's Salt alone.
    FreezeSalt(usize),
    /// Salt closes its event bus.
    HangUpBus(usize),
    /// Minions move to another master.
    MoveMinions(usize),
}

/// One fault with its time and how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// After the start.
    pub(crate) at: Duration,
    /// What.
    pub(crate) fault: Fault,
    /// Until it is mended.
    pub(crate) lasts: Duration,
    /// For what has a measure: milliseconds of delay, percent of minions.
    pub(crate) measure: u64,
}

/// How much there is to break.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Targets {
    /// Servers.
    pub(crate) servers: usize,
    /// Masters, of all clusters.
    pub(crate) masters: usize,
    /// Clusters.
    pub(crate) clusters: usize,
}

type Kind = fn(usize) -> Fault;

/// Each kind with what it can hit. All come before one comes again.
fn kinds(targets: Targets) -> Vec<(Kind, usize)> {
    let Targets { servers, masters, clusters } = targets;
    vec![
        (Fault::KillServer, servers),
        (Fault::KillServer, servers),
        (Fault::FreezeServer, servers),
        (|_| Fault::KillDatabase, 1),
        (Fault::CutDatabase, servers),
        (Fault::StallDatabase, servers),
        (Fault::DelayDatabase, servers),
        (Fault::KillPlugin, masters),
        (Fault::KillPlugin, masters),
        (Fault::KillPlugin, masters),
        (Fault::FreezePlugin, masters),
        (Fault::CutPlugin, masters),
        (Fault::CutPlugin, masters),
        (Fault::StallPlugin, masters),
        (Fault::DelayPlugin, masters),
        (Fault::KillMaster, masters),
        (Fault::KillSalt, masters),
        (Fault::FreezeSalt, masters),
        (Fault::HangUpBus, masters),
        (Fault::MoveMinions, clusters),
    ]
}

/// The faults of a run of this length.
pub(crate) fn draw(seed: u64, length: Duration, targets: Targets) -> Vec<Step> {
    let mut dice = Dice::named(seed, "faults");
    // A short run has them closer together, so that each kind comes.
    let kinds = kinds(targets);
    let pause = (length.as_millis() / (kinds.len() as u128 + 2)).clamp(400, 3000);
    let pause = u64::try_from(pause).unwrap_or(3000);
    let (mut steps, mut bag, mut at) = (Vec::new(), Vec::new(), dice.ms(0, pause));
    while at < length {
        if bag.is_empty() {
            bag.clone_from(&kinds);
            dice.shuffle(&mut bag);
        }
        let Some((kind, count)) = bag.pop() else { break };
        let fault = kind(dice.below(count));
        let lasts = lasts(&mut dice, fault, length);
        let measure = if matches!(fault, Fault::MoveMinions(_)) {
            10 + dice.throw() % 60
        } else {
            10 + dice.throw() % 300
        };
        steps.push(Step { at, fault, lasts, measure });
        at += dice.ms(pause / 2, pause + pause / 2);
    }
    steps
}

fn lasts(dice: &mut Dice, fault: Fault, length: Duration) -> Duration {
    // Now and then long enough that masters are lost and deliveries run out of time.
    let long = dice.percent(15) && length > Duration::from_secs(100);
    let (from, to) = match fault {
        Fault::KillDatabase => (100, 3000),
        Fault::HangUpBus(_) | Fault::MoveMinions(_) | Fault::KillPlugin(_) => (0, 1),
        _ if long => (10_000, 30_000),
        _ => (200, 6000),
    };
    dice.ms(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGETS: Targets = Targets { servers: 2, masters: 4, clusters: 2 };

    #[test]
    fn a_seed_repeats_its_faults_and_another_has_others() {
        let length = Duration::from_secs(60);
        assert_eq!(draw(1, length, TARGETS), draw(1, length, TARGETS));
        assert_ne!(draw(1, length, TARGETS), draw(2, length, TARGETS));
    }

    #[test]
    fn a_short_run_has_every_kind() {
        let steps = draw(3, Duration::from_secs(30), TARGETS);
        let kinds: std::collections::HashSet<_> =
            steps.iter().map(|step| std::mem::discriminant(&step.fault)).collect();
        assert!(kinds.len() >= 14, "{} kinds in {} faults", kinds.len(), steps.len());
        assert!(steps.iter().all(|step| step.at < Duration::from_secs(30)));
    }
}
