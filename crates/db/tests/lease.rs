//! Leadership: one holder at a time, whatever the servers' clocks say.
use std::time::Duration;

use raas_db::lease;
use raas_db::testing::TestDb;
use uuid::Uuid;

use crate::support::until;

const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn one_server_leads_until_it_gives_the_lease_back() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert!(lease::take(&client, "leader", a, LONG).await.unwrap());
    assert!(lease::take(&client, "leader", a, LONG).await.unwrap(), "its own lease is renewed");
    assert!(!lease::take(&client, "leader", b, LONG).await.unwrap());
    lease::release(&client, "leader", b).await.unwrap();
    assert!(!lease::take(&client, "leader", b, LONG).await.unwrap(), "only the holder can give it back");
    lease::release(&client, "leader", a).await.unwrap();
    assert!(lease::take(&client, "leader", b, LONG).await.unwrap());
}

#[tokio::test]
async fn a_dead_leader_is_followed_once_its_lease_ends() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    let (dead, heir) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert!(lease::take(&client, "leader", dead, Duration::from_millis(50)).await.unwrap());
    until("the heir leads", async || lease::take(&client, "leader", heir, LONG).await.unwrap()).await;
    assert!(!lease::renew(&client, "leader", dead, LONG).await.unwrap(), "the dead one learns that it lost");
}
