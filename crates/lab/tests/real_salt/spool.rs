//! What the spool and the job cache save: whole values that the bus trims, and returns of a time without a bus.

use raas_api::Jid;
use raas_api::ret::{GetReturns, GetReturnsParams, Return};
use raas_lab::{Stage, tree};
use rustix::process::Signal;

use super::trace::Trace;
use super::{DB, MINIONS, PATIENCE, WEB, salt};

/// Larger than Salt's events may be.
const LARGE: usize = 2_000_000;

/// Minions of eu-db may send more than the bus carries, those of eu-web not even that.
pub(super) async fn a_trimmed_return_is_fetched_whole_or_marked(stage: &mut Stage) {
    let command = format!("head -c {LARGE} /dev/zero | tr '\\0' x");
    for (cluster, whole) in [(DB, true), (WEB, false)] {
        let trace = Trace::new(stage, &format!("large-{cluster}"));
        let jid = trace.job(stage, cluster, &command, 30).await;
        stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
        for one in returns(stage, &jid).await {
            assert_eq!(one.trimmed, !whole, "{cluster}: {}", one.minion_id);
            let length = one.ret.as_str().unwrap_or_default().len();
            assert_eq!(length == LARGE, whole, "{cluster}: {} has {length} bytes", one.minion_id);
        }
    }
}

async fn returns(stage: &Stage, jid: &Jid) -> Vec<Return> {
    let params = GetReturnsParams { jid: Some(jid.to_string()), ..Default::default() };
    stage.api.call::<GetReturns>(&params).await.unwrap().results
}

/// Salt's publisher of events is killed and started again by Salt: the bus ends and what passes meanwhile is not heard.
pub(super) async fn returns_of_a_time_without_a_bus_are_found_in_the_job_cache(stage: &mut Stage) {
    let trace = Trace::new(stage, "no-bus");
    let jid = trace.job(stage, WEB, "say begins; sleep 2", 5).await;
    trace.wait("begins", MINIONS).await;
    for number in [1, 2] {
        let master = stage.salt.cluster(WEB).unwrap().master(number);
        let bus = master.processes_of("EventPublisher");
        assert_eq!(bus.len(), 1, "{bus:?}");
        tree::signal(&bus, Signal::KILL);
        // 3008.5 starts it again in vain (`RuntimeError: This event loop is already running`), until the master is started anew.
        if salt().version().starts_with("3008") {
            master.restart().await.unwrap();
        }
    }
    stage.api.all_succeeded(&jid, MINIONS, PATIENCE).await.unwrap();
    let next = stage.api.run(WEB, "test.ping", &[]).await.unwrap();
    stage.api.all_succeeded(&next, MINIONS, PATIENCE).await.unwrap();
    stage.api.wait_present(WEB, 2, 3, PATIENCE).await.unwrap();
}
