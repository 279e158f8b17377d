//! Accounts, secrets and failed sign-ins: what several servers of one database must agree on.
use std::time::Duration;

use jiff::Timestamp;
use raas_db::account::{self, Account};
use raas_db::testing::TestDb;
use raas_db::{
    login_failure::{self, Attempt},
    secret,
};
use uuid::Uuid;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn root(uuid: u128) -> Account {
    Account {
        password_hash: Some("hash".to_owned()),
        roles: vec!["Superuser".to_owned()],
        held_roles: vec!["Superuser".to_owned()],
        ..Account::new(Uuid::from_u128(uuid), "root", at(0))
    }
}

#[tokio::test]
async fn two_first_servers_make_one_root_and_share_its_secrets() {
    let db = TestDb::new().await.unwrap();
    let (one, two) = (db.db().client().await.unwrap(), db.db().client().await.unwrap());
    assert!(account::insert(&one, &root(1)).await.unwrap());
    assert!(!account::insert(&two, &root(2)).await.unwrap(), "the second changes nothing");
    let found = account::find(&two, "internal", "root").await.unwrap().unwrap();
    assert_eq!(found, root(1));

    let first = secret::get_or_insert(&one, "jwt_secret", b"one", at(0)).await.unwrap();
    let second = secret::get_or_insert(&two, "jwt_secret", b"two", at(0)).await.unwrap();
    assert_eq!((first.as_slice(), second.as_slice()), (&b"one"[..], &b"one"[..]));
}

#[tokio::test]
async fn failures_count_up_within_their_window_and_are_forgotten_after_it() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    let minute = Duration::from_secs(60);
    let here = Attempt { config_name: "internal", username: "root", address: "192.0.2.1" };
    let there = Attempt { address: "192.0.2.2", ..here };
    let recent = async |attempt, second| {
        let found = login_failure::recent(&client, attempt, at(second)).await.unwrap();
        [found.here, found.of_address, found.of_name]
    };
    for second in [0, 10, 20] {
        login_failure::record(&client, here, at(second), minute).await.unwrap();
    }
    let other = Attempt { username: "ann", ..here };
    login_failure::record(&client, other, at(30), minute).await.unwrap();
    assert_eq!(recent(here, 0).await, [3, 4, 3]);
    assert_eq!(recent(there, 0).await, [0, 0, 3], "nothing came from there");
    login_failure::record(&client, here, at(200), minute).await.unwrap();
    assert_eq!(recent(here, 190).await, [1, 1, 1], "an old failure does not count");
    login_failure::clear(&client, here).await.unwrap();
    assert_eq!(recent(here, 0).await, [0, 1, 0]);
    assert_eq!(login_failure::forget(&client, at(300)).await.unwrap(), 1);
    assert_eq!(recent(here, 0).await, [0, 0, 0]);
}
