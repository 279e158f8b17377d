//! Presence of minions from evidence: ordered by the time of the event, never present without fresh evidence.

use jiff::SignedDuration;
use raas_api::{
    Presence,
    minions::{
        GetMinionCache, GetMinionCacheParams, GetMinionPresence, GetMinionPresenceParams, MinionCacheSort,
        MinionLink, MinionPresence, MinionPresenceSort,
    },
};
use raas_wire::{ClusterKind, Evidence, Grains, Report};
use serde_json::json;

use super::{accepted, minion, pinged, seen};
use crate::support::{Plugin, Server};

fn grains(minion_id: &str, value: &serde_json::Value) -> Report {
    Report::Grains(Grains { minion_id: minion_id.to_owned(), grains: value.into() })
}

#[tokio::test]
async fn a_minion_is_where_it_was_last_seen_by_the_time_of_the_event() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let ago = |seconds| server.now().checked_sub(SignedDuration::from_secs(seconds)).unwrap();
    m1.report([accepted(&["web1"]), seen(&["web1"], Evidence::Start, ago(20))]).await;
    m2.report([accepted(&["web1"]), seen(&["web1"], Evidence::Auth, ago(10))]).await;
    assert_eq!(minion(&server, "web1").await.master.as_deref(), Some("m2"), "it moved");
    m1.report([seen(&["web1"], Evidence::Return, ago(15))]).await;
    let web1 = minion(&server, "web1").await;
    assert_eq!(
        (web1.master.as_deref(), web1.evidence.as_deref()),
        (Some("m2"), Some("auth")),
        "an old spooled event"
    );
    assert_eq!(web1.status, Presence::Present);
    m1.report([pinged(&m1, &[], &["web1"])]).await;
    assert_eq!(
        minion(&server, "web1").await.status,
        Presence::Present,
        "its silence on the master it left says nothing"
    );
    m2.report([pinged(&m2, &[], &["web1"])]).await;
    assert_eq!(minion(&server, "web1").await.status, Presence::Lost);
    server.stop().await;
}

#[tokio::test]
async fn times_are_corrected_for_the_skew_of_the_master() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let m1 = Plugin { skew: 600, ..m1 }; // ten minutes ahead
    m1.beat().await.unwrap();
    m1.report([accepted(&["web1"]), seen(&["web1"], Evidence::Start, m1.now())]).await;
    let web1 = minion(&server, "web1").await;
    assert!(web1.age_s.unwrap() < 20 && web1.timestamp.unwrap() <= server.now(), "{web1:?}");
    m2.report([accepted(&["web1"]), seen(&["web1"], Evidence::Start, m2.now())]).await;
    assert_eq!(
        minion(&server, "web1").await.master.as_deref(),
        Some("m2"),
        "the later event, whatever m1's clock says"
    );
    server.stop().await;
}

#[tokio::test]
async fn stale_evidence_or_a_lost_master_make_a_minion_unknown() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Failover, ["m1"]).await;
    m1.report([accepted(&["web1"]), pinged(&m1, &["web1"], &[])]).await;
    server.clock.advance(26);
    assert_eq!(minion(&server, "web1").await.status, Presence::Unknown, "its master is lost");
    m1.beat().await.unwrap();
    assert_eq!(minion(&server, "web1").await.status, Presence::Present);
    server.clock.advance(750);
    m1.beat().await.unwrap();
    let web1 = minion(&server, "web1").await;
    assert_eq!(web1.status, Presence::Unknown, "nothing was heard of it for too long");
    assert!(web1.age_s.unwrap() >= 776, "{web1:?}");
    m1.report([pinged(&m1, &["web1"], &[])]).await;
    assert_eq!(minion(&server, "web1").await.status, Presence::Present);
    server.stop().await;
}

/// A minion that died without a word, of which nobody says that it is silent: the worst case.
#[tokio::test]
async fn a_minion_that_died_is_never_called_present_once_the_configured_time_is_over() {
    let server = Server::configured(|config| config.presence.minion_expiry_s = 120).await;
    for (id, kind) in [("eu", ClusterKind::Failover), ("hot", ClusterKind::Hot)] {
        let masters = [format!("{id}-m1"), format!("{id}-m2")];
        let [m1, m2] = server.cluster(id, kind, [&masters[0], &masters[1]]).await;
        for master in [&m1, &m2] {
            master.report([accepted(&["dead", "alive"])]).await;
        }
        m1.report([pinged(&m1, &["dead", "alive"], &[])]).await;
        assert_eq!(shown_present(&server, id).await, ["alive", "dead"]);
        for _ in 0..7 {
            server.clock.advance(20);
            for master in [&m1, &m2] {
                master.beat().await.unwrap();
            }
            m1.report([seen(&["alive"], Evidence::Return, m1.now())]).await;
        }
        assert_eq!(shown_present(&server, id).await, ["alive"]);
        let dead = found(&server, id, "dead").await;
        assert_eq!(dead.status, Presence::Unknown, "{dead:?}");
        assert!(dead.links.unwrap().iter().all(|link| link.status == Presence::Unknown));

        m1.report([pinged(&m1, &["alive"], &["dead"])]).await;
        assert_eq!(
            found(&server, id, "dead").await.status,
            Presence::Lost,
            "it was asked, and did not answer"
        );
        assert_eq!(shown_present(&server, id).await, ["alive"]);
    }
    server.stop().await;
}

async fn found(server: &Server, cluster_id: &str, minion: &str) -> MinionPresence {
    let params = GetMinionPresenceParams {
        cluster_id: Some(cluster_id.to_owned()),
        minion_id: Some(minion.to_owned()),
        include_links: Some(true),
        ..GetMinionPresenceParams::default()
    };
    server.call::<GetMinionPresence>(&params).await.results.remove(0)
}

/// Who is called present, by the list, by the filter, on the links, and by the counts, which must agree.
async fn shown_present(server: &Server, cluster_id: &str) -> Vec<String> {
    let all = GetMinionPresenceParams {
        cluster_id: Some(cluster_id.to_owned()),
        include_links: Some(true),
        ..GetMinionPresenceParams::default()
    };
    let only = GetMinionPresenceParams { status: Some(Presence::Present), ..all.clone() };
    let rows = server.call::<GetMinionPresence>(&all).await.results;
    let ids = |rows: &[MinionPresence], is: fn(&MinionPresence) -> bool| {
        rows.iter().filter(|row| is(row)).map(|row| row.minion.clone()).collect::<Vec<String>>()
    };
    let listed = ids(&rows, |row| row.status == Presence::Present);
    let linked = ids(&rows, |row| row.links.iter().flatten().any(|link| link.status == Presence::Present));
    let filtered = ids(&server.call::<GetMinionPresence>(&only).await.results, |_| true);
    assert_eq!((&filtered, &linked), (&listed, &listed));
    let cluster = super::cluster(server, cluster_id).await;
    let on_masters: i64 = cluster.masters.iter().map(|master| master.minions).sum();
    let count = i64::try_from(listed.len()).unwrap();
    assert_eq!((cluster.minions.present, on_masters), (count, count));
    listed
}

#[tokio::test]
async fn a_hot_minion_has_a_link_to_every_master_that_saw_it() {
    let server = Server::start().await;
    let [h1, h2] = server.cluster("hot", ClusterKind::Hot, ["h1", "h2"]).await;
    for master in [&h1, &h2] {
        master.report([accepted(&["web1"]), seen(&["web1"], Evidence::Start, master.now())]).await;
    }
    h1.report([pinged(&h1, &["web1"], &[])]).await;
    let links = async || {
        let links = found(&server, "hot", "web1").await.links.unwrap();
        let link = |link: &MinionLink| {
            format!("{} {} {}", link.master_id, link.status, link.evidence.as_deref().unwrap_or("-"))
        };
        links.iter().map(link).collect::<Vec<_>>()
    };
    assert_eq!(links().await, ["h1 present ping", "h2 present start"]);
    h2.report([pinged(&h2, &[], &["web1"])]).await;
    assert_eq!(links().await, ["h1 present ping", "h2 lost start"]);
    h1.report([seen(&["web1"], Evidence::Start, h1.now())]).await;
    h2.report([pinged(&h2, &["web1"], &[])]).await;
    assert_eq!(links().await, ["h1 present start", "h2 present ping"]);
    h1.report([seen(&["web1"], Evidence::Start, h1.now())]).await;
    assert_eq!(links().await, ["h1 present start", "h2 unknown ping"], "it began anew, and may hold h1 only");
    server.clock.advance(30);
    h2.beat().await.unwrap();
    assert_eq!(links().await, ["h1 unknown start", "h2 unknown ping"], "h1 is lost");
    server.stop().await;
}

/// What may be asked for, and what is found of the fleet of the story below.
fn searches() -> Vec<(GetMinionPresenceParams, (i64, &'static str))> {
    let all = GetMinionPresenceParams::default();
    let text = |text: &str| Some(text.to_owned());
    vec![
        (all.clone(), (4, "eu/db_1 eu/web1 lone/web1 eu/web2")),
        (
            GetMinionPresenceParams { minion_id: text("web*"), ..all.clone() },
            (3, "eu/web1 lone/web1 eu/web2"),
        ),
        (GetMinionPresenceParams { minion_id: text("db?1"), ..all.clone() }, (1, "eu/db_1")),
        (GetMinionPresenceParams { minion_id: text("%"), ..all.clone() }, (0, "")),
        (GetMinionPresenceParams { cluster_id: text("lone"), ..all.clone() }, (1, "lone/web1")),
        (GetMinionPresenceParams { master_id: text("m1"), ..all.clone() }, (2, "eu/web1 eu/web2")),
        (GetMinionPresenceParams { ipv4: text("10.0.0.1"), ..all.clone() }, (1, "eu/web1")),
        (GetMinionPresenceParams { host: text("t*"), ..all.clone() }, (1, "eu/web2")),
        (GetMinionPresenceParams { status: Some(Presence::Lost), ..all.clone() }, (1, "eu/db_1")),
        (GetMinionPresenceParams { limit: 2, page: Some(1), ..all.clone() }, (4, "lone/web1 eu/web2")),
        (
            GetMinionPresenceParams {
                sort_by: Some(MinionPresenceSort::Master),
                reverse: true,
                ..all.clone()
            },
            (4, "lone/web1 eu/db_1 eu/web1 eu/web2"),
        ),
        (
            GetMinionPresenceParams { separate_master_cluster_ids: Some(true), ..all },
            (4, "/db_1 m1/web1 /web1 m1/web2"),
        ),
    ]
}

#[tokio::test]
async fn minions_are_searched_sorted_and_paged() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let single = server.plugin("lone");
    server.join(&single).await;
    m1.report([
        accepted(&["db_1", "web1", "web2"]),
        pinged(&m1, &["web1", "web2"], &["db_1"]),
        grains("web1", &json!({"host": "one", "ipv4": ["127.0.0.1", "10.0.0.1"]})),
        grains("web2", &json!({"host": "two", "ipv4": ["10.0.0.2"]})),
    ])
    .await;
    single.report([accepted(&["web1"])]).await;
    let found = async |params: GetMinionPresenceParams| {
        let page = server.call::<GetMinionPresence>(&params).await;
        let rows =
            page.results.into_iter().map(|one| format!("{}/{}", one.master.unwrap_or_default(), one.minion));
        (page.count, rows.collect::<Vec<_>>().join(" "))
    };
    for (params, expected) in searches() {
        let (count, rows) = found(params.clone()).await;
        assert_eq!((count, rows.as_str()), expected, "{params:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn grains_come_by_cluster_and_minion_and_nul_characters_harm_nothing() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    m1.report([
        accepted(&["web1", "web2", "web3"]),
        grains("web1", &json!({"os": "Debian", "saltversion": "3007.1", "serial": "a\0b"})),
        grains("web2", &json!({"os": "Rocky", "saltversion": "3006.9"})),
        grains("web9", &json!({"os": "made up"})),
    ])
    .await;
    let cache = server.call::<GetMinionCache>(&GetMinionCacheParams::default()).await.0;
    assert_eq!(
        cache["eu"]["web1"]["grains"],
        json!({"os": "Debian", "saltversion": "3007.1", "serial": "ab"})
    );
    assert_eq!(cache["eu"].as_object().unwrap().len(), 2, "{cache:?}");
    let params = GetMinionCacheParams {
        master_id: Some("eu".to_owned()),
        sort_by: Some(MinionCacheSort::Saltversion),
        limit: 1,
        ..GetMinionCacheParams::default()
    };
    let cache = server.call::<GetMinionCache>(&params).await.0;
    assert_eq!(cache["eu"].as_object().unwrap().keys().collect::<Vec<_>>(), ["web2"]);
    let older = SignedDuration::from_secs(60);
    let mut old = m1.batch([grains("web1", &json!({"os": "before"}))]);
    old.records[0].at = old.records[0].at.checked_sub(older).unwrap();
    m1.send_batch(&old).await.unwrap();
    let cache = server.call::<GetMinionCache>(&GetMinionCacheParams::default()).await.0;
    assert_eq!(cache["eu"]["web1"]["grains"]["os"], "Debian", "older grains never replace newer ones");
    server.stop().await;
}
