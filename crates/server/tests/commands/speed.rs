//! A job does not wait for anybody's next look: the held call of its master is answered by it.

use std::time::{Duration, Instant};

use raas_wire::ClusterKind::Failover;

use super::{hands::cluster, watch::send};
use crate::support::{Server, until};

async fn last_call(server: &Server) -> Option<jiff::Timestamp> {
    let client = server.db.db().client().await.unwrap();
    raas_db::master::by_id(&client, "m1").await.unwrap().unwrap().last_call_at
}

#[tokio::test]
async fn a_held_call_is_answered_by_the_job_and_not_by_the_clock() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], &[("w1", &["m1"])]).await;
    let mut times = Vec::new();
    for _ in 0..20 {
        let before = last_call(&server).await;
        let held = m1.plugin.commands(60_000);
        let sent = async {
            until("the call has come in", async || {
                if last_call(&server).await > before { Ok(()) } else { Err("not yet".to_owned()) }
            })
            .await;
            let start = Instant::now();
            send(&server, "eu-web", "*").await;
            start
        };
        let (work, start) = tokio::join!(held, sent);
        let took = start.elapsed();
        let work = work.unwrap();
        assert_eq!(work.len(), 1, "{work:?}");
        times.push(took);
        let raas_wire::Work::Publish(publish) = &work[0] else { panic!("{work:?}") };
        m1.published(publish, &["w1"]).await;
    }
    times.sort();
    println!("API call to work in the plugin's hands: p50 {:?}, worst {:?}", times[10], times[19]);
    assert!(times[10] < Duration::from_secs(1), "{times:?}");
    server.stop().await;
}
