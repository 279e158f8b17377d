//! What the row of a minion says of its keys is what its links and the decision about it say, whoever changed them, and how.
use raas_db::testing::TestDb;
use tokio_postgres::Client;

const FLEET: &str = "
INSERT INTO cluster VALUES ('c', 'failover', now());
INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at)
SELECT md5('m' || n)::uuid, 'm' || n, 'c', 'f', now() FROM generate_series(0, 3) AS n;
INSERT INTO minion (cluster_id, minion_id, created_at, seen_at)
SELECT 'c', 'w' || n, now(), CASE WHEN n % 3 = 0 THEN now() END FROM generate_series(0, 7) AS n;
";

/// Rows whose columns are not what counting anew makes of them.
const WRONG: &str = "
SELECT m.minion_id, k.*, m.known FROM minion m
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM link l WHERE l.minion_id = m.minion_id AND l.key_state IS NOT NULL) AS keys,
           (SELECT count(*) FROM link l WHERE l.minion_id = m.minion_id AND l.key_state = 'accepted') AS accepted,
           EXISTS (SELECT FROM link l WHERE l.minion_id = m.minion_id AND l.key_state IN ('pending', 'denied')) AS waiting,
           (SELECT count(DISTINCT f) FROM (SELECT l.fingerprint FROM link l WHERE l.minion_id = m.minion_id AND l.key_state IS NOT NULL
                                           UNION ALL
                                           SELECT d.fingerprint FROM minion_key d WHERE d.minion_id = m.minion_id AND d.desired = 'accepted') AS t(f)) > 1 AS differing
) AS k
WHERE (m.keys, m.accepted, m.waiting, m.differing) IS DISTINCT FROM (k.keys, k.accepted, k.waiting, k.differing)
   OR m.known IS DISTINCT FROM (k.accepted > 0 OR (m.seen_at IS NOT NULL AND k.keys = 0))
UNION ALL
SELECT d.minion_id, NULL, NULL, NULL, NULL, NULL FROM minion_key d
WHERE d.held <> EXISTS (SELECT FROM link l WHERE l.minion_id = d.minion_id AND l.key_state IS NOT NULL)
";

async fn connect(db: &TestDb) -> Client {
    let (client, connection) = tokio_postgres::connect(db.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// One change of the fleet: by a report, a decision, or somebody who leaves.
fn change(of: u64) -> String {
    let pick = |bits: u32, most: u64| (of >> bits) % most;
    let (minion, master) = (format!("w{}", pick(8, 8)), format!("md5('m{}')::uuid", pick(16, 4)));
    let state =
        ["NULL", "'accepted'", "'pending'", "'rejected'", "'denied'"][usize::try_from(pick(24, 5)).unwrap()];
    let print = if state == "NULL" { "NULL".to_owned() } else { format!("'f{}'", pick(32, 2)) };
    match pick(0, 12) {
        0..=4 => format!(
            "INSERT INTO link (cluster_id, minion_id, master_uuid, key_state, fingerprint) SELECT 'c', w, {master}, {state}, {print} \
             FROM unnest(ARRAY['{minion}', 'w1']) AS w WHERE EXISTS (SELECT FROM master WHERE master_uuid = {master}) \
             AND EXISTS (SELECT FROM minion WHERE minion_id = w) GROUP BY w \
             ON CONFLICT (cluster_id, minion_id, master_uuid) DO UPDATE SET key_state = EXCLUDED.key_state, fingerprint = EXCLUDED.fingerprint"
        ),
        5 => format!("UPDATE link SET seen_at = now() WHERE minion_id = '{minion}'"),
        6 => format!("DELETE FROM link WHERE minion_id IN ('{minion}', 'w2') AND master_uuid = {master}"),
        7 => format!(
            "UPDATE minion SET seen_at = CASE WHEN seen_at IS NULL THEN now() END WHERE minion_id = '{minion}'"
        ),
        8 | 9 => format!(
            "INSERT INTO minion_key (cluster_id, minion_id, desired, fingerprint, decided_at, decided_by) \
             VALUES ('c', '{minion}', '{}', 'f{}', now(), 'root') ON CONFLICT (cluster_id, minion_id) \
             DO UPDATE SET desired = EXCLUDED.desired, fingerprint = EXCLUDED.fingerprint",
            ["accepted", "rejected"][usize::try_from(pick(40, 2)).unwrap()],
            pick(33, 2),
        ),
        10 => format!("DELETE FROM minion_key WHERE minion_id = '{minion}'"),
        _ if pick(48, 4) == 0 => format!(
            "DELETE FROM master WHERE master_uuid = {master}; INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at) \
             VALUES ({master}, 'm{}', 'c', 'f', now())",
            pick(16, 4)
        ),
        _ => format!(
            "DELETE FROM minion WHERE minion_id = '{minion}'; INSERT INTO minion (cluster_id, minion_id, created_at) VALUES ('c', '{minion}', now())"
        ),
    }
}

#[tokio::test]
async fn keys_are_counted_as_they_change() {
    let db = TestDb::new().await.unwrap();
    let client = connect(&db).await;
    client.batch_execute(FLEET).await.unwrap();
    let mut state: u64 = 20_261_130;
    for step in 0..600 {
        // Knuth's MMIX generator; its high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let sql = change(state.rotate_left(31));
        client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{step}: {sql}: {error:?}"));
        let wrong = client.query(WRONG, &[]).await.unwrap();
        assert!(wrong.is_empty(), "step {step}: {sql}\n{wrong:?}");
    }
}

#[tokio::test]
async fn two_masters_tell_the_same_minion_at_once() {
    let db = TestDb::new().await.unwrap();
    let (mut one, mut two) = (connect(&db).await, connect(&db).await);
    one.batch_execute(FLEET).await.unwrap();
    let tell = |master: &str| {
        format!(
            "INSERT INTO link (cluster_id, minion_id, master_uuid, key_state, fingerprint) \
             VALUES ('c', 'w1', md5('{master}')::uuid, 'accepted', 'f')"
        )
    };
    let first = one.transaction().await.unwrap();
    first.batch_execute(&tell("m0")).await.unwrap();
    let later = tokio::spawn(async move {
        let second = two.transaction().await.unwrap();
        second.batch_execute(&tell("m1")).await.unwrap();
        second.commit().await.unwrap();
    });
    // The second one waits for the row of the minion: seen by its lock, not by the time.
    while first.query("SELECT FROM pg_locks WHERE NOT granted", &[]).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    first.commit().await.unwrap();
    later.await.unwrap();
    let row = one.query_one("SELECT keys, accepted FROM minion WHERE minion_id = 'w1'", &[]).await.unwrap();
    assert_eq!((row.get::<_, i32>(0), row.get::<_, i32>(1)), (2, 2));
}
