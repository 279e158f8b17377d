//! Minions and groups change one by one; each time what is shown is right at once, and what is kept follows.

use raas_api::Permission;
use raas_wire::{ClusterKind::Failover, Grains, Report};
use serde_json::{Value, json};

use super::super::{call, call_as, group, refused, refused_as, signed_in_as};
use super::{Still, current, ids, kept, shown, these};
use crate::{
    commands::hands::{Master, cluster},
    people::scopes::limited,
    support::Server,
};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"]), ("db1", &["m1"])];

async fn tells(master: &Master, minion: &str, grains: Value) {
    let grains = Grains { minion_id: minion.to_owned(), grains: grains.into() };
    master.plugin.report([Report::Grains(grains)]).await;
}

/// Two masters with three minions, and three groups: by a grain, by id, and by the names of groups.
async fn fleet(server: &Server) -> ([Master; 2], [Value; 3]) {
    let masters = cluster(server, Failover, ["m1", "m2"], MINIONS).await;
    for (minion, os) in [("w1", "Debian"), ("w2", "RedHat"), ("db1", "Debian")] {
        tells(&masters[0], minion, json!({"os": os})).await;
    }
    let debian = group(server, "debian", json!({"*": {"tgt_type": "grain", "tgt": "os:Debian"}})).await;
    let web = group(server, "web", json!({"eu-web": {"tgt": "w*"}})).await;
    let both = json!({"*": {"tgt_type": "compound", "tgt": "N@debian and w*"}});
    let both = group(server, "both", both).await;
    current(server).await;
    (masters, [debian, web, both])
}

/// How many minions a list narrowed by this group has; other lists have the same.
async fn listed(server: &Server, uuid: &Value) -> Value {
    let count = call(server, "minions.get_minion_details", json!({"tgt_uuid": uuid})).await["count"].clone();
    let cache = call(server, "minions.get_minion_cache", json!({"tgt_uuid": uuid})).await;
    let cached: usize = cache.as_object().unwrap().values().map(|of| of.as_object().unwrap().len()).sum();
    assert_eq!(json!(cached), count);
    let names = call(server, "minions.get_minion_grain_keys", json!({"tgt_uuid": uuid})).await;
    let systems = json!({"tgt_uuid": uuid, "key": "os"});
    let systems = call(server, "minions.get_minion_grain_values", systems).await;
    assert_eq!(
        (names, systems.as_array().unwrap().len()),
        (json!(["os"]), 1),
        "all of a group have one here"
    );
    count
}

#[tokio::test]
async fn members_follow_grains_new_minions_and_minions_that_go_and_are_right_before() {
    let server = Server::start().await;
    let ([m1, m2], [debian, web, both]) = fleet(&server).await;
    let before = these(&[("both", &["w1"]), ("debian", &["db1", "w1"]), ("web", &["w1", "w2"])]);
    assert_eq!(kept(&server).await, before);
    assert_eq!(shown(&server, &debian).await, json!({"m1": ["db1", "w1"]}));

    let still = Still::of(&server).await;
    tells(&m1, "w2", json!({"os": "Debian"})).await;
    for master in [&m1, &m2] {
        master.has_keys(&["w1", "w2", "w3"]).await;
    }
    tells(&m2, "w3", json!({"os": "Debian"})).await;
    assert_eq!(kept(&server).await, before, "nobody works");
    assert_eq!(ids(&server, &debian).await, ["w1", "w2", "w3"]);
    assert_eq!(ids(&server, &web).await, ["w1", "w2", "w3"]);
    assert_eq!(shown(&server, &both).await, json!({"m1": ["w1", "w3"], "m2": ["w2"]}));
    assert_eq!(listed(&server, &both).await, json!(3));
    still.over().await;

    current(&server).await;
    let all: &[&str] = &["w1", "w2", "w3"];
    assert_eq!(
        kept(&server).await,
        these(&[("both", all), ("debian", all), ("web", all)]),
        "db1 is forgotten"
    );
    assert_eq!(shown(&server, &both).await, json!({"m1": ["w1", "w3"], "m2": ["w2"]}));
    assert_eq!(listed(&server, &both).await, json!(3));
    server.stop().await;
}

#[tokio::test]
async fn members_follow_their_group_and_the_groups_that_it_names() {
    let server = Server::start().await;
    let (_masters, [debian, _web, both]) = fleet(&server).await;
    let outer = json!({"*": {"tgt_type": "nodegroup", "tgt": "both"}});
    let outer = group(&server, "outer", outer).await;
    current(&server).await;

    let still = Still::of(&server).await;
    let change = json!({"tgt_uuid": debian, "tgt": {"*": {"tgt_type": "grain", "tgt": "os:RedHat"}}});
    call(&server, "tgt.save_target_group", change).await;
    for (uuid, expected) in [(&debian, "w2"), (&both, "w2"), (&outer, "w2")] {
        assert_eq!(ids(&server, uuid).await, [expected], "at once");
        assert_eq!(listed(&server, uuid).await, json!(1));
    }
    still.over().await;
    current(&server).await;
    let web: &[&str] = &["w1", "w2"];
    let expected = these(&[("both", &["w2"]), ("debian", &["w2"]), ("outer", &["w2"]), ("web", web)]);
    assert_eq!(kept(&server).await, expected);

    // A new name, under which nobody looks for it.
    call(
        &server,
        "tgt.save_target_group",
        json!({"tgt_uuid": debian, "name": "hats", "tgt": {"*": {"tgt": "db*"}}}),
    )
    .await;
    let said = refused(&server, "tgt.get_target_group_minions", json!({"tgt_uuid": outer})).await;
    assert!(said.contains("\"debian\" is not known"), "{said}");
    group(&server, "debian", json!({"*": {"tgt": "w1"}})).await;
    assert_eq!(ids(&server, &outer).await, ["w1"]);
    current(&server).await;
    assert_eq!(ids(&server, &outer).await, ["w1"]);
    call(&server, "tgt.delete_target_group", json!({"tgt_uuid": both, "force": true})).await;
    let client = server.db.db().client().await.unwrap();
    crate::support::until("nothing is kept of a group that is gone", async || {
        let sql = "SELECT count(*) AS left FROM target_member WHERE group_no NOT IN (SELECT number FROM target_group)";
        let left: i64 = raas_db::Session::query_one(&client, sql, &[]).await.unwrap().try_get("left").unwrap();
        if left == 0 { Ok(()) } else { Err(format!("{left} members")) }
    })
    .await;
    server.stop().await;
}

/// What only a master can tell, and who is not accepted: kept or not, the reply is that of working it out.
#[tokio::test]
async fn what_is_kept_says_what_working_it_out_says() {
    let server = Server::start().await;
    let ([m1, _m2], _) = fleet(&server).await;
    m1.has_keys(&["w1", "w2", "db1", "w4"]).await;
    let targets = [
        json!({"*": {"tgt": "*"}}),
        json!({"*": {"tgt_type": "grain", "tgt": "os:*"}}),
        json!({"*": {"tgt_type": "compound", "tgt": "w1 or I@role:db or G@os:RedHat"}}),
        json!({"*": {"tgt_type": "compound", "tgt": "w4 or G@os:RedHat"}}),
        json!({"m2": {"tgt": "w*"}, "eu-web": {"tgt": "db1"}}),
        json!({"nowhere": {"tgt": "*"}, "eu-web": {"tgt_type": "list", "tgt": "w4,db1"}}),
    ];
    let mut groups = Vec::new();
    for (n, tgt) in targets.iter().enumerate() {
        groups.push((group(&server, &format!("group {n}"), tgt.clone()).await, tgt));
    }
    current(&server).await;
    for (uuid, tgt) in groups {
        let call = |kwarg: Value| raas_api::Call {
            resource: "tgt".to_owned(),
            method: "get_target_group_minions".to_owned(),
            kwarg: serde_json::from_value(kwarg).unwrap(),
            ..raas_api::Call::default()
        };
        let kept = server.root.raw(&call(json!({"tgt_uuid": uuid}))).await.unwrap();
        let anew = server.root.raw(&call(json!({"tgt": tgt}))).await.unwrap();
        assert_eq!((kept.ret, kept.warnings), (anew.ret, anew.warnings), "{tgt}");
    }
    server.stop().await;
}

#[tokio::test]
async fn who_is_limited_or_may_not_read_a_named_group_gets_no_more_from_what_is_kept() {
    let server = Server::start().await;
    let (_masters, [_, web, both]) = fleet(&server).await;
    let webber = limited(&server, "webber", "w1", &[Permission::TargetRead]).await;
    for uuid in [&web, &both] {
        let access = json!({"webber's role": ["read"], "Administrator": ["read"]});
        let access = json!({"tgt_uuid": uuid, "access_payload": access});
        call(&server, "tgt.save_target_group_access", access).await;
    }
    let asked = json!({"tgt_uuid": web});
    let seen = call_as(&webber, "tgt.get_target_group_minions", asked.clone()).await.unwrap();
    assert_eq!(seen, json!({"m1": ["w1"]}), "of two");
    assert_eq!(call_as(&webber, "minions.get_minion_details", asked).await.unwrap()["count"], 1);
    let ann = signed_in_as(&server, "Administrator").await;
    let said = refused_as(&ann, "tgt.get_target_group_minions", json!({"tgt_uuid": both})).await;
    assert!(said.contains("\"debian\" is not known"), "it names what they may not read: {said}");
    server.stop().await;
}
