//! The plans of lists of history: from an index to the rows of a page, whatever is filtered; never through all of a large table.
use raas_db::testing::TestDb;
use tokio_postgres::Client;

/// Commands and returns of three days: enough that reading all of them is dearer than an index.
const HISTORY: &str = "
SET max_parallel_workers_per_gather = 0;
DO $$ BEGIN
    FOR n IN 0..2 LOOP
        EXECUTE format('CREATE TABLE ret_of_%s PARTITION OF ret FOR VALUES FROM (%L) TO (%L)', n, date '2026-01-01' + n, date '2026-01-02' + n);
        EXECUTE format('CREATE TABLE outcome_of_%s PARTITION OF outcome FOR VALUES FROM (%L) TO (%L)', n, date '2026-01-01' + n, date '2026-01-02' + n);
        EXECUTE format('CREATE TABLE audit_of_%s PARTITION OF audit FOR VALUES FROM (%L) TO (%L)', n, date '2026-01-01' + n, date '2026-01-02' + n);
    END LOOP;
END $$;
INSERT INTO command (jid, day, cmd, fun, arg, tgt, clusters, user_name, source, is_highstate, created_at, timeout_ms, state, ended_at,
                     expected, returned_good, returned_failed, job_name, tgt_name, sched_name)
SELECT to_char(at, 'YYYYMMDDHH24MISS') || lpad(n::text, 6, '0'), at::date, 'local', 'fun.' || n % 20, '{}', '{}', ARRAY['c' || n % 2],
       'person-' || n % 50, 'raas', n % 100 = 0, at AT TIME ZONE 'UTC', 1, 'completed_all_successful', at AT TIME ZONE 'UTC', 4, 4, 0,
       'job-' || n % 500, 'group-' || n % 500, 'schedule-' || n % 500
FROM generate_series(0, 19999) AS n CROSS JOIN LATERAL (SELECT timestamp '2026-01-01' + n * interval '12 s' AS at) AS t;
INSERT INTO ret (day, cluster_id, jid, minion_id, master_uuid, fun, fun_args, success, retcode, stamp, alter_time, body_hash, source)
SELECT c.day, c.clusters[1], c.jid, 'm' || (n + right(c.jid, 6)::integer) % 1000, md5(CASE WHEN right(c.jid, 4) = '0042' THEN 'seldom' ELSE (n % 4)::text END)::uuid, c.fun, '[]', true, 0, c.created_at,
       c.created_at, '', 'bus'
FROM command c CROSS JOIN generate_series(1, 4) AS n;
INSERT INTO outcome (day, cluster_id, jid, minion_id, state, created_at, changed_at)
SELECT r.day, r.cluster_id, r.jid, r.minion_id, 'succeeded', r.stamp, r.stamp FROM ret r;
INSERT INTO audit (day, start_time, end_time, event_type, event_name, username, failed, event_data)
SELECT at::date, at AT TIME ZONE 'UTC', at AT TIME ZONE 'UTC' + n % 100 * interval '1 ms', 'rpc', 'event.' || n % 20, 'person', n % 1000 = 0, '{}'
FROM generate_series(0, 19999) AS n CROSS JOIN LATERAL (SELECT timestamp '2026-01-01' + n * interval '12 s' AS at) AS t;
ANALYZE command; ANALYZE ret; ANALYZE outcome; ANALYZE audit;
";

type Given<'a> = Vec<(usize, &'a str)>;

/// The plan of a statement with these values; the others are null.
async fn plan(client: &Client, statement: &str, count: usize, given: &Given<'_>) -> String {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    let mut sql = lines.collect::<Vec<_>>().join("\n");
    // The largest first: $1 begins $10, too.
    for n in (1..=count).rev() {
        let value = given.iter().find(|(of, _)| *of == n).map_or("NULL", |(_, value)| *value);
        sql = sql.replace(&format!("${n}"), value);
    }
    let rows = client.query(&format!("EXPLAIN {sql}"), &[]).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
}

/// A database with that history.
async fn history() -> (TestDb, Client) {
    let db = TestDb::new().await.unwrap();
    let (client, connection) = tokio_postgres::connect(db.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(HISTORY).await.unwrap();
    (db, client)
}

#[tokio::test]
async fn pages_of_commands_never_read_all_commands() {
    let (_db, client) = history().await;
    let usual = [(6, "false"), (12, "true"), (13, "true"), (23, "50"), (24, "0"), (25, "1000")];
    for (statement, count) in [
        (include_str!("../queries/command/search.sql"), 24),
        (include_str!("../queries/command/search_newest.sql"), 25),
    ] {
        for filter in [
            None,
            Some((1, "'20260101000000000000'")),
            Some((5, "'stopped'")),
            Some((7, "'fun.7'")),
            Some((9, "'runner'")),
            Some((10, "'{nobody}'")),
            Some((16, "'{job-7}'")),
            Some((18, "'{group-7}'")),
            Some((20, "'{schedule-7}'")),
        ] {
            let given: Given<'_> = usual.into_iter().chain(filter).collect();
            let plan = plan(&client, statement, count, &given).await;
            assert!(!plan.contains("Seq Scan on command"), "{filter:?}\n{plan}");
        }
    }
}

#[tokio::test]
async fn pages_of_returns_go_from_commands_to_their_returns_and_never_through_all() {
    let (_db, client) = history().await;
    let usual = [(18, "50"), (19, "0"), (20, "1000")];
    for (statement, count) in [
        (include_str!("../queries/ret/search.sql"), 20),
        (include_str!("../queries/ret/search_newest.sql"), 20),
    ] {
        for filter in [
            None,
            Some((1, "'20260101000000000000'")),
            Some((4, "'fun.7'")),
            Some((5, "'person-7'")),
            Some((8, "'20260103000000000000'")),
            Some((10, "true")),
            Some((15, "'job-7'")),
            Some((17, "'group-7'")),
        ] {
            let given: Given<'_> = usual.into_iter().chain(filter).collect();
            let plan = plan(&client, statement, count, &given).await;
            assert!(
                !plan.contains("Seq Scan on ret_of") && !plan.contains("Hash Join"),
                "{filter:?}\n{plan}"
            );
        }
    }
    let given: Given<'_> = usual.into_iter().chain([(3, "'m7'")]).collect();
    let plan = plan(&client, include_str!("../queries/ret/search_of_minion.sql"), 19, &given).await;
    assert!(!plan.contains("Seq Scan on ret_of") && plan.contains("minion_id_jid_idx"), "{plan}");
}

#[tokio::test]
async fn returns_of_one_master_are_counted_by_an_index_alone() {
    let (_db, client) = history().await;
    client.batch_execute("VACUUM ret").await.unwrap();
    for master in ["md5('1')::uuid", "md5('seldom')::uuid", "md5('nobody')::uuid"] {
        let given: Given<'_> = vec![(1, master), (6, "10000")];
        let plan = plan(&client, include_str!("../queries/ret/count_of_returns.sql"), 6, &given).await;
        assert!(!plan.contains("Seq Scan on ret_of") && plan.contains("Index Only Scan"), "{master}\n{plan}");
    }
}

#[tokio::test]
async fn few_returns_of_a_master_are_found_by_it_and_not_from_command_to_command() {
    let (_db, client) = history().await;
    for master in ["md5('seldom')::uuid", "md5('nobody')::uuid"] {
        let given: Given<'_> = vec![(2, master), (18, "50"), (19, "0")];
        let plan = plan(&client, include_str!("../queries/ret/search_of_minion.sql"), 19, &given).await;
        assert!(
            plan.contains("master_uuid_day_idx") && !plan.contains("Backward using command_pkey"),
            "{master}\n{plan}"
        );
    }
}

#[tokio::test]
async fn outcomes_of_a_command_are_looked_for_in_its_day_alone() {
    let (_db, client) = history().await;
    let of: Given<'_> = vec![(1, "'20260102120000010800'"), (2, "'2026-01-02'"), (3, "'{c0}'")];
    for (statement, count) in [
        (include_str!("../queries/outcome/search.sql"), 12),
        (include_str!("../queries/outcome/count.sql"), 10),
    ] {
        for filter in [None, Some((6, "'-1'")), Some((7, "true")), Some((8, "false"))] {
            let given: Given<'_> = of.iter().copied().chain(filter).chain([(11, "50"), (12, "0")]).collect();
            let plan = plan(&client, statement, count, &given).await;
            let others = ["outcome_of_0", "outcome_of_2", "Seq Scan on outcome"];
            assert!(!others.iter().any(|other| plan.contains(other)), "{filter:?}\n{plan}");
        }
    }
}

#[tokio::test]
async fn the_audit_is_found_by_what_was_done_by_failures_and_by_time_taken() {
    let (_db, client) = history().await;
    for (filter, index) in
        [((5, "'event.7'"), "event_name"), ((6, "true"), "day_start_time"), ((9, "99"), "expr")]
    {
        let given: Given<'_> = vec![filter, (12, "10000")];
        let plan = plan(&client, include_str!("../queries/audit/count.sql"), 12, &given).await;
        assert!(!plan.contains("Seq Scan on audit") && plan.contains(index), "{filter:?}\n{plan}");
    }
}
