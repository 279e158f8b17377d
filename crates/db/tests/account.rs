//! Accounts, secrets and failed sign-ins: what several servers of one database must agree on.
use std::time::Duration;

use jiff::Timestamp;
use raas_db::account::{self, Account};
use raas_db::testing::TestDb;
use raas_db::{login_failure, secret};
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
    let fail = async |second| {
        login_failure::record(&client, "internal", "root", at(second), minute).await.unwrap().failures
    };
    assert_eq!([fail(0).await, fail(10).await, fail(20).await], [1, 2, 3]);
    assert_eq!(fail(200).await, 1, "an old failure does not count");
    assert_eq!(login_failure::forget(&client, at(300)).await.unwrap(), 1);
    assert_eq!(login_failure::get(&client, "internal", "root").await.unwrap(), None);
}
