//! Lists of a big fleet: what is shown is the same from either end of a list, and an index alone counts and orders it.
use jiff::Timestamp;
use raas_db::link::{self, KeyOrder};
use raas_db::minion::{self, Fresh, PresenceOrder};
use raas_db::testing::TestDb;
use raas_db::{Client, Only, Session as _};

/// 6,000 minions of two clusters, whose keys two masters each hold; some wait, some are denied beside another key.
const FLEET: &str = "
SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0;
INSERT INTO cluster VALUES ('a', 'failover', now()), ('b', 'hot', now());
INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at)
SELECT md5(c.cluster_id || n)::uuid, c.cluster_id || '-' || 3 - n, c.cluster_id, 'f', now() FROM cluster c CROSS JOIN generate_series(1, 2) AS n;
INSERT INTO minion (cluster_id, minion_id, created_at, seen_at, seen_by, grains)
SELECT c.cluster_id, 'w' || lpad((n * 7919 % 10007)::text, 5, '0'), now(), now() - n * interval '1 s', md5(c.cluster_id || 1)::uuid,
       jsonb_build_object('os', 'os' || n % 4, 'ipv4', jsonb_build_array('10.0.0.' || n % 250), 'more', repeat(md5(n::text), 100))
FROM cluster c CROSS JOIN generate_series(1, 3000) AS n;
INSERT INTO link (cluster_id, minion_id, master_uuid, key_state, fingerprint, denied_fingerprint)
SELECT m.cluster_id, m.minion_id, ma.master_uuid, CASE WHEN right(m.minion_id, 2) = '07' THEN 'pending' ELSE 'accepted' END, 'f',
       CASE WHEN right(m.minion_id, 2) = '11' THEN 'other' END
FROM minion m JOIN master ma USING (cluster_id);
";

async fn fleet() -> TestDb {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch(FLEET).await.unwrap();
    client.batch("VACUUM ANALYZE").await.unwrap();
    db
}

type Key = (String, String, String);

async fn keys(client: &Client, order: (KeyOrder, bool), limit: i64, offset: i64) -> (i64, Vec<Key>) {
    let only = Only::default();
    let search =
        link::Search { entity: None, minion_id: None, key_state: None, order, limit, offset, only: &only };
    let (count, found) = link::keys(client, &search).await.unwrap();
    (count, found.into_iter().map(|one| (one.minion_id, one.master_id, one.key_state)).collect())
}

#[tokio::test]
async fn a_page_of_keys_is_the_same_from_either_end_of_the_list() {
    let db = fleet().await;
    let client = db.db().client().await.unwrap();
    for by in [KeyOrder::MinionId, KeyOrder::MasterId, KeyOrder::KeyState] {
        let (count, all) = keys(&client, (by, false), -1, 0).await;
        assert_eq!(count, 12_000 + 124, "each key, and the denied ones beside them");
        let mut turned = keys(&client, (by, true), -1, 0).await.1;
        turned.reverse();
        assert_eq!(all, turned, "{by:?}");
        for offset in [0, 50, 10_000, 12_000, 12_100, 12_124, 20_000] {
            let page = keys(&client, (by, false), 50, offset).await;
            let from = usize::try_from(offset).unwrap().min(all.len());
            assert_eq!(page, (count, all[from..(from + 50).min(all.len())].to_vec()), "{by:?} {offset}");
        }
    }
}

/// What PostgreSQL would do for the page of a list.
async fn plan(client: &Client, sql: &str) -> String {
    client.batch(&format!("CREATE TEMP TABLE IF NOT EXISTS said (line text); TRUNCATE said; DO $$ DECLARE line text; BEGIN FOR line IN                            EXECUTE 'EXPLAIN ' || $sql${sql}$sql$ LOOP INSERT INTO said VALUES (line); END LOOP; END $$"))
        .await
        .unwrap();
    let rows = client.query("SELECT line FROM said", &[]).await.unwrap();
    rows.iter().map(|row| row.try_get::<_, String>(0).unwrap()).collect::<Vec<_>>().join("\n")
}

/// The statement with these values; the others are null.
fn with(statement: &str, count: usize, given: &[(usize, &str)]) -> String {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    let sql = lines.collect::<Vec<_>>().join("\n");
    (1..=count).rev().fold(sql, |sql, n| {
        let value = given.iter().find(|(of, _)| *of == n).map_or("NULL", |(_, value)| *value);
        sql.replace(&format!("${n}"), value)
    })
}

#[tokio::test]
async fn minions_and_keys_are_counted_and_paged_by_an_index_alone() {
    let db = fleet().await;
    let client = db.db().client().await.unwrap();
    client.batch("SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0").await.unwrap();
    let page = [("50", "0"), ("50", "5000")];
    for (limit, offset) in page {
        for (sql, index) in [
            (
                with(
                    include_str!("../queries/minion/presence.sql"),
                    13,
                    &[(1, "'{}'"), (2, "now()"), (10, limit), (11, offset)],
                ),
                "minion_by_id",
            ),
            (
                with(
                    include_str!("../queries/minion/details.sql"),
                    12,
                    &[(1, "'{}'"), (2, "now()"), (7, limit), (8, offset)],
                ),
                "minion_by_id",
            ),
            (
                with(
                    include_str!("../queries/minion_key/page.sql"),
                    7,
                    &[(3, "false"), (4, limit), (5, offset)],
                ),
                "minion_with_keys",
            ),
            (with(include_str!("../queries/link/keys.sql"), 7, &[(4, limit), (5, offset)]), "link_by_minion"),
        ] {
            let plan = plan(&client, &sql).await;
            assert!(plan.contains(&format!("Index Only Scan using {index}")), "{plan}");
            assert!(!plan.contains("Seq Scan on minion m") && !plan.contains("Seq Scan on link l"), "{plan}");
        }
    }
}

#[tokio::test]
async fn what_a_minion_tells_is_never_too_long_for_the_index_of_lists() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    let long = "\u{1F9C2}".repeat(5000);
    let grains = serde_json::json!({"os": long, "osfullname": format!("{long}1"), "saltversion": long, "host": long,
                                    "ipv4": [long, long], "ipv6": [long]});
    client.batch("INSERT INTO cluster VALUES ('c', 'failover', now())").await.unwrap();
    // The hardest ids: as long as they may be, and no text in them that could be made shorter.
    let name = "SELECT left(string_agg(md5(n::text), ''), 255) FROM generate_series(1, 8) AS n";
    let insert = format!(
        "UPDATE cluster SET cluster_id = ({name}); INSERT INTO minion (cluster_id, minion_id, created_at, seen_at, grains)
         SELECT cluster_id, reverse(cluster_id), now(), now(), '{grains}' FROM cluster"
    );
    client.batch(&insert).await.unwrap();
    let fresh = Fresh { present: &[], from: Timestamp::UNIX_EPOCH };
    let search = minion::Search {
        entity: None,
        cluster_id: None,
        minion_id: None,
        status: None,
        ipv4: None,
        host: None,
        only: &Only::default(),
        order: (PresenceOrder::Minion, false),
        limit: 50,
        offset: 0,
    };
    assert_eq!(minion::presence(&client, fresh, &search).await.unwrap().0, 1);
    // Two texts that begin alike are two values.
    let other = format!(
        "INSERT INTO minion (cluster_id, minion_id, created_at, seen_at, grains)
                         SELECT cluster_id, 'other', now(), now(), '{}' FROM cluster",
        serde_json::json!({"osfullname": format!("{long}2")})
    );
    client.batch(&other).await.unwrap();
    let values =
        minion::grain_values(&client, "osfullname", None, None, (&Only::default(), None)).await.unwrap();
    assert_eq!(values.len(), 2);
}

#[tokio::test]
async fn whether_a_master_told_its_keys_is_asked_of_an_index() {
    let db = fleet().await;
    let client = db.db().client().await.unwrap();
    // As soon as one row is enough, reading them all looks quick: the row may be the last one.
    let sql = include_str!("../queries/routing/masters.sql")
        .replace("$1", "'{a}'::text[]")
        .replace("$2", "false")
        .replace("$3", "now()");
    let plan = plan(&client, &sql).await;
    assert!(plan.contains("link_by_master") && !plan.contains("Seq Scan on link"), "{plan}");
}
