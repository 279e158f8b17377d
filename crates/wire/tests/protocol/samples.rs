//! Stored samples: what an older plugin or server sent must be read for ever, and is written the same today.

use std::{fs, path::Path};

use jiff::Timestamp;
use raas_wire::{
    Asked, Batch, Claim, Claimed, ClusterKind, Commands, Committed, Enroll, Enrolled, Evidence, Gap, Grains,
    HandBack, HandedBack, Heartbeat, Json, KeyAction, KeyChange, KeyLists, KeyOfMinion, Keys, MasterFacts,
    MasterKeyState, Original, Pinged, Publish, Published, Ran, Record, Refusal, RefusalCode, Report, Return,
    ReturnSource, Run, RunClient, SaltState, Seen, Work,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

fn at() -> Timestamp {
    "2026-01-02T03:04:05.000678Z".parse().unwrap()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// The sample on disk equals what is written now, and reads back to it. A new field must be optional; a change needs `v2`.
fn keeps<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, value: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/v1").join(format!("{name}.json"));
    let now = serde_json::to_value(value).unwrap();
    if !path.exists() {
        fs::write(&path, serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&stored).unwrap(), now, "{name}: what is written changed");
    assert_eq!(
        &serde_json::from_str::<T>(&stored).unwrap(),
        value,
        "{name}: the stored sample reads differently"
    );
}

#[test]
fn calls_and_answers() {
    let facts = MasterFacts {
        plugin_version: "0.1.0".into(),
        salt_version: Some("3006.30".into()),
        ..MasterFacts::default()
    };
    let public_key = "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n".to_owned();
    keeps(
        "enroll",
        &Enroll {
            master_id: "m1".into(),
            cluster_id: Some("eu-web".into()),
            kind: ClusterKind::Failover,
            public_key: public_key.clone(),
            epoch: id(1),
            facts,
        },
    );
    keeps(
        "enrolled",
        &Enrolled {
            state: MasterKeyState::Pending,
            reason: Some("waiting".into()),
            fingerprint: "ab".into(),
            master_uuid: None,
            server_time: at(),
            server_key: public_key,
        },
    );
    keeps(
        "heartbeat",
        &Heartbeat {
            wait_ms: 25_000,
            epoch: id(1),
            clock: at(),
            salt: SaltState::Answering,
            spool_records: 0,
            spool_oldest_s: 0,
            connections: Some(3),
        },
    );
    keeps("claim", &Claim { delivery_id: id(2), claim_id: id(3) });
    keeps("claimed", &Claimed { go: false, reason: Some("moved".into()) });
    keeps("committed", &Committed { epoch: id(1), through: 7 });
    keeps("refusal", &Refusal { code: RefusalCode::NotAccepted, message: "…".into(), server_time: at() });
}

#[test]
fn work() {
    let publish = Publish {
        delivery_id: id(2),
        jid: "20260102030405000678".into(),
        fun: "test.ping".into(),
        arg: Json::from(json!([1, {"__kwarg__": true, "a": null}])),
        tgt: Json::from(json!("*")),
        tgt_type: "glob".into(),
        user: "root".into(),
        metadata: None,
        publish_before_ms: 30_000,
    };
    let run = Run {
        delivery_id: id(4),
        jid: "20260102030405000679".into(),
        client: RunClient::Runner,
        fun: "jobs.active".into(),
        arg: Json::from(json!([])),
        kwarg: Json::from(json!({})),
        user: "root".into(),
        publish_before_ms: 30_000,
        timeout_ms: 60_000,
    };
    let change = KeyChange { minion_id: "w1".into(), action: KeyAction::Accept, public_key: None };
    let keys = Keys { delivery_id: id(5), changes: vec![change] };
    keeps(
        "commands",
        &Commands {
            work: vec![Work::Publish(publish), Work::Run(run), Work::Keys(keys)],
            server_time: None,
            held_ms: 0,
        },
    );
}

#[test]
#[allow(clippy::too_many_lines)] // one entry per kind of report
fn reports() {
    let key = KeyOfMinion { minion_id: "w1".into(), fingerprint: "cd".into(), public_key: "PEM".into() };
    let minions = || vec!["w1".to_owned()];
    let reports = vec![
        Report::Published(Published {
            delivery_id: id(2),
            jid: "2".into(),
            minions: minions(),
            matched_none: false,
        }),
        Report::HandedBack(HandedBack { delivery_id: id(2), why: HandBack::TooLate, detail: "…".into() }),
        Report::Ran(Ran {
            delivery_id: id(4),
            jid: "2".into(),
            salt_jid: None,
            success: Some(true),
            fun: "jobs.active".into(),
            ret: Json::from(json!({})),
            original: None,
        }),
        Report::Return(Return {
            jid: "2".into(),
            minion_id: "w1".into(),
            fun: "cmd.run".into(),
            fun_args: Json::from(json!(["x"])),
            success: false,
            retcode: 3,
            ret: Json::from(json!("\u{fffd}\u{0}")),
            original: Some(Original(vec![0xa1, 0xff])),
            extra: None,
            source: ReturnSource::Bus,
            trimmed: false,
        }),
        Report::Seen(vec![Seen { minion_id: "w1".into(), evidence: Evidence::Start, at: at() }]),
        Report::Asked(Asked {
            delivery_id: id(6),
            jid: "2".into(),
            running: minions(),
            found: vec![],
            not_found: vec![],
            silent: vec![],
            not_here: vec![],
        }),
        Report::Pinged(Pinged { delivery_id: None, sent_at: at(), answered: minions(), silent: vec![] }),
        Report::Keys(KeyLists { accepted: vec![key], ..KeyLists::default() }),
        Report::Grains(Grains { minion_id: "w1".into(), grains: Json::from(json!({"os": "Debian"})) }),
        Report::Gap(Gap { from: at(), to: at(), count: Some(3), why: "spool full".into() }),
    ];
    let records =
        (1..).zip(reports).map(|(n, report)| Record { n, at: at(), skew_ms: None, report }).collect();
    keeps("batch", &Batch { epoch: id(1), records });
}

#[test]
fn what_is_said_of_clocks() {
    let report = Report::Gap(Gap { from: at(), to: at(), count: None, why: "down".into() });
    keeps("record_with_skew", &Record { n: 1, at: at(), skew_ms: Some(-1500), report });
    keeps("commands_with_time", &Commands { work: Vec::new(), server_time: Some(at()), held_ms: 0 });
}
