//! Values of returns: equal large ones once, small ones with their returns, and all of them as they came.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use raas_api::cmd::{GetCmdDetails, GetCmdDetailsParams};
use raas_wire::{ClusterKind, Original, Report};
use serde_json::{Value, json};

use super::{jid, job, number, outcomes, returned, returns};
use crate::support::{Server, until};

/// A value that no compression makes small.
fn large(seed: u32) -> Value {
    let mut state = u64::from(seed) + 1;
    let text: String = (0..100_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b' ' + u8::try_from((state >> 33) % 90).unwrap())
        })
        .collect();
    json!({ "stdout": text })
}

#[tokio::test]
async fn equal_large_returns_are_stored_once() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let value = large(1);
    let all = |from: u32| (from..from + 20).map(|n| format!("web{n:02}")).collect::<Vec<_>>();
    for (plugin, minions) in [(&m1, all(0)), (&m2, all(20))] {
        let reports = minions.iter().map(|id| Report::Return(returned(&jid(1), id, &value)));
        plugin.report(reports).await;
    }
    m1.report([Report::Return(returned(&jid(2), "web00", &large(2)))]).await;
    assert_eq!(number(&server, "SELECT count(*) FROM ret").await, 41);
    assert_eq!(
        number(&server, "SELECT count(*) FROM body").await,
        2,
        "one of 40 equal values, and another one"
    );
    let size = number(&server, "SELECT sum(octet_length(json))::bigint FROM body").await;
    assert!((100_000..220_000).contains(&size), "{size} bytes");
    let stored = returns(&server, &jid(1)).await;
    assert!(stored.len() == 40 && stored.iter().all(|one| one.ret == value), "{} returns", stored.len());
    server.stop().await;
}

#[tokio::test]
async fn a_small_value_needs_no_row_of_its_own_and_equal_ones_still_bear_witness() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Hot, ["m1", "m2"]).await;
    let reports = (0..5).map(|n| Report::Return(returned(&jid(1), &format!("web{n}"), &json!({"n": n}))));
    m1.report(reports.clone()).await;
    m2.report(reports).await;
    assert_eq!(number(&server, "SELECT count(*) FROM body").await, 0);
    for (n, one) in returns(&server, &jid(1)).await.iter().enumerate() {
        assert_eq!((one.minion_id.as_str(), &one.ret), (format!("web{n}").as_str(), &json!({"n": n})));
    }
    let outcomes = outcomes(&server, &jid(1)).await;
    assert!(outcomes.iter().all(|one| one.witnesses == 2 && !one.ran_twice), "{outcomes:?}");
    assert_eq!(outcomes.len(), 5);

    m2.report([Report::Return(returned(&jid(1), "web3", &json!({"n": "another"})))]).await;
    let web3 = &super::outcomes(&server, &jid(1)).await[3];
    assert!(web3.ran_twice && web3.witnesses == 2, "{web3:?}");
    assert_eq!(returns(&server, &jid(1)).await[3].ret, json!({"n": 3}), "the first one decides");
    server.stop().await;
}

#[tokio::test]
async fn what_json_cannot_carry_comes_back_byte_by_byte() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let mut binary = returned(&jid(1), "a", &json!(String::from_utf8_lossy(&bytes)));
    binary.original = Some(Original(bytes.clone()));
    let nul = json!({"out\u{0}put": ["\u{0}", "a\u{0}b\u{0}", "\u{fffe}\u{10ffff}"], "n": 18_446_744_073_709_551_615_u64});
    m1.report([Report::Return(binary), Report::Return(returned(&jid(1), "b", &nul))]).await;
    let stored = returns(&server, &jid(1)).await;
    assert_eq!(STANDARD.decode(stored[0].original.as_ref().unwrap()).unwrap(), bytes);
    assert_eq!((&stored[1].ret, &stored[1].original), (&nul, &None));
    let params: GetCmdDetailsParams =
        serde_json::from_value(json!({"jid": jid(1), "minion_id_exact": "b", "limit": -1})).unwrap();
    assert_eq!(server.call::<GetCmdDetails>(&params).await.results[0].ret, Some(nul));
    server.stop().await;
}

/// 50 MB that nothing makes small, with NUL and with bytes in it that are no UTF-8.
fn fifty_megabytes() -> Vec<u8> {
    let mut state = 7_u64;
    let byte = |place: usize| match place % 1000 {
        10 => 0,
        20 => 0xff,
        _ => {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            b'0' + (state >> 58) as u8
        }
    };
    (0..50_000_000).map(byte).collect()
}

#[tokio::test]
async fn a_return_of_50_mb_comes_back_byte_by_byte_and_what_stands_beside_it_too() {
    let server = Server::start().await;
    let [m1] = server.cluster("eu", ClusterKind::Hot, ["m1"]).await;
    let bytes = fifty_megabytes();
    let shown = Value::String(String::from_utf8_lossy(&bytes).into_owned());
    let mut large = returned(&jid(1), "a", &shown);
    large.original = Some(Original(bytes.clone()));
    let small = Report::Return(returned(&jid(1), "b", &json!("beside it")));
    let batch = m1.batch([Report::Return(large), small]);
    // A busy database may need more time than it has; plugins come back.
    let last = until("the batch is committed", async || {
        m1.send_batch(&batch).await.map_err(|refused| refused.refusal.message)
    });
    assert_eq!(last.await.through, 2);

    // A call that has all the time it needs.
    let ask = async |method: &str, kwarg: Value| {
        let (resource, method) = method.split_once('.').unwrap();
        let (status, mut said) =
            server.post(&json!({"resource": resource, "method": method, "kwarg": kwarg})).await;
        assert_eq!((status, &said["error"]), (200, &Value::Null));
        said["ret"]["results"].take()
    };
    let stored = ask("ret.get_returns", json!({"jid": jid(1), "sort_by": "minion_id"})).await;
    assert!(
        stored[0]["return"] == shown && stored[0]["trimmed"] == false,
        "what JSON can show of it is shown"
    );
    let original = STANDARD.decode(stored[0]["original"].as_str().unwrap()).unwrap();
    assert!(original == bytes, "{} bytes came back", original.len());
    assert_eq!(stored[1]["return"], "beside it");
    let details = ask("cmd.get_cmd_details", json!({"jid": jid(1), "minion_id_exact": "a"})).await;
    assert!(details[0]["return"] == shown, "cmd.get_cmd_details has it too");
    server.stop().await;
}

#[tokio::test]
async fn a_whole_value_takes_the_place_of_one_that_salt_cut_in_whatever_order_they_come() {
    let server = Server::start().await;
    let [m1, m2] = server.cluster("eu", ClusterKind::Failover, ["m1", "m2"]).await;
    let cut = |minion: &str| {
        let mut cut = returned(&jid(1), minion, &json!("VALUE_TRIMMED"));
        cut.trimmed = true;
        Report::Return(cut)
    };
    let whole = |minion: &str| Report::Return(returned(&jid(1), minion, &large(3)));
    m1.report([job(&jid(1), &["a", "b", "c", "d"])]).await;
    m1.report([cut("a"), cut("b"), whole("b"), cut("d")]).await; // b: both in one batch
    m2.report([whole("a"), whole("c")]).await;
    m1.report([cut("c")]).await; // later than the whole one
    let stored = returns(&server, &jid(1)).await;
    for one in &stored[..3] {
        assert!(one.ret == large(3) && !one.trimmed, "{}: trimmed {}", one.minion_id, one.trimmed);
    }
    assert!(stored[3].trimmed && stored[3].ret == "VALUE_TRIMMED", "nobody had the whole value of d");
    assert!(
        outcomes(&server, &jid(1)).await.iter().all(|one| !one.ran_twice),
        "a cut one is no second result"
    );
    assert_eq!(super::counts(&server, &jid(1)).await, (4, 4, 0));
    server.stop().await;
}
