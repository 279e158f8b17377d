//! The presence of minions in SQL is the rule of `raas_cluster::presence::minion`, in every case.
use jiff::{SignedDuration, Timestamp};
use raas_cluster::presence::{self, MinionEvidence};
use raas_db::testing::TestDb;

#[tokio::test]
async fn lists_of_minions_judge_as_the_rule_does() {
    let db = TestDb::new().await.unwrap();
    let (client, connection) = tokio_postgres::connect(db.url(), tokio_postgres::NoTls).await.unwrap();
    let task = tokio::spawn(connection);
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let expiry = SignedDuration::from_secs(60);
    let fresh_from = now.checked_sub(expiry).unwrap();
    let ago = |seconds: Option<i64>| seconds.map(|s| now.checked_sub(SignedDuration::from_secs(s)).unwrap());
    let times = [None, Some(0), Some(59), Some(60), Some(61), Some(1000)];
    for seen in times {
        for silent in times {
            for seen_by_present in [true, false] {
                let evidence = MinionEvidence { seen_at: ago(seen), silent_at: ago(silent), seen_by_present };
                let rule = presence::minion(now, &evidence, expiry);
                let sql = "SELECT minion_presence($1, $2, $3, $4)";
                let row = client
                    .query_one(sql, &[&evidence.seen_at, &evidence.silent_at, &seen_by_present, &fresh_from])
                    .await
                    .unwrap();
                assert_eq!(row.get::<_, &str>(0), rule.as_str(), "seen {seen:?} s ago, {evidence:?}");
            }
        }
    }
    drop(client);
    task.await.unwrap().unwrap();
}
