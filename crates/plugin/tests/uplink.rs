//! Stories of the way to the server, with a stand-in for the server that signs as the real one does.

#[path = "uplink/link.rs"]
mod link;
#[path = "uplink/server.rs"]
mod server;

use std::time::Duration;

use raas_wire::{HandBack, Json, Ping, Publish, RefusalCode, Report, SaltState, Work};
use serde_json::json;
use uuid::Uuid;

use link::{Plugin, note};
use server::Server;

fn ping(n: u128) -> Work {
    Work::Ping(Ping { delivery_id: Uuid::from_u128(n), minions: Vec::new(), wait_ms: 1 })
}

#[tokio::test]
async fn a_master_waits_until_it_is_accepted_then_takes_work_and_reports() {
    let server = Server::start().await;
    let mut plugin = Plugin::start(&server);
    plugin.stands("pending").await;
    plugin.record(note(1)).await;
    assert_eq!(server.batches(), 0, "nothing is reported before");
    server.set(|server| {
        server.accepted = true;
        server.work.push(ping(1));
    });
    plugin.stands("accepted").await;
    assert_eq!(plugin.work().await.delivery_id(), Uuid::from_u128(1));
    server.holds(&[note(1)]).await;
    plugin.record(note(2)).await;
    server.holds(&[note(1), note(2)]).await;
    plugin.forgot_everything().await;
}

#[tokio::test]
async fn a_server_too_slow_for_a_large_batch_gets_smaller_ones_until_all_is_told() {
    let server = Server::start().await;
    // A hundred would take 6 s, and the plugin waits for 5 s.
    server.set(|server| server.slow = Duration::from_millis(60));
    let mut plugin = Plugin::start(&server);
    plugin.stands("pending").await;
    let notes: Vec<_> = (0..100).map(note).collect();
    plugin.record_together(notes.clone()).await;
    server.set(|server| server.accepted = true);
    server.holds(&notes).await;
    plugin.forgot_everything().await;
}

#[tokio::test]
async fn the_servers_key_is_kept_at_first_sight_and_another_one_is_not_believed() {
    let server = Server::accepting().await;
    let mut plugin = Plugin::start(&server);
    plugin.stands("accepted").await;
    plugin.end().await;
    let pin = plugin.pin_file();
    assert!(std::fs::read_to_string(&pin).unwrap().contains("PUBLIC KEY"));

    server.set(|server| server.key = raas_wire::key::from_random(&[99; 32]));
    plugin.start_again(&server);
    let standing = plugin.stands("untrusted").await;
    assert!(standing.reason.contains(&pin.display().to_string()), "{}", standing.reason);
    plugin.end().await;

    std::fs::remove_file(&pin).unwrap();
    plugin.start_again(&server);
    plugin.stands("accepted").await;
}

#[tokio::test]
async fn replies_that_are_not_signed_or_signed_by_another_change_nothing() {
    let server = Server::accepting().await;
    let mut plugin = Plugin::start(&server);
    plugin.stands("accepted").await;
    server.set(|server| {
        server.forge = Some(raas_wire::key::from_random(&[98; 32]));
        server.work.push(ping(1));
    });
    let standing = plugin.stands("untrusted").await;
    assert!(standing.reason.contains("not signed with the server's key"), "{}", standing.reason);
    assert!(plugin.no_work(), "work of a forger is not taken");
    plugin.record(note(1)).await;
    server.set(|server| server.forge = None);
    plugin.stands("accepted").await;
    plugin.forgot_everything().await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_corrected() {
    let server = Server::accepting().await;
    server.set(|server| server.ahead = jiff::SignedDuration::from_mins(42));
    let mut plugin = Plugin::start(&server);
    plugin.stands("accepted").await;
    server.set(|server| server.ahead = jiff::SignedDuration::from_mins(-42));
    plugin.record(note(1)).await;
    server.holds(&[note(1)]).await;
}

#[tokio::test]
async fn when_the_server_comes_back_what_waited_is_sent_once() {
    let server = Server::accepting().await;
    let mut plugin = Plugin::start(&server);
    plugin.stands("accepted").await;
    server.set(|server| server.down = true);
    plugin.stands("unreachable").await;
    plugin.record(note(1)).await;
    plugin.record(note(2)).await;
    server.set(|server| server.down = false);
    server.holds(&[note(1), note(2)]).await;
    plugin.stands("accepted").await;
    plugin.forgot_everything().await;
}

#[tokio::test]
async fn one_record_that_the_server_cannot_take_does_not_stop_the_others() {
    for code in [RefusalCode::TooLarge, RefusalCode::Malformed] {
        let server = Server::accepting().await;
        server.set(|server| server.refuse = Some((note(2), code)));
        let mut plugin = Plugin::start(&server);
        plugin.record_together(vec![note(1), note(2), note(3)]).await;
        plugin.stands("accepted").await;
        plugin.forgot_everything().await;
        let held = server.held();
        assert_eq!(held.len(), 3);
        assert!(held.contains(&note(1)) && held.contains(&note(3)));
        assert!(
            held.iter()
                .any(|one| matches!(one, Report::Gap(gap) if gap.why.contains("could not take a record"))),
            "{held:?}"
        );
    }
}

#[tokio::test]
async fn a_master_that_is_not_accepted_any_more_enrols_again() {
    let server = Server::accepting().await;
    let mut plugin = Plugin::start(&server);
    plugin.stands("accepted").await;
    server.set(|server| server.accepted = false);
    plugin.stands("pending").await;
    server.set(|server| server.accepted = true);
    plugin.stands("accepted").await;
}

fn publish(publish_before_ms: u64) -> Work {
    Work::Publish(Publish {
        delivery_id: Uuid::from_u128(1),
        jid: "20260102030405000678".to_owned(),
        fun: "test.ping".to_owned(),
        arg: Json::from(json!([])),
        tgt: Json::from(json!("*")),
        tgt_type: "glob".to_owned(),
        user: "root".to_owned(),
        metadata: None,
        publish_before_ms,
    })
}

/// As after a SIGSTOP of the plugin: the reply was there in time, and is read late.
#[tokio::test]
async fn the_time_that_is_left_counts_from_when_it_was_said_and_not_from_when_it_is_read() {
    for (held_ms, at_most) in [(0, 9_200), (600_000, 10_000)] {
        let server = Server::accepting().await;
        let mut plugin = Plugin::start(&server);
        plugin.stands("accepted").await;
        server.set(|server| {
            (server.under_way, server.held_ms) = (Duration::from_millis(800), held_ms);
            server.work.push(publish(10_000));
        });
        let Work::Publish(work) = plugin.work().await else { panic!("it was a publish") };
        let left = work.publish_before_ms;
        assert!(left <= at_most && (held_ms == 0 || left == 10_000), "held {held_ms} ms: {left} ms are left");
    }
}

#[tokio::test]
async fn a_change_of_salts_state_is_told_at_once() {
    let server = Server::accepting().await;
    let mut plugin = Plugin::start(&server);
    plugin.stands("accepted").await;
    plugin.salt(SaltState::Silent);
    server.heard(SaltState::Silent).await;
}

#[tokio::test]
async fn the_last_word_tells_that_the_master_is_gone_and_gives_work_back() {
    let server = Server::accepting().await;
    let mut plugin = Plugin::start(&server);
    plugin.stands("accepted").await;
    plugin.end().await;
    server.set(|server| server.work.push(ping(5)));
    plugin.farewell(SaltState::Gone, Duration::from_secs(10)).await;
    server.heard(SaltState::Gone).await;
    let held = server.held();
    assert!(
        matches!(&held[..], [Report::HandedBack(back)]
            if back.delivery_id == Uuid::from_u128(5) && back.why == HandBack::Unreachable),
        "{held:?}"
    );
}
