//! Target groups: saved, shared, resolved from what is known of the minions, and used by commands.

use raas_wire::{ClusterKind::Failover, Grains, Report};
use serde_json::{Value, json};

use super::{call, call_as, group, names, refused, refused_as, signed_in_as};
use crate::{
    commands::hands::{Master, cluster},
    support::{Server, until},
};

const MINIONS: &[(&str, &[&str])] = &[("w1", &["m1"]), ("w2", &["m2"]), ("db1", &["m1"])];

async fn with_grains(master: &Master, minion: &str, grains: Value) {
    let grains = Grains { minion_id: minion.to_owned(), grains: grains.into() };
    master.plugin.report([Report::Grains(grains)]).await;
}

/// Two masters with three minions whose operating systems are known.
async fn fleet(server: &Server) -> [Master; 2] {
    let masters = cluster(server, Failover, ["m1", "m2"], MINIONS).await;
    for (minion, os) in [("w1", "Debian"), ("w2", "RedHat"), ("db1", "Debian")] {
        with_grains(&masters[0], minion, json!({"os": os})).await;
    }
    masters
}

async fn members(server: &Server, kwarg: Value) -> Value {
    call(server, "tgt.get_target_group_minions", kwarg).await
}

#[tokio::test]
async fn a_saved_group_is_listed_with_its_owner_and_access_and_changed_in_place() {
    let server = Server::start().await;
    let tgt = json!({"eu-web": {"tgt_type": "compound", "tgt": "G@os:Debian and w*"}});
    let uuid = group(&server, "web", tgt.clone()).await;
    let one = call(&server, "tgt.get_target_group", json!({"tgt_uuid": uuid})).await;
    assert_eq!(one["count"], 1);
    let shown = &one["results"][0];
    assert_eq!(shown["tgt"], tgt);
    assert_eq!((&shown["desc"], &shown["pillars"]), (&json!(""), &json!([])));
    assert_eq!(shown["metadata"]["auth"]["owner"]["username"], "root");
    let all = call(&server, "tgt.get_target_group", json!({})).await;
    assert_eq!(names(&all), ["All Minions", "web"]);
    assert_eq!(
        all["results"][0]["metadata"]["auth"]["access"]["User"],
        json!({"read": true, "write": false, "discover": true, "delete": false})
    );
    let change = json!({"tgt_uuid": uuid, "tgt": {"*": {"tgt": "w*"}}, "desc": "all of the web"});
    assert_eq!(call(&server, "tgt.save_target_group", change).await, uuid);
    let found = call(&server, "tgt.get_target_group", json!({"desc": "OF THE"})).await;
    assert_eq!(
        (names(&found), &found["results"][0]["tgt"]),
        (vec!["web"], &json!({"*": {"tgt": "w*", "tgt_type": "glob"}}))
    );
    let paged = json!({"sort_by": "name", "reverse": true, "limit": 1, "page": 1});
    let paged = call(&server, "tgt.get_target_group", paged).await;
    assert_eq!((&paged["count"], names(&paged)), (&json!(2), vec!["All Minions"]));
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_target_or_no_name_is_not_saved() {
    let server = Server::start().await;
    group(&server, "web", json!({"*": {"tgt": "w*"}})).await;
    let all = json!({"tgt": "*"});
    for (kwarg, said) in [
        (json!({"name": "web", "tgt": {"*": all}}), "409 there is a target group \"web\" already"),
        (json!({"tgt": {"*": all}}), "422 parameter \"name\" is missing"),
        (json!({"name": " x", "tgt": {"*": all}}), "422 parameter \"name\" is \" x\""),
        (json!({"name": "x", "tgt": {}}), "422 parameter \"tgt\" is missing or empty"),
        (json!({"name": "x", "tgt": {"*": all, "m1": all}}), "422 parameter \"tgt\" is \"*\" beside others"),
        (json!({"name": "x", "tgt": {"*": {"tgt": "G@os", "tgt_type": "compound"}}}), "expected key:value"),
        (json!({"name": "x", "tgt": {"*": {"tgt": "N@x", "tgt_type": "compound"}}}), "itself"),
        (
            json!({"name": "x", "tgt": {"*": {"tgt": "N@nowhere", "tgt_type": "compound"}}}),
            "\"nowhere\" is not known",
        ),
        (json!({"name": "x", "tgt": {"*": all}, "pillar_uuids": [Server::uuid()]}), "404 there is no pillar"),
        (json!({"name": "x", "tgt": {"*": all}, "tgt_uuid": Server::uuid()}), "404 there is no target group"),
        (
            json!({"name": "x", "tgt": {"*": all}, "tgt_uuid": "7f93b928-388b-11e6-b133-346895ecb8f3"}),
            "409 the target group \"All Minions\" is built in",
        ),
    ] {
        let sentence = refused(&server, "tgt.save_target_group", kwarg.clone()).await;
        assert!(sentence.contains(said), "{kwarg} is refused with {sentence:?}, which lacks {said:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_group_means_the_minions_that_match_it_now() {
    let server = Server::start().await;
    let [m1, _m2] = fleet(&server).await;
    let debian = json!({"eu-web": {"tgt_type": "grain", "tgt": "os:Debian"}});
    let uuid = group(&server, "debian", debian.clone()).await;
    assert_eq!(members(&server, json!({"tgt_uuid": uuid})).await, json!({"m1": ["db1", "w1"]}));
    with_grains(&m1, "w2", json!({"os": "Debian"})).await;
    let three = json!({"m1": ["db1", "w1"], "m2": ["w2"]});
    assert_eq!(members(&server, json!({"tgt_uuid": uuid})).await, three, "at once");
    assert_eq!(members(&server, json!({"tgt": debian})).await, three);
    let nodes = json!({"tgt": {"*": {"tgt_type": "compound", "tgt": "N@debian and not w*"}}});
    let sentence = refused(&server, "tgt.get_target_group_minions", nodes).await;
    assert!(sentence.contains("\"debian\" is not known"), "it says nothing of all clusters: {sentence}");
    for (place, tgt_type, tgt) in [
        ("eu-web", "compound", "N@debian and not w*"),
        ("eu-web", "compound", "db* and N@debian"),
        ("eu-web", "list", "db1"),
    ] {
        let tgt = json!({"tgt": {place: {"tgt_type": tgt_type, "tgt": tgt}}});
        assert_eq!(members(&server, tgt).await, json!({"m1": ["db1"]}));
    }
    let node = json!({"tgt": {"eu-web": {"tgt_type": "node", "tgt": "debian"}}});
    assert_eq!(members(&server, node).await, three);
    let overlapping = json!({"tgt": {"m2": {"tgt": "w*"}, "eu-web": {"tgt": "w1"}}});
    let found = members(&server, overlapping).await;
    let ids: usize = found.as_object().unwrap().values().map(|ids| ids.as_array().unwrap().len()).sum();
    assert_eq!(ids, 2, "each once: {found}");
    let sentence = refused(&server, "tgt.get_target_group_minions", json!({})).await;
    assert!(sentence.contains("give one of"), "{sentence}");
    server.stop().await;
}

#[tokio::test]
async fn a_command_for_a_group_goes_where_its_target_would_and_is_found_by_its_name() {
    let server = Server::start().await;
    let [m1, _m2] = fleet(&server).await;
    group(&server, "debian", json!({"*": {"tgt_type": "grain", "tgt": "os:Debian"}})).await;
    let both = json!({"eu-web": {"tgt_type": "compound", "tgt": "N@debian and w*"}});
    let uuid = group(&server, "debian web", both).await;
    let ping = json!({"fun": "test.ping", "tgt_uuid": uuid});
    let plan = call(&server, "cmd.plan_cmd", ping.clone()).await;
    assert_eq!(plan["parts"][0]["proven"]["minions"][0]["minion_id"], "w1");
    let jid = call(&server, "cmd.route_cmd", ping).await;
    let publish = m1.publishes(&server, &["w1"]).await;
    assert_eq!(json!(publish.jid), jid);
    assert_eq!(publish.tgt.value(), json!("( G@os:Debian ) and w*"), "Salt never sees our names");
    for filter in [json!({"tgt_uuid": uuid}), json!({"tgt_names": ["debian web"], "sort_by": "tgt_name"})] {
        let found = call(&server, "cmd.get_cmds", filter).await;
        assert_eq!((&found["count"], &found["results"][0]["tgt_name"]), (&json!(1), &json!("debian web")));
    }
    assert_eq!(call(&server, "cmd.get_cmds", json!({"tgt_names": ["debian"]})).await["count"], 0);
    let two = json!({"fun": "test.ping", "tgt_uuid": uuid, "tgt": {"*": {"tgt": "*"}}});
    assert!(refused(&server, "cmd.route_cmd", two).await.contains("exclude each other"));
    server.stop().await;
}

#[tokio::test]
async fn who_has_no_access_sees_nothing_and_who_may_only_discover_sees_no_target() {
    let server = Server::start().await;
    let _masters = fleet(&server).await;
    let ann = signed_in_as(&server, "Administrator").await;
    let uuid = group(&server, "web", json!({"*": {"tgt": "w*"}})).await;
    let list = async || call_as(&ann, "tgt.get_target_group", json!({"name": "web"})).await.unwrap();
    let ping = json!({"fun": "test.ping", "tgt_uuid": uuid});
    assert_eq!(list().await["count"], 0);
    assert!(refused_as(&ann, "cmd.route_cmd", ping.clone()).await.contains("404 there is no target group"));

    let give = async |rights: &[&str]| {
        let kwarg = json!({"tgt_uuid": uuid, "access_payload": {"Administrator": rights}});
        assert_eq!(call(&server, "tgt.save_target_group_access", kwarg).await, uuid);
    };
    give(&["discover"]).await;
    let seen = list().await;
    assert_eq!((names(&seen), &seen["results"][0]["tgt"]), (vec!["web"], &json!({})));
    let sentence = refused_as(&ann, "cmd.route_cmd", ping.clone()).await;
    assert!(sentence.contains("may not read the target group \"web\""), "{sentence}");

    give(&["read"]).await;
    call_as(&ann, "cmd.route_cmd", ping).await.unwrap();
    let change = json!({"tgt_uuid": uuid, "tgt": {"*": {"tgt": "*"}}});
    let sentence = refused_as(&ann, "tgt.save_target_group", change.clone()).await;
    assert!(sentence.contains("403") && sentence.contains("may not write"), "{sentence}");
    let take = json!({"tgt_uuid": uuid, "access_payload": {"Administrator": ["write"]}});
    let sentence = refused_as(&ann, "tgt.save_target_group_access", take).await;
    assert!(sentence.contains("its owner \"root\" and superusers may"), "{sentence}");

    give(&["read", "write", "delete"]).await;
    call_as(&ann, "tgt.save_target_group", change).await.unwrap();
    let access = call(&server, "tgt.get_target_group_access", json!({"tgt_uuid": uuid})).await;
    assert_eq!(
        access["access"]["Administrator"],
        json!({"read": true, "write": true, "discover": false, "delete": true})
    );
    let nobody = json!({"tgt_uuid": uuid, "access_payload": {"Nobody": ["read"]}});
    assert!(
        refused(&server, "tgt.save_target_group_access", nobody).await.contains("for the role \"Nobody\"")
    );
    assert_eq!(call_as(&ann, "tgt.delete_target_group", json!({"tgt_uuid": uuid})).await.unwrap(), true);
    assert_eq!(call(&server, "tgt.get_target_group", json!({"name": "web"})).await["count"], 0);
    server.stop().await;
}

#[tokio::test]
async fn a_group_that_others_name_is_not_deleted_by_accident() {
    let server = Server::start().await;
    let web = group(&server, "web", json!({"*": {"tgt": "w*"}})).await;
    group(&server, "not web", json!({"*": {"tgt": "not N@web", "tgt_type": "compound"}})).await;
    let sentence = refused(&server, "tgt.delete_target_group", json!({"tgt_uuid": [web]})).await;
    assert!(sentence.contains("409 FailedResourceDependency"), "{sentence}");
    assert!(sentence.contains("\"web\" is in use by target group \"not web\""), "{sentence}");
    call(&server, "tgt.delete_target_group", json!({"tgt_uuid": [web], "force": true})).await;
    let all = json!({"tgt_uuid": "7f93b928-388b-11e6-b133-346895ecb8f3", "force": true});
    assert!(refused(&server, "tgt.delete_target_group", all).await.contains("built in"));
    server.stop().await;
}

#[tokio::test]
async fn what_somebody_owns_is_given_to_another_account() {
    let server = Server::start().await;
    let ann = signed_in_as(&server, "Administrator").await;
    let web = json!({"name": "web", "tgt": {"*": {"tgt": "w*"}}});
    let uuid = call_as(&ann, "tgt.save_target_group", web).await.unwrap();
    let account =
        async |name: &str| call(&server, "auth.get_user", json!({"username": name})).await["uuid"].clone();
    let (from, to) = (account("Administrator").await, account("root").await);
    let mut kwarg = json!({"from_user_uuid": from, "to_user_uuid": to, "test": true});
    let counted = call(&server, "auth.transfer_resources", kwarg.clone()).await;
    assert_eq!((&counted["target_groups"], &counted["jobs"]), (&json!(1), &json!(0)));
    kwarg["test"] = json!(false);
    assert_eq!(call(&server, "auth.transfer_resources", kwarg).await["target_groups"], 1);
    let shown = call(&server, "tgt.get_target_group", json!({"tgt_uuid": uuid})).await;
    assert_eq!(shown["results"][0]["metadata"]["auth"]["owner"]["username"], "root");
    assert_eq!(call_as(&ann, "tgt.get_target_group", json!({"name": "web"})).await.unwrap()["count"], 0);
    server.stop().await;
}

#[tokio::test]
async fn a_group_narrows_what_is_shown_of_minions_and_of_their_returns() {
    let server = Server::start().await;
    let [m1, _m2] = fleet(&server).await;
    let uuid = group(&server, "debian", json!({"*": {"tgt_type": "grain", "tgt": "os:Debian"}})).await;
    let ids = |page: &Value| -> Vec<String> {
        let results = page["results"].as_array().unwrap();
        results.iter().map(|one| one["minion_id"].as_str().unwrap().to_owned()).collect()
    };
    let details = json!({"tgt_uuid": uuid});
    let found = until("the grains are known", async || {
        let found = call(&server, "minions.get_minion_details", details.clone()).await;
        if found["count"] == 2 { Ok(found) } else { Err(found.to_string()) }
    });
    assert_eq!(ids(&found.await), ["db1", "w1"]);
    let values = json!({"key": "os", "tgt_uuid": uuid});
    assert_eq!(call(&server, "minions.get_minion_grain_values", values).await, json!(["Debian"]));
    let jid: raas_api::Jid = "20260102030405000678".parse().unwrap();
    for minion in ["w1", "w2"] {
        m1.returns(&jid, minion, json!(true)).await;
    }
    let all = until("both have returned", async || {
        let all = call(&server, "ret.get_returns", json!({"jid": jid})).await;
        if all["count"] == 2 { Ok(all) } else { Err(all.to_string()) }
    });
    all.await;
    let some = call(&server, "ret.get_returns", json!({"jid": jid, "match_tgt_uuid": uuid})).await;
    assert_eq!((ids(&some), &some["count"]), (vec!["w1".to_owned()], &json!(1)));
    let none = call(&server, "ret.get_returns", json!({"jid": jid, "tgt_uuid": uuid})).await;
    assert_eq!(none["count"], 0, "the job was not sent through the group");
    server.stop().await;
}
