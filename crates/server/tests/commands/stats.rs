//! Numbers over time: sampled by the leader, asked for by their documented names, the same names for monitors.

use raas_api::stats::{
    DbHealth, DbHealthParams, GetQueueSizes, GetQueueSizesParams, GetSystemMetricSources,
    GetSystemMetricSourcesParams, GetSystemMetrics, GetSystemMetricsParams, Metric, Null, NullParams,
    SystemMetrics,
};
use raas_wire::ClusterKind::Failover;
use serde_json::{Value, json};

use super::{
    hands::cluster,
    watch::{ends, pass, send, wake},
};
use crate::support::{Server, until};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m1"])];

async fn metrics(server: &Server, asked: Value) -> SystemMetrics {
    let params: GetSystemMetricsParams = serde_json::from_value(asked).unwrap();
    server.call::<GetSystemMetrics>(&params).await
}

/// Values of one series, once it has as many points.
async fn points(server: &Server, metric: &str, source: &str, count: usize) -> Vec<f64> {
    until(&format!("{metric} of {source} has {count} points"), async || {
        wake(server).await;
        let found = metrics(server, json!({"metrics": [metric], "sources": [source]})).await;
        let series = found.results.first().map(|one| one.series.clone()).unwrap_or_default();
        let values: Vec<f64> = series.iter().map(|point| point.value).collect();
        if values.len() >= count { Ok(values) } else { Err(format!("{found:?}")) }
    })
    .await
}

#[tokio::test]
async fn the_fleet_is_measured_every_minute_under_the_documented_names() {
    let server = Server::start().await;
    let [m1] = cluster(&server, Failover, ["m1"], MINIONS).await;
    let jid = send(&server, "eu-web", "*").await;
    m1.publishes(&server, &["w1", "w2"]).await;
    m1.returns(&jid, "w1", json!(true)).await;
    m1.returns(&jid, "w2", json!(true)).await;
    ends(&server, &jid, raas_api::CommandState::CompletedAllSuccessful).await;
    let first = points(&server, "sse_minions", "raas", 1).await.len();
    pass(&server, 65, &[&m1]).await;
    // Counters say what they grew by since the sample before: that one first.
    let before = points(&server, "sse_minions", "raas", first + 1).await.len();
    m1.sees(&["w1"]).await;
    pass(&server, 65, &[&m1]).await;
    let minions = points(&server, "sse_minions", "raas", before + 1).await;
    assert_eq!(minions.last(), Some(&2.0));
    assert_eq!(points(&server, "sse_masters", "raas", before + 1).await.last(), Some(&1.0));
    assert_eq!(points(&server, "sse_minions_present", "raas", before + 1).await.last(), Some(&2.0));
    let done: f64 =
        points(&server, "sse_jobs_complete_all_successful", "raas", before + 1).await.iter().sum();
    assert!(done >= 1.0, "{done}");
    assert!(points(&server, "salt_event_count", "m1", 1).await.iter().sum::<f64>() > 0.0);

    let sources = |metric| GetSystemMetricSourcesParams { metric };
    let of = server.call::<GetSystemMetricSources>(&sources(Metric::SaltEventCount)).await;
    assert_eq!(of, ["m1"]);
    let none = server.call::<GetSystemMetricSources>(&sources(Metric::RedisMemoryBytes)).await;
    assert_eq!(none.len(), 0, "nothing here measures it");
    let queues = server.call::<GetQueueSizes>(&GetQueueSizesParams {}).await;
    assert_eq!(queues.keys().collect::<Vec<_>>(), ["dead_letters", "deliveries", "outcomes_due"]);

    let text = server.http.get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
    assert!(text.contains("# TYPE sse_minions gauge\nsse_minions{source=\"raas\"} 2\n"), "{text}");
    assert!(text.contains("# TYPE salt_event_count counter\nsalt_event_count{source=\"m1\"} "), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn a_time_is_at_most_a_day_and_given_by_two_of_three() {
    let server = Server::start().await;
    for wrong in [
        json!({"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:01Z"}),
        json!({"start": "2026-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z"}),
        json!({"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T01:00:00Z", "timedelta": 5}),
        json!({"timedelta": 100_000}),
    ] {
        let error = server.raw("stats.get_system_metrics", json!([wrong]), json!({})).await.unwrap_err();
        assert_eq!((error.code, &error.detail["parameter"]), (422, &json!("daterange")), "{error:?}");
    }
    let past = metrics(&server, json!({"daterange": {"end": "2020-01-01T00:00:00Z", "timedelta": 60}})).await;
    assert_eq!(past.count, 0);
    assert!(server.call::<DbHealth>(&DbHealthParams {}).await.healthy);
    server.call::<Null>(&NullParams {}).await;
    server.stop().await;
}

/// A dashboard that asks for what nobody measures shows nothing.
#[test]
fn the_dashboard_asks_for_names_that_exist() {
    let text = include_str!("../../../../etc/dashboards/raas.json");
    let dashboard: Value = serde_json::from_str(text).unwrap();
    let mut asked = 0;
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let expr = target["expr"].as_str().unwrap();
            let names = expr.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|name| {
                ["sse_", "raas_", "salt_", "postgres_", "celery_"]
                    .iter()
                    .any(|prefix| name.starts_with(prefix))
            });
            for name in names {
                let base = name.trim_end_matches("_sum").trim_end_matches("_count");
                let known = Metric::from_word(name).or_else(|| Metric::from_word(base));
                assert!(known.is_some() || name == "raas_logins", "{expr}: {name} is no metric");
                asked += 1;
            }
        }
    }
    assert!(asked > 10);
}
