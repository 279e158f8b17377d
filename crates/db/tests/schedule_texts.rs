//! What runs of schedules say stands once: it comes with the first run that says it, and goes with the last.
use jiff::{SignedDuration, Timestamp};
use raas_db::schedule::{self, Run};
use raas_db::testing::TestDb;
use raas_db::{Client, Session as _, command};
use uuid::Uuid;

/// A run of one schedule, planned so many minutes after the beginning.
async fn run(client: &Client, name: &str, minute: i64) {
    let planned_at = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
    let jid = format!("{minute:020}");
    let insert = format!(
        "INSERT INTO command (jid, day, cmd, fun, arg, tgt, clusters, user_name, source, created_at, timeout_ms, state, sched_uuid, masters_to)
         VALUES ('{jid}', '1970-01-01', 'local', 'test.ping', '{{}}', '{{}}', '{{c}}', 'ann', 'raas', now(), 1, 'new', '{}', '{{m1}}')",
        Uuid::nil()
    );
    client.batch(&insert).await.unwrap();
    let run = Run {
        sched_uuid: Uuid::nil(),
        planned_at,
        sched_name: name,
        state: "fired",
        reason: "",
        fired_at: planned_at,
        jid: Some(&jid),
        cmd: Some("local"),
        fun: Some("test.ping"),
        arg: Some("{}"),
        tgt: Some("{}"),
        job_name: None,
        tgt_name: None,
    };
    assert!(schedule::claim(client, &run).await.unwrap());
}

/// Names and masters that runs say.
async fn said(client: &Client) -> Vec<String> {
    let sql = "SELECT sched_name || ' to ' || array_to_string(masters, ',') FROM schedule_what ORDER BY 1";
    client.query(sql, &[]).await.unwrap().iter().map(|row| row.try_get(0).unwrap()).collect()
}

#[tokio::test]
async fn what_runs_say_comes_with_the_first_and_goes_with_the_last_of_them() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    for (name, minute) in [("old", 0), ("old", 1), ("old", 2), ("new", 3), ("new", 4)] {
        run(&client, name, minute).await;
    }
    assert_eq!(said(&client).await, ["new to m1", "old to m1"]);
    // One of them goes to another master, too.
    command::planned_anew(&client, &format!("{:020}", 4), &["m2".to_owned()], &[]).await.unwrap();
    assert_eq!(said(&client).await, ["new to m1", "new to m1,m2", "old to m1"]);
    let minute = |minute| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
    schedule::forget(&client, minute(2)).await.unwrap();
    assert_eq!(said(&client).await, ["new to m1", "new to m1,m2", "old to m1"], "one old run is left");
    schedule::forget(&client, minute(3)).await.unwrap();
    assert_eq!(said(&client).await, ["new to m1", "new to m1,m2"]);
    schedule::forget(&client, minute(5)).await.unwrap();
    assert!(said(&client).await.is_empty());
}
