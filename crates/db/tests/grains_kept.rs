//! What is kept of grains beside them finds whom the grains say, whatever a minion tells.
use jiff::Timestamp;
use raas_db::minion::{self, DetailSearch, Fresh, PresenceOrder, Search};
use raas_db::testing::TestDb;
use raas_db::{Only, Session as _, pattern};

/// Two as they are, one that tells 5,000 grains, one whose one name looks like two, one that tells a list, one nothing.
const FLEET: &str = r#"
INSERT INTO cluster VALUES ('c', 'failover', now());
INSERT INTO minion (cluster_id, minion_id, created_at, seen_at, grains) VALUES
    ('c', 'a1', now(), now(), '{"os": "Debian", "virtual": true, "cpus": 4}'),
    ('c', 'a2', now(), now(), '{"os": "RedHat", "virtual": true, "cpus": 4}'),
    ('c', 'a3', now(), now(), (SELECT jsonb_object_agg('key' || n, 'value' || n) || '{"os": "Debian"}' FROM generate_series(1, 5000) AS n)),
    ('c', 'a0', now(), now(), '{"cpus\nos\nvirtual": "Debian"}'),
    ('c', 'a4', now(), now(), '["os", "Debian"]'),
    ('c', 'a5', now(), now(), NULL);
"#;

async fn found(db: &TestDb, traits: Option<&str>, grains: Option<&str>) -> Vec<String> {
    let search = DetailSearch {
        entity: None,
        minion_id: None,
        traits,
        grains,
        sort_by: None,
        reverse: false,
        limit: 50,
        offset: 0,
        only: &Only::default(),
        group: None,
    };
    let client = db.db().client().await.unwrap();
    let (count, found) =
        minion::details(&client, Fresh { present: &[], from: Timestamp::UNIX_EPOCH }, &search).await.unwrap();
    assert_eq!(count, i64::try_from(found.len()).unwrap());
    found.into_iter().map(|one| one.minion_id).collect()
}

#[tokio::test]
async fn minions_are_found_by_their_grains_also_when_they_tell_thousands() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch(FLEET).await.unwrap();
    assert_eq!(found(&db, Some(r#"{"os": "Debian"}"#), None).await, ["a1", "a3"]);
    assert_eq!(found(&db, Some(r#"{"os": "Debian", "virtual": true}"#), None).await, ["a1"]);
    assert_eq!(found(&db, Some(r#"{"key4999": "value4999"}"#), None).await, ["a3"]);
    assert_eq!(found(&db, Some(r#"{"virtual": true}"#), Some(r#"{"cpus": 4}"#)).await, ["a1", "a2"]);
    assert!(found(&db, Some(r#"{"os": "debian"}"#), None).await.is_empty());
    let kept = client.query_one("SELECT max(cardinality(traits)) AS most FROM minion", &[]).await.unwrap();
    assert!(kept.try_get::<_, i32>("most").unwrap() <= 2000);
}

#[tokio::test]
async fn an_address_is_found_by_itself_and_by_a_glob_whatever_stands_in_either() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch(FLEET).await.unwrap();
    let odd: String = (' '..='~').filter(|one| !"*?\"\\".contains(*one)).chain("é☃\u{301}".chars()).collect();
    let grains = serde_json::json!({"ipv4": ["10.0.0.5", "fe80::1", odd]}).to_string().replace('\'', "''");
    client.batch(&format!("UPDATE minion SET grains = '{grains}' WHERE minion_id = 'a1'")).await.unwrap();
    let found = async |glob: &str| {
        let (like, regex) = pattern::member(glob);
        let search = Search {
            entity: None,
            cluster_id: None,
            minion_id: None,
            status: None,
            ipv4: Some((&like, regex.as_deref())),
            host: None,
            only: &Only::default(),
            order: (PresenceOrder::Minion, false),
            limit: 50,
            offset: 0,
        };
        let fresh = Fresh { present: &[], from: Timestamp::UNIX_EPOCH };
        minion::presence(&client, fresh, &search).await.unwrap().0 == 1
    };
    for glob in ["10.0.0.5", "10.0.*", "*", "*5", "fe80::?", odd.as_str(), &format!("*{}", &odd[40..])] {
        assert!(found(glob).await, "{glob:?}");
    }
    // Neither from one address into the next, nor a part of one, nor something that means more to a regular expression.
    for glob in ["10.*::1", "0.0.0.5", "10.0.0", "10.0.0.", "1.+5", "", "\n", &"*1".repeat(300)] {
        assert!(!found(glob).await, "{glob:?}");
    }
}

#[tokio::test]
async fn a_name_that_looks_like_several_hides_none_of_them() {
    let db = TestDb::new().await.unwrap();
    let client = db.db().client().await.unwrap();
    client.batch(FLEET).await.unwrap();
    let only = Only::default();
    let names = minion::grain_keys(&client, None, Some("a_"), (&only, None)).await.unwrap();
    for name in ["cpus", "os", "virtual", "cpus\nos\nvirtual", "key1"] {
        assert!(names.iter().any(|one| one == name), "{name:?} is not there");
    }
    let values = minion::grain_values(&client, "os", None, None, (&only, None)).await.unwrap();
    assert_eq!(values, [r#""Debian""#, r#""RedHat""#]);
}
