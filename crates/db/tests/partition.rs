//! Daily partitions: there before they are needed, gone when retention says so.
use jiff::civil::date;
use raas_db::testing::TestDb;
use raas_db::{Client, Session as _, partition};

#[tokio::test]
async fn partitions_are_made_ahead_once_and_dropped_by_day() {
    let db = TestDb::new().await.unwrap();
    let mut client = db.db().client().await.unwrap();
    let today = date(2026, 11, 25);
    let made = partition::ensure(&mut client, today, 7).await.unwrap();
    let tables = made / 9; // the day before, today, and seven ahead
    assert!(tables >= 4 && made % 9 == 0, "{made} partitions");
    assert_eq!(partition::ensure(&mut client, today, 7).await.unwrap(), 0);

    let dropped =
        partition::drop_before(&mut client, partition::Family::Jobs, date(2026, 11, 26)).await.unwrap();
    assert_eq!(dropped.partitions.len(), 2 * (tables - 1), "the audit is another family");
    let dropped =
        partition::drop_before(&mut client, partition::Family::Audit, date(2026, 11, 26)).await.unwrap();
    assert_eq!(dropped.partitions.len(), 2);
    assert!(partition::list(&client).await.unwrap().iter().all(|left| left.day >= date(2026, 11, 26)));
    // A jid of long ago makes its own day.
    assert_eq!(partition::ensure_days(&mut client, &[date(2020, 1, 1)]).await.unwrap(), tables);
}

/// Columns, defaults, checks and indexes of the partition `name`, without its name.
async fn shape(client: &Client, name: &str) -> Vec<String> {
    let sql = "SELECT format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage) ||
                      COALESCE(pg_get_expr(d.adbin, d.adrelid), '')
               FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
               WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
               UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::text::regclass
               UNION ALL SELECT replace(pg_get_indexdef(i.indexrelid), $1, '') || (SELECT p.inhparent::regclass::text FROM pg_inherits p
                                                                                 WHERE p.inhrelid = i.indexrelid)
               FROM pg_index i WHERE i.indrelid = $1::text::regclass
               UNION ALL SELECT t.tgname || t.tgfoid::regproc::text FROM pg_trigger t WHERE t.tgrelid = $1::text::regclass
               ORDER BY 1";
    let rows = client.query(sql, &[&name]).await.unwrap();
    rows.iter().map(|row| row.try_get(0).unwrap()).collect()
}

#[tokio::test]
async fn a_day_is_made_while_somebody_reads_and_holds_up_nobody() {
    let db = TestDb::new().await.unwrap();
    let mut client = db.db().client().await.unwrap();
    partition::ensure(&mut client, date(2026, 11, 25), 0).await.unwrap();
    // A backup reads every table for hours.
    let mut backup = db.db().client().await.unwrap();
    let reading = backup.transaction().await.unwrap();
    reading
        .batch(
            "SELECT FROM outcome; SELECT FROM ret; SELECT FROM body; SELECT FROM witness; SELECT FROM audit",
        )
        .await
        .unwrap();
    client.batch("SET lock_timeout = '1s'").await.unwrap();
    assert!(partition::ensure(&mut client, date(2026, 11, 25), 1).await.unwrap() > 0);
    reading.commit().await.unwrap();
}

#[tokio::test]
async fn a_day_has_all_that_its_table_has() {
    let db = TestDb::new().await.unwrap();
    let mut client = db.db().client().await.unwrap();
    partition::ensure(&mut client, date(2026, 11, 25), 0).await.unwrap();
    for table in ["outcome", "ret", "body", "witness", "audit"] {
        let sql = format!(
            "CREATE TABLE {table}_of_old PARTITION OF {table} FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')"
        );
        client.batch(&sql).await.unwrap();
        let made = shape(&client, &format!("{table}_p20261125")).await;
        let as_postgres_does = shape(&client, &format!("{table}_of_old")).await;
        let plain = |shape: Vec<String>| -> Vec<String> {
            shape
                .iter()
                .map(|line| line.replace("_p20261125", "").replace("_of_old", "").replace(table, ""))
                .collect()
        };
        assert_eq!(plain(made), plain(as_postgres_does), "{table}");
    }
}
