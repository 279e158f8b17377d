//! Searches of returns: whichever way they are read, the same are found, in the same order, and counted.
use raas_db::ret::{self, Search, SortBy};
use raas_db::testing::TestDb;
use raas_db::{Client, Only, Session as _};
use uuid::Uuid;

/// 400 commands to two clusters, each answered by three minions; three masters decided, the third of them seldom.
const HISTORY: &str = "
CREATE TABLE ret_of_1 PARTITION OF ret FOR VALUES FROM ('2026-01-01') TO ('2026-01-02');
CREATE TABLE ret_of_2 PARTITION OF ret FOR VALUES FROM ('2026-01-02') TO ('2026-01-03');
CREATE TABLE body_of_1 PARTITION OF body FOR VALUES FROM ('2026-01-01') TO ('2026-01-03');
INSERT INTO cluster VALUES ('c0', 'failover', now()), ('c1', 'hot', now());
INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at)
SELECT md5('m' || n)::uuid, 'm' || n, 'c' || n % 2, 'f', now() FROM generate_series(0, 3) AS n;
INSERT INTO command (jid, day, cmd, fun, arg, tgt, clusters, user_name, source, is_highstate, created_at, timeout_ms, state, ended_at,
                     expected, returned_good, returned_failed, job_name, tgt_name)
SELECT to_char(at, 'YYYYMMDDHH24MISS') || lpad(n::text, 6, '0'), at::date, 'local', 'fun.' || n % 5, '{}', '{}', ARRAY['c' || n % 2],
       'person-' || n % 7, 'raas', n % 10 = 0, at AT TIME ZONE 'UTC', 1, 'completed_all_successful', at AT TIME ZONE 'UTC', 3, 2, 1,
       'job-' || n % 3, 'group-' || n % 4
FROM generate_series(0, 399) AS n CROSS JOIN LATERAL (SELECT timestamp '2026-01-01' + n * interval '5 min' AS at) AS t;
-- Salt's own job with a clock that was wrong: its jid is the smallest, its day the last one.
UPDATE command SET jid = '20200101' || right(jid, 12), day = '2026-01-02' WHERE jid = (SELECT max(jid) FROM command);
INSERT INTO ret (day, cluster_id, jid, minion_id, master_uuid, fun, fun_args, success, retcode, stamp, alter_time, body_hash, source)
SELECT c.day, c.clusters[1], c.jid, 'web' || (n * 7 + right(c.jid, 6)::integer) % 40,
       md5('m' || CASE WHEN right(c.jid, 2) = '42' THEN 2 ELSE right(c.jid, 1)::integer % 2 END)::uuid,
       c.fun, to_json(ARRAY['arg ' || n]), n <> 2, 0, c.created_at, c.created_at + n * interval '1 s', '', 'bus'
FROM command c CROSS JOIN generate_series(1, 3) AS n;
";

async fn history() -> (TestDb, Client) {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch(HISTORY).await.unwrap();
    (db, client)
}

/// Found by `search`, as (jid, minion), when so many are known.
async fn found(
    client: &Client,
    of: &Search,
    order: (SortBy, bool),
    rows: (Option<i64>, i64),
    known: Option<i64>,
) -> Vec<(String, String)> {
    let found = ret::search(client, of, order, rows, (10_000, known)).await.unwrap();
    found.into_iter().map(|one| (one.jid, one.minion_id)).collect()
}

async fn uuid(client: &Client, master: &str) -> Uuid {
    client.query_one("SELECT md5($1)::uuid", &[&master]).await.unwrap().try_get(0).unwrap()
}

#[tokio::test]
async fn few_returns_of_a_master_are_the_same_as_those_found_through_all_commands() {
    let (_db, client) = history().await;
    // Where it is now is not where it was: what it decided there is still its own.
    client.batch("UPDATE master SET cluster_id = 'c1' WHERE master_id = 'm0'").await.unwrap();
    for (master, count) in [("m0", 588), ("m1", 600), ("m2", 12), ("m3", 0), ("nobody", 0)] {
        let of = Search { master_uuid: Some(uuid(&client, master).await), ..Search::default() };
        assert!(of.is_of_a_master());
        assert_eq!(ret::count(&client, &of, 10_000).await.unwrap(), count, "{master}");
        assert_eq!(ret::count(&client, &of, 5).await.unwrap(), count.min(5), "{master}");
        for by in [
            SortBy::Jid,
            SortBy::MinionId,
            SortBy::Fun,
            SortBy::HasErrors,
            SortBy::AlterTime,
            SortBy::TgtName,
        ] {
            for (reverse, rows) in
                [(true, (Some(10), 0)), (false, (Some(10), 5)), (true, (Some(50), 0)), (true, (None, 0))]
            {
                let through_commands = found(&client, &of, (by, reverse), rows, None).await;
                let as_they_stand = found(&client, &of, (by, reverse), rows, Some(count)).await;
                assert_eq!(through_commands, as_they_stand, "{master} {by:?} {reverse} {rows:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_counted_is_what_is_found() {
    let (_db, client) = history().await;
    let text = |text: &str| Some(text.to_owned());
    let [m0, m1, m2] = ["m0", "m1", "m2"].map(|master| uuid(&client, master));
    let (m0, m1, m2) = (Some(m0.await), Some(m1.await), Some(m2.await));
    let pair = |n: u32| (format!("c{}", n % 2), format!("web{n}"));
    for of in [
        Search::default(),
        Search { args: text("arg 2"), ..Search::default() },
        Search { args: text("no such"), ..Search::default() },
        Search { cluster_id: text("c1"), ..Search::default() },
        Search { cluster_id: text("c1"), master_uuid: m1, ..Search::default() },
        Search { master_uuid: m2, args: text("arg 1"), ..Search::default() },
        Search { master_uuid: m2, fun: text("fun.2"), ..Search::default() },
        Search { fun: text("fun.3"), has_errors: Some(true), ..Search::default() },
        Search { user: text("person-3"), cluster_id: text("c0"), ..Search::default() },
        Search { minion_id: text("web7"), master_uuid: m1, ..Search::default() },
        Search { only: Only::these((0..20).map(pair)), ..Search::default() },
        Search { only: Only::these((0..20).map(pair)), master_uuid: m0, ..Search::default() },
        Search { only: Only::these((0..300).map(pair)), cluster_id: text("c0"), ..Search::default() },
        Search { start: text("20260101120000000000"), cluster_id: text("c0"), ..Search::default() },
    ] {
        let all = found(&client, &of, (SortBy::Jid, true), (None, 0), None).await;
        let count = ret::count(&client, &of, 100_000).await.unwrap();
        assert_eq!(count, i64::try_from(all.len()).unwrap(), "{of:?}");
        let page = found(&client, &of, (SortBy::Jid, true), (Some(7), 3), None).await;
        assert_eq!(page, all.iter().skip(3).take(7).cloned().collect::<Vec<_>>(), "{of:?}");
    }
}
