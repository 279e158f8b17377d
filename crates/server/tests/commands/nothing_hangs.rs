//! Whatever masters do or leave undone: an outcome that is open has a deadline, and everything ends.

use std::collections::BTreeSet;

use jiff::{SignedDuration, tz::TimeZone};
use raas_api::Jid;
use raas_db::outcome;
use raas_wire::{ClusterKind::Failover, HandBack, Report, ReturnSource, Work};
use serde_json::json;

use super::{
    hands::{Master, a_return, answer, cluster, publication},
    watch::{details, pass, run, send, status, wake},
};
use crate::support::{Server, until};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"]), ("w3", &["m2"])];

/// A sequence that can be repeated (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Open outcomes, and those of them that have a deadline.
async fn open_and_timed(server: &Server, jid: &Jid) -> (BTreeSet<String>, BTreeSet<String>) {
    let client = server.db.db().client().await.unwrap();
    let in_a_year = server.now() + SignedDuration::from_hours(365 * 24);
    let day = server.now().to_zoned(TimeZone::UTC).date();
    let open = outcome::open(&client, day, "eu-web", jid.as_str(), None).await.unwrap();
    let due = outcome::due(&client, in_a_year, Some(&[jid.to_string()]), 1000).await.unwrap();
    (open.into_iter().map(|o| o.minion_id).collect(), due.into_iter().map(|d| d.minion_id).collect())
}

/// What a master does with a piece of work: the right thing, another thing, or nothing.
async fn does(master: &Master, work: &Work, jid: &Jid, dice: &mut Dice) {
    let whys = [
        HandBack::TooLate,
        HandBack::Refused,
        HandBack::Unreachable,
        HandBack::Unanswered,
        HandBack::NotClaimed,
    ];
    let named: Vec<&str> = ["w1", "w2", "w3"].into_iter().filter(|_| dice.below(2) == 0).collect();
    match (work, dice.below(4)) {
        (_, 0) | (Work::Ping(_) | Work::Keys(_), _) => {}
        (Work::Publish(_) | Work::Run(_), 1) => {
            let why = whys[usize::try_from(dice.below(5)).unwrap()];
            master.hands_back(work.delivery_id(), why).await;
        }
        (Work::Publish(publish), _) => {
            let mut reports = vec![Report::Published(publication(publish, &named))];
            let returning = named.iter().filter(|_| dice.below(2) == 0);
            reports.extend(returning.map(|id| a_return(jid, id, json!(true), ReturnSource::Bus)));
            master.plugin.report(reports).await;
        }
        (Work::Run(run), what) => {
            if master.plugin.claim(run.delivery_id, Server::uuid()).await.unwrap().go && what == 2 {
                master.starts(run).await;
            }
        }
        (Work::Ask(ask), _) => {
            let said = answer(ask, |said| {
                for id in &ask.minions {
                    match dice.below(8) {
                        0 => said.running.push(id.clone()),
                        1..4 => said.silent.push(id.clone()),
                        4 => said.not_found.push(id.clone()),
                        5 => said.found.push(id.clone()),
                        _ => {}
                    }
                }
            });
            master.plugin.report([said]).await;
        }
    }
}

#[tokio::test]
async fn every_open_outcome_has_a_deadline_and_every_command_ends() {
    for seed in 1..=4_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let server = Server::configured(|config| config.jobs.run_timeout_s = 120).await;
        let masters = cluster(&server, Failover, ["m1", "m2"], MINIONS).await;
        let jids = [send(&server, "eu-web", "*").await, run(&server, "eu-web").await];
        for _ in 0..40 {
            for master in masters.iter().filter(|_| dice.below(4) > 0).collect::<Vec<_>>() {
                for work in master.take().await {
                    does(master, &work, &jids[usize::from(matches!(work, Work::Run(_)))], &mut dice).await;
                }
            }
            pass(&server, i64::try_from(dice.below(20)).unwrap(), &[]).await;
            wake(&server).await;
            for jid in &jids {
                // Read twice when the reconciler changed something between the two reads.
                until(&format!("seed {seed}: whatever is open has a deadline"), async || {
                    let (open, timed) = open_and_timed(&server, jid).await;
                    if open == timed {
                        Ok(())
                    } else {
                        Err(format!("open {open:?}, with a deadline {timed:?}"))
                    }
                })
                .await;
            }
        }
        for jid in &jids {
            until(&format!("seed {seed}: {jid} ends"), async || {
                pass(&server, 30, &[]).await;
                let status = status(&server, jid).await;
                if status.done {
                    Ok(())
                } else {
                    Err(format!("{status:?} {:?}", details(&server, jid).await))
                }
            })
            .await;
        }
        server.stop().await;
    }
}
