//! The presence of minions in SQL is the rule of `raas_cluster::presence::minion`, in every case.
use jiff::{SignedDuration, Timestamp};
use raas_cluster::presence::{self, MinionEvidence};
use raas_db::testing::TestDb;
use raas_db::{Session as _, cluster};
use uuid::Uuid;

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

/// Minions of a hot-hot cluster that were seen and fell silent at all sorts of times, on a master that is there, one that is not, on none.
const FLEET: &str = "
INSERT INTO cluster VALUES ('c', 'hot', now());
INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at)
SELECT md5(id)::uuid, id, 'c', 'f', now() FROM unnest(ARRAY['m1', 'm2']) AS id;
INSERT INTO minion (cluster_id, minion_id, created_at, seen_at, silent_at, seen_by)
SELECT 'c', row_number() OVER ()::text, now(), to_timestamp(1000 - seen), to_timestamp(1000 - silent), md5(id)::uuid
FROM unnest(ARRAY[NULL, 0, 59, 60, 61, 900]) AS seen CROSS JOIN unnest(ARRAY[NULL, 0, 59, 60, 61, 900]) AS silent
CROSS JOIN unnest(ARRAY['m1', 'm2', NULL]) AS id;
INSERT INTO link (cluster_id, minion_id, master_uuid, key_state, fingerprint, seen_at, silent_at)
SELECT m.cluster_id, m.minion_id, ma.master_uuid, 'accepted', 'f', m.seen_at, m.silent_at FROM minion m CROSS JOIN master ma;
";

#[tokio::test]
async fn numbers_of_minions_are_counted_by_the_same_rule() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch(FLEET).await.unwrap();
    let row = client.query_one("SELECT md5('m1')::uuid", &[]).await.unwrap();
    let (m1, fresh_from) = (row.try_get::<_, Uuid>(0).unwrap(), Timestamp::from_second(940).unwrap());
    let (clusters, present) = (["c".to_owned()], [m1]);
    let sql = "SELECT seen_by, minion_presence(seen_at, silent_at, seen_by = ANY($1::uuid[]), $2) AS presence, count(*) AS minions
               FROM known_minion GROUP BY 1, 2";
    let by_rule = client.query(sql, &[&present.as_slice(), &fresh_from]).await.unwrap();
    let mut by_rule: Vec<(Option<Uuid>, String, i64)> = by_rule
        .iter()
        .map(|row| (row.try_get(0).unwrap(), row.try_get(1).unwrap(), row.try_get(2).unwrap()))
        .collect();
    by_rule.sort();
    assert_eq!(by_rule.iter().map(|one| one.2).sum::<i64>(), 108);
    for of in [Some(clusters.as_slice()), None] {
        let counts = cluster::minion_counts(&client, of, &present, fresh_from).await.unwrap();
        let mut counts: Vec<_> =
            counts.into_iter().map(|one| (one.seen_by, one.presence, one.minions)).collect();
        counts.sort();
        assert_eq!(counts, by_rule);
    }

    let sql = "SELECT count(*) FROM link WHERE master_uuid = $1 AND minion_presence(seen_at, silent_at, true, $2) = 'present'";
    let row = client.query_one(sql, &[&m1, &fresh_from]).await.unwrap();
    let held = cluster::held(&client, &clusters, &present, fresh_from).await.unwrap();
    assert_eq!(held, [(m1, row.try_get(0).unwrap())]);
}
