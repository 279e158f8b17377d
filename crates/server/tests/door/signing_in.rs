//! Who comes in, with what, and who does not.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use raas_client::{Client, ClientError, Credentials, Options};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Server};

/// Status and body of a login, with the cookie repeated in the header or not.
async fn login(server: &Server, body: &Value, with_xsrf: bool) -> (u16, Value) {
    let url = format!("{}/account/login", server.url);
    let mut request = server.http.post(&url).json(body);
    if with_xsrf {
        let offer = server.http.get(&url).send().await.unwrap();
        let cookie = offer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let value = cookie.strip_prefix("_xsrf=").unwrap().to_owned();
        request = request.header("cookie", cookie).header("X-Xsrftoken", value);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Status and message of a call with this Authorization header.
async fn with(server: &Server, authorization: &str) -> (u16, String) {
    let call = json!({"resource": "test", "method": "echo", "kwarg": {"message": "hello"}});
    let mut request = server.http.post(format!("{}/rpc", server.url)).json(&call);
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let message = body["error"]["message"].as_str().unwrap_or_else(|| body["ret"].as_str().unwrap());
    (status, message.to_owned())
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

#[tokio::test]
async fn a_token_comes_for_name_password_and_the_repeated_cookie() {
    let server = Server::start().await;
    let credentials =
        json!({"username": "root", "password": PASSWORD, "config_name": "internal", "token_type": "jwt"});
    let (status, refused) = login(&server, &credentials, false).await;
    assert_eq!(status, 403);
    assert!(refused["error"]["message"].as_str().unwrap().contains("GET /account/login first"), "{refused}");

    let (status, body) = login(&server, &credentials, true).await;
    assert_eq!((status, &body["attributes"]["username"]), (200, &json!("root")));
    let jwt = body["jwt"].as_str().unwrap();
    for authorization in
        [format!("JWT {jwt}"), format!("jwt {jwt}"), format!("Bearer {jwt}"), basic("root", PASSWORD)]
    {
        assert_eq!(with(&server, &authorization).await, (200, "hello".to_owned()));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let server = Server::start().await;
    let wrong = login(&server, &json!({"username": "root", "password": "guess"}), true).await;
    let unknown = login(&server, &json!({"username": "nobody", "password": "guess"}), true).await;
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.0, 401);
    assert_eq!(wrong.1["error"]["message"], "user name or password is wrong");
    let (status, _) = with(&server, &basic("root", "guess")).await;
    assert_eq!(status, 401);

    let credentials = Credentials::Password { username: "root".to_owned(), password: "guess".to_owned() };
    let client = Client::new(Options::new(&server.url, credentials)).unwrap();
    let refused = client.token().await.unwrap_err();
    assert!(matches!(refused, ClientError::SignIn { .. }), "{refused}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_authorization_is_refused_with_what_to_do() {
    let server = Server::start().await;
    for (given, said) in [
        ("", "not signed in"),
        ("Digest x", "authorization scheme \"digest\" is not known: use JWT, Bearer or Basic"),
        ("Basic ???", "expected base64 of user:password"),
        ("JWT", "was not issued by this server: sign in again"),
    ] {
        let (status, message) = with(&server, given).await;
        assert_eq!(status, 401, "{given}: {message}");
        assert!(message.contains(said), "{given}: {message}");
    }
    server.stop().await;
}

#[tokio::test]
async fn after_too_many_failures_a_name_is_locked_out_for_a_while() {
    let server = Server::configured(|config| config.auth.attempts = 3).await;
    for _ in 0..3 {
        assert_eq!(with(&server, &basic("root", "guess")).await.0, 401);
    }
    let (status, message) = with(&server, &basic("root", PASSWORD)).await;
    assert_eq!(status, 429, "the right password, too, while it is locked out: {message}");
    assert!(message.contains("too many failed logins for \"root\": try again in"), "{message}");
    assert_eq!(with(&server, &basic("somebody", "guess")).await.0, 401, "others are not locked out");

    server.clock.advance(31);
    assert_eq!(with(&server, &basic("root", PASSWORD)).await.0, 200);
    assert_eq!(with(&server, &basic("root", "guess")).await.0, 401, "a success starts the count anew");
    server.stop().await;
}

#[tokio::test]
async fn a_name_that_no_account_can_have_never_reaches_the_database() {
    let server = Server::start().await;
    // Random letters: what compresses well would fit into an index row.
    let long: String = (0..200).map(|_| Server::uuid().simple().to_string()).collect();
    for (name, said) in [(long.as_str(), "6400 bytes long: at most 256"), ("ro\0ot", "NUL")] {
        let (status, body) = login(&server, &json!({"username": name, "password": "x"}), true).await;
        assert_eq!(status, 401, "{body}");
        assert!(body["error"]["message"].as_str().unwrap().contains(said), "{body}");
        let (status, message) = with(&server, &basic(name, "x")).await;
        assert!(status == 401 && message.contains(said), "{status}: {message}");
    }
    let elsewhere = json!({"username": "root", "password": "x", "config_name": long});
    assert_eq!(login(&server, &elsewhere, true).await.0, 401);
    let longest = "n".repeat(256);
    assert_eq!(
        with(&server, &basic(&longest, "x")).await,
        (401, "user name or password is wrong".to_owned())
    );
    server.stop().await;
}

#[tokio::test]
async fn a_flood_of_sign_ins_is_told_to_wait_and_holds_up_nobody_else() {
    let server = std::sync::Arc::new(Server::configured(|config| config.database.max_connections = 2).await);
    let jwt = format!("JWT {}", server.root.token().await.unwrap());
    let mut flood = tokio::task::JoinSet::new();
    for n in 0..300 {
        let server = server.clone();
        flood.spawn(async move { with(&server, &basic(&format!("nobody{n}"), "guess")).await });
    }
    let (mut refused, mut served) = (0, 0);
    while let Some(answer) = flood.join_next().await {
        let (status, message) = answer.unwrap();
        match status {
            429 => {
                assert!(message.contains("too many sign-ins are being checked"), "{message}");
                refused += 1;
            }
            _ => assert_eq!((status, message.as_str()), (401, "user name or password is wrong")),
        }
        if !flood.is_empty() && served < 20 {
            assert_eq!(with(&server, &jwt).await, (200, "hello".to_owned()));
            server.raw("master.get_master_keys", json!([]), json!({})).await.unwrap();
            served += 1;
        }
    }
    assert!(refused > 0 && served > 0, "{refused} refused, {served} served");
    let Some(server) = std::sync::Arc::into_inner(server) else { panic!("somebody still uses the server") };
    server.stop().await;
}

#[tokio::test]
async fn a_token_expires() {
    let server = Server::configured(|config| config.auth.jwt_ttl_s = 1200).await;
    let jwt = server.root.token().await.unwrap();
    // The clock runs on beside the jumps: the margins are for a slow machine.
    server.clock.advance(600);
    assert_eq!(with(&server, &format!("JWT {jwt}")).await.0, 200);
    server.clock.advance(601);
    let (status, message) = with(&server, &format!("JWT {jwt}")).await;
    assert_eq!((status, message.as_str()), (401, "the token has expired: sign in again"));
    // The client does what the message says.
    assert_eq!(server.raw("test.echo", json!(["again"]), json!({})).await.unwrap(), "again");
    server.stop().await;
}

#[tokio::test]
async fn a_forged_token_is_refused() {
    let server = Server::start().await;
    let jwt = server.root.token().await.unwrap();
    let [header, claims, signature] = jwt.split('.').collect::<Vec<_>>().try_into().unwrap();
    let decode =
        |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let mut longer = decode(claims);
    longer["exp"] = json!(i64::MAX);
    let forged = |secret: &[u8]| {
        let key = jsonwebtoken::EncodingKey::from_secret(secret);
        jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256), &longer, &key)
            .unwrap()
    };
    for token in [
        format!("{header}.{}.{signature}", encode(&longer)),
        format!("{}.{}.", encode(&json!({"alg": "none", "typ": "JWT"})), encode(&longer)),
        format!("{}.{}.{signature}", encode(&json!({"alg": "HS512", "typ": "JWT"})), encode(&longer)),
        format!("{header}.{claims}."),
        forged(b"another secret"),
        forged(b""),
    ] {
        let (status, message) = with(&server, &format!("JWT {token}")).await;
        assert_eq!(status, 401, "{token}");
        assert!(message.contains("was not issued by this server"), "{message}");
    }
    server.stop().await;
}

#[tokio::test]
async fn servers_of_one_database_take_each_others_tokens() {
    let first = Server::start().await;
    let second = Server::on(first.db.clone(), first.clock.clone(), |_| {}).await;
    let jwt = first.root.token().await.unwrap();
    assert_eq!(with(&second, &format!("JWT {jwt}")).await, (200, "hello".to_owned()));
    first.stop().await;
    assert_eq!(with(&second, &format!("JWT {jwt}")).await.0, 200, "and after a restart");
    second.stop().await;
}
