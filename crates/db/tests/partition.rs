//! Daily partitions: there before they are needed, gone when retention says so.
use jiff::civil::date;
use raas_db::partition;
use raas_db::testing::TestDb;

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
