//! One call, one reply; a list of calls, a list of replies; and what is wrong is named.

use serde_json::{Value, json};

use crate::support::Server;

fn echo(message: &str, riq: &Value) -> Value {
    json!({"resource": "test", "method": "echo", "kwarg": {"message": message}, "riq": riq})
}

#[tokio::test]
async fn parameters_come_by_position_and_by_name() {
    let server = Server::start().await;
    for (arg, kwarg) in [
        (json!(["hi"]), json!({})),
        (json!([]), json!({"message": "hi"})),
        (Value::Null, json!({"message": "hi"})),
    ] {
        assert_eq!(server.raw("test.echo", arg, kwarg).await.unwrap(), "hi");
    }
    let (status, reply) = server.post(&echo("hi", &json!({"any": ["thing"]}))).await;
    assert_eq!(status, 200);
    assert_eq!(reply, json!({"riq": {"any": ["thing"]}, "ret": "hi", "error": null, "warnings": []}));
    server.stop().await;
}

#[tokio::test]
async fn wrong_parameters_are_named_with_what_was_given_and_expected() {
    let server = Server::start().await;
    for (method, arg, kwarg, code, said) in [
        (
            "test.echo",
            json!(["a", "b"]),
            json!({}),
            422,
            "takes at most 1 positional parameters (message), 2 were given",
        ),
        ("test.echo", json!(["a"]), json!({"message": "b"}), 422, "\"message\" is given twice"),
        ("test.echo", json!([]), json!({"mesage": "b"}), 422, "did you mean \"message\"?"),
        ("test.echo", json!([7]), json!({}), 422, "parameter \"message\" is 7: expected a string"),
        ("test.echo", json!([]), json!({}), 422, "parameter \"message\" is missing: it has no default"),
        (
            "test.echo",
            json!([]),
            json!({"foo": 1}),
            422,
            "parameter \"foo\" is not known: test.echo takes message",
        ),
        (
            "cluster.get_clusters",
            json!([]),
            json!({"limit": -7}),
            422,
            "parameter \"limit\" is -7: expected -1 (all), 0 or more",
        ),
        ("cluster.get_clusters", json!([]), json!({"kind": "warm"}), 422, "failover"),
        ("master.get_master_keys", json!(["open"]), json!({}), 422, "accepted"),
    ] {
        let error = server.raw(method, arg, kwarg).await.unwrap_err();
        assert_eq!(error.code, code, "{method}: {}", error.message);
        assert!(error.message.contains(said), "{method}: {}", error.message);
    }
    let error = server.raw("test.echo", json!([7]), json!({})).await.unwrap_err();
    assert_eq!((&error.detail["parameter"], &error.detail["given"]), (&json!("message"), &json!("7")));
    server.stop().await;
}

#[tokio::test]
async fn refusals_are_sentences() {
    let server = Server::start().await;
    server.join(&server.plugin("m1")).await;
    let nowhere = json!({"fun": "test.ping", "tgt": {"*": {"tgt": "*", "tgt_type": "nosuch"}}});
    for (method, kwarg, said) in [
        (
            "cmd.route_cmd",
            nowhere,
            "parameter \"tgt.*\" is \"*\" (nosuch): target type \"nosuch\" is not known; use glob",
        ),
        (
            "ret.get_returns",
            json!({"jid": "today"}),
            "parameter \"jid\" is \"today\": expected 20 digits, as 2026",
        ),
        ("ret.get_jid", json!({"jid": "2026"}), "parameter \"jid\" is \"2026\": expected 20 digits, as 2026"),
        (
            "master.save_master_key",
            json!({"title": "", "public_key": "x", "state": "accept"}),
            "is \"\": the name is empty",
        ),
    ] {
        let error = server.raw(method, json!([]), kwarg).await.unwrap_err();
        assert_eq!(error.code, 422, "{method}: {}", error.message);
        assert!(error.message.contains(said), "{method}: {}", error.message);
    }
    server.stop().await;
}

#[tokio::test]
async fn unknown_resources_and_methods_are_answered_with_the_near_ones() {
    let server = Server::start().await;
    let error = server.raw("mastre.get_master_keys", json!([]), json!({})).await.unwrap_err();
    assert_eq!(error.code, 404);
    assert!(
        error.message.contains("there is no resource \"mastre\" (did you mean \"master\"?)"),
        "{}",
        error.message
    );
    let error = server.raw("test.eco", json!([]), json!({})).await.unwrap_err();
    assert!(
        error.message.contains("there is no method \"test.eco\" (did you mean \"echo\"?)"),
        "{}",
        error.message
    );
    server.stop().await;
}

#[tokio::test]
async fn a_list_of_calls_is_answered_in_its_order_and_one_failure_harms_no_other() {
    let server = Server::start().await;
    let broken = json!({"resource": "test", "method": 7});
    let failing = json!({"resource": "test", "method": "error", "riq": 2});
    let warning = json!({"resource": "test", "method": "warnings", "riq": 3});
    let (status, replies) =
        server.post(&json!([echo("a", &json!(1)), failing, warning, broken, echo("b", &json!(5))])).await;
    assert_eq!(status, 200);
    let riq: Vec<&Value> = replies.as_array().unwrap().iter().map(|reply| &reply["riq"]).collect();
    assert_eq!(riq, [&json!(1), &json!(2), &json!(3), &Value::Null, &json!(5)]);
    assert_eq!((&replies[0]["ret"], &replies[4]["ret"]), (&json!("a"), &json!("b")));
    assert_eq!((&replies[1]["ret"], &replies[1]["error"]["code"]), (&Value::Null, &json!(422)));
    assert_eq!(replies[2]["warnings"].as_array().unwrap().len(), 1);
    assert!(replies[3]["error"]["message"].as_str().unwrap().contains("\"method\""), "{}", replies[3]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_call_is_refused_by_the_http_status() {
    let server = Server::configured(|config| config.server.max_body_mib = 1).await;
    let many: Vec<Value> = (0..1001).map(|n| echo("x", &json!(n))).collect();
    for (body, said) in [
        (json!([]), "the list of calls is empty"),
        (json!("hello"), "neither a call"),
        (json!(many), "1001 calls in one request: at most 1000"),
    ] {
        let (status, reply) = server.post(&body).await;
        assert_eq!(status, 400);
        assert!(reply["error"]["message"].as_str().unwrap().contains(said), "{reply}");
    }
    let token = server.root.token().await.unwrap();
    let post = |body: String| {
        let request = server.http.post(format!("{}/raas/rpc", server.url)).body(body);
        request.header("authorization", format!("JWT {token}")).send()
    };
    let refused = post("{\"resource\":".to_owned()).await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("the body is not JSON"));
    let refused = post(echo(&"x".repeat(2 << 20), &Value::Null).to_string()).await.unwrap();
    assert_eq!(refused.status(), 413);
    server.stop().await;
}

#[tokio::test]
async fn the_catalogue_names_every_method_with_its_parameters() {
    let server = Server::start().await;
    let all = server.raw("api.discover", json!([]), json!({})).await.unwrap();
    for (resource, method) in
        [("cmd", "route_cmd"), ("master", "set_master_key_state"), ("cluster", "get_clusters")]
    {
        assert!(
            all[resource][method]["doc"].as_str().is_some_and(|doc| !doc.is_empty()),
            "{resource}.{method}"
        );
    }
    assert_eq!(
        all["master"]["set_master_key_state"]["parameters"],
        json!(["masters", "action", "fingerprint"])
    );
    assert_eq!(all["constants"]["presence"], json!(["present", "lost", "unknown"]));
    server.stop().await;
}

/// Method, parameters, the one that is wrong, and what is expected there.
fn what_no_schema_allows() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let details = json!({"jid": "20260102030405000678", "sort_by": "mood"});
    let schedule =
        |arg: Value| json!({"name": "s", "schedule": {"hours": 1}, "fun": "test.ping", "arg": arg});
    vec![
        ("job.save_job", json!({"name": "j", "fun": "test.ping", "arg": [["a"], {}]}), "arg", "an object"),
        ("schedule.save", schedule(json!([["a"]])), "arg", "an object"),
        (
            "schedule.save",
            json!({"name": "s", "schedule": [60], "fun": "test.ping"}),
            "schedule",
            "an object",
        ),
        ("cmd.route_cmd", json!({"fun": "test.ping", "arg": [["a"]]}), "arg", "an object with arg and kwarg"),
        ("cmd.route_cmd", json!({"fun": "test.ping", "tgt": {"*": ["*", "glob"]}}), "tgt.*", "an object"),
        ("cmd.get_cmds", json!({"sort_by": "mood"}), "sort_by", "\"start_time\", \"create_time\", \"state\""),
        (
            "cmd.get_cmd_details",
            details,
            "sort_by",
            "\"alter_time\", \"minion_id\", \"master_id\", \"has_errors\"",
        ),
        ("ret.get_returns", json!({"sort_by": "mood"}), "sort_by", "\"minion_id\", \"master_id\", \"fun\""),
        ("test.sleep", json!({"seconds": 0.5}), "seconds", "a number from 1 to 120"),
    ]
}

#[tokio::test]
async fn what_the_schema_calls_an_object_is_one_and_what_it_lists_is_all() {
    let server = Server::start().await;
    for (name, kwarg, parameter, expected) in what_no_schema_allows() {
        let refused = server.raw(name, json!([]), kwarg.clone()).await.expect_err(name);
        assert_eq!(refused.code, 422, "{name} {kwarg}: {}", refused.message);
        let said = refused.message;
        let named = said.contains(&format!("parameter \"{parameter}\"")) && said.contains(expected);
        assert!(named, "{name} {kwarg}: {said}");
    }
    let none = json!({"fun": "test.ping", "arg": [], "tgt": {"*": {"tgt": "*"}}});
    let none = server.raw("cmd.plan_cmd", json!([]), none).await;
    let said = none.map_or_else(|error| error.message, |plan| plan.to_string());
    assert!(!said.contains("\"arg\""), "no arguments, as clients of the commercial product write it: {said}");
    let schema = server.http.get(format!("{}/openapi.json", server.url)).send().await.unwrap();
    let schema = schema.text().await.unwrap();
    assert!(schema.contains("\"maximum\":120"), "the schema says so, too");
    server.stop().await;
}
