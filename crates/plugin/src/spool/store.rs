//! The file: SQLite in WAL mode, every commit fsynced. Statements only; when they run is the writer's matter.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use raas_wire::{Gap, Json, Report};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::writer::Entry;
use super::{Begun, Depth, Options, RawRecord};

const SCHEMA: &str = "\
PRAGMA cache_size = -256; -- KiB. Records are written at one end and read once at the other.
CREATE TABLE IF NOT EXISTS record (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event INTEGER NOT NULL,
    answers BLOB,
    size INTEGER NOT NULL,
    report BLOB NOT NULL,
    skew INTEGER
);
CREATE INDEX IF NOT EXISTS record_event ON record (n) WHERE event = 1;
CREATE INDEX IF NOT EXISTS record_answers ON record (answers) WHERE answers IS NOT NULL;
CREATE TABLE IF NOT EXISTS begun (delivery_id BLOB PRIMARY KEY, fun TEXT NOT NULL, main TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
";

/// What an opened file says of the run before.
pub(super) struct Opened {
    /// The file.
    pub(super) store: Store,
    /// Until when the plugin had recorded everything.
    pub(super) heard_until: Option<Timestamp>,
    /// Deliveries answered by what is left in it.
    pub(super) answered: Vec<Uuid>,
    /// Runs that were not answered.
    pub(super) begun: Vec<Begun>,
}

/// The open file.
#[derive(Debug)]
pub(super) struct Store {
    connection: Connection,
    path: PathBuf,
    next: u64,
    records: u64,
    bytes: u64,
    gap: Option<u64>,
}

/// Events that were dropped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dropped {
    /// The oldest.
    pub(super) from: Timestamp,
    /// The newest.
    pub(super) to: Timestamp,
    /// How many.
    pub(super) count: u64,
}

/// Whether the file itself is damaged.
pub(super) fn is_corrupt(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

impl Store {
    /// Opens or makes the file. A damaged one is set aside, and a gap is recorded in the new one.
    pub(super) fn open(options: &Options, now: Timestamp) -> Result<Opened, rusqlite::Error> {
        match Self::open_file(options) {
            Err(error) if is_corrupt(&error) => {
                let aside = set_aside(&options.path, now);
                tracing::error!(
                    spool = %options.path.display(), aside = %aside.display(), %error,
                    "the spool is damaged and was set aside; what it held is not sent"
                );
                let mut opened = Self::open_file(options)?;
                let age = SignedDuration::try_from(options.limits.age).unwrap_or(SignedDuration::MAX);
                let from = now.checked_sub(age).unwrap_or(Timestamp::UNIX_EPOCH);
                let why = format!("the spool was damaged ({error}) and set aside as {}", aside.display());
                let gap = Report::Gap(Gap { from, to: now, count: None, why });
                if let Ok(entry) = Entry::new(now, gap) {
                    opened.store.append(&[entry], None)?;
                }
                // The returns of that time may be in the master's job cache still.
                opened.heard_until = Some(from);
                Ok(opened)
            }
            other => other,
        }
    }

    fn open_file(options: &Options) -> Result<Opened, rusqlite::Error> {
        keep_private(&options.path);
        let connection = Connection::open(&options.path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        if let Some(pages) = options.limits.pages {
            connection.pragma_update(None, "max_page_count", pages)?;
        }
        connection.execute_batch(SCHEMA)?;
        add_skew(&connection)?;
        let heard: Option<i64> = connection
            .query_row("SELECT at FROM mark WHERE name = 'heard'", [], |row| row.get(0))
            .optional()?;
        let (last, records, bytes): (i64, i64, i64) = connection.query_row(
            "SELECT coalesce(max(n), 0), count(*), coalesce(sum(size), 0) FROM record",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let answered = connection
            .prepare("SELECT answers FROM record WHERE answers IS NOT NULL")?
            .query_map([], |row| row.get::<_, Vec<u8>>(0))?
            .filter_map(|bytes| Uuid::from_slice(&bytes.ok()?).ok())
            .collect();
        let store = Self {
            connection,
            path: options.path.clone(),
            next: last.unsigned_abs() + 1,
            records: records.unsigned_abs(),
            bytes: bytes.unsigned_abs(),
            gap: None,
        };
        let begun = store.begun()?;
        Ok(Opened { store, heard_until: heard.map(time), answered, begun })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `entries` in one transaction; they are on disk when it returns.
    pub(super) fn append(
        &mut self,
        entries: &[Entry],
        heard: Option<Timestamp>,
    ) -> Result<(), rusqlite::Error> {
        let tx = self.connection.transaction()?;
        let (mut next, mut bytes) = (self.next, self.bytes);
        for entry in entries {
            insert(&tx, next, entry)?;
            if let Some(id) = entry.answers {
                tx.prepare_cached("DELETE FROM begun WHERE delivery_id = ?1")?.execute([id.as_bytes()])?;
            }
            next += 1;
            bytes += entry.size();
        }
        mark(&tx, heard)?;
        tx.commit()?;
        self.records += entries.len() as u64;
        (self.next, self.bytes) = (next, bytes);
        Ok(())
    }

    /// A run begins; on disk when it returns.
    pub(super) fn begin(&self, run: &Begun) -> Result<(), rusqlite::Error> {
        let sql = "INSERT OR REPLACE INTO begun (delivery_id, fun, main) VALUES (?1, ?2, ?3)";
        let id = run.delivery_id.as_bytes();
        self.connection.prepare_cached(sql)?.execute(params![id, run.fun, run.main]).map(drop)
    }

    fn begun(&self) -> Result<Vec<Begun>, rusqlite::Error> {
        let mut statement = self.connection.prepare("SELECT delivery_id, fun, main FROM begun")?;
        let rows = statement.query_map([], |row| {
            let id: Vec<u8> = row.get(0)?;
            let delivery_id = Uuid::from_slice(&id).unwrap_or_default();
            Ok(Begun { delivery_id, fun: row.get(1)?, main: row.get(2)? })
        })?;
        rows.collect()
    }

    /// Everything that passed until then is recorded.
    pub(super) fn heard(&self, until: Option<Timestamp>) -> Result<(), rusqlite::Error> {
        mark(&self.connection, until)
    }

    /// The oldest records above `after`, and the highest number among them.
    pub(super) fn oldest(
        &self,
        after: u64,
        limit: usize,
        bytes: usize,
    ) -> Result<Vec<RawRecord>, rusqlite::Error> {
        let sql = "SELECT n, at, report, skew FROM record WHERE n > ?1 ORDER BY n LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![signed(after), i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let (mut found, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let report: Vec<u8> = row.get(2)?;
            size += report.len();
            if size > bytes && !found.is_empty() {
                break;
            }
            let report = String::from_utf8(report).ok().and_then(|text| Json::from_text(text).ok());
            found.push(RawRecord {
                n: row.get::<_, i64>(0)?.unsigned_abs(),
                at: time(row.get(1)?),
                skew_ms: row.get(3)?,
                report: report.unwrap_or_else(Json::null),
            });
        }
        Ok(found)
    }

    /// Forgets everything up to `through`.
    pub(super) fn forget(&mut self, through: u64) -> Result<(), rusqlite::Error> {
        let tx = self.connection.transaction()?;
        let (records, bytes): (i64, i64) = tx.query_row(
            "SELECT count(*), coalesce(sum(size), 0) FROM record WHERE n <= ?1",
            [signed(through)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        tx.execute("DELETE FROM record WHERE n <= ?1", [signed(through)])?;
        tx.commit()?;
        self.records = self.records.saturating_sub(records.unsigned_abs());
        self.bytes = self.bytes.saturating_sub(bytes.unsigned_abs());
        Ok(())
    }

    /// Drops the oldest `count` events above number `after`, or all older than `before`, and records the gap that this makes.
    pub(super) fn drop_events(
        &mut self,
        which: &Oldest,
        why: &str,
        now: Timestamp,
    ) -> Result<Option<Dropped>, rusqlite::Error> {
        let tx = self.connection.transaction()?;
        let Some((last, dropped, bytes)) = find(&tx, which)? else { return Ok(None) };
        tx.execute(
            "DELETE FROM record WHERE event = 1 AND n > ?1 AND n <= ?2",
            params![signed(which.after), last],
        )?;
        let open = self.gap.filter(|n| *n > which.after);
        let gap = widen(&tx, open, &dropped, why)?;
        let Ok(mut entry) = Entry::new(now, Report::Gap(gap)) else { return Ok(None) };
        entry.skew_ms = which.skew_ms;
        let n = open.unwrap_or(self.next);
        tx.execute("DELETE FROM record WHERE n = ?1", [signed(n)])?;
        insert(&tx, n, &entry)?;
        tx.commit()?;
        let gaps = u64::from(open.is_none());
        (self.gap, self.next) = (Some(n), self.next + gaps);
        self.records = (self.records + gaps).saturating_sub(dropped.count);
        self.bytes = (self.bytes + gaps * entry.size()).saturating_sub(bytes);
        Ok(Some(dropped))
    }

    /// Replaces record `n` by what [`Entry::in_place_of`] makes of it, with the same number.
    pub(super) fn give_up(&mut self, n: u64, why: &str) -> Result<(), rusqlite::Error> {
        let found: Option<(i64, i64, Vec<u8>)> = self
            .connection
            .query_row("SELECT at, size, report FROM record WHERE n = ?1", [signed(n)], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((at, size, report)) = found else { return Ok(()) };
        let Ok(entry) = Entry::in_place_of(time(at), &report, why) else { return Ok(()) };
        let tx = self.connection.transaction()?;
        tx.execute("DELETE FROM record WHERE n = ?1", [signed(n)])?;
        insert(&tx, n, &entry)?;
        tx.commit()?;
        self.bytes = (self.bytes + entry.size()).saturating_sub(size.unsigned_abs());
        Ok(())
    }

    /// How much is in it above `after`.
    pub(super) fn depth(&self, after: u64) -> Depth {
        let oldest = self
            .connection
            .query_row("SELECT at FROM record WHERE n > ?1 ORDER BY n LIMIT 1", [signed(after)], |row| {
                row.get(0)
            })
            .optional()
            .ok()
            .flatten()
            .map(time);
        Depth { records: if oldest.is_some() { self.records } else { 0 }, oldest }
    }

    /// Records in it, and their bytes.
    pub(super) fn fill(&self) -> (u64, u64) {
        (self.records, self.bytes)
    }
}

/// A file that an older plugin made has no column for the skew.
fn add_skew(connection: &Connection) -> Result<(), rusqlite::Error> {
    let there = "SELECT count(*) FROM pragma_table_info('record') WHERE name = 'skew'";
    if connection.query_row(there, [], |row| row.get::<_, i64>(0))? == 0 {
        connection.execute_batch("ALTER TABLE record ADD COLUMN skew INTEGER")?;
    }
    Ok(())
}

/// Returns may hold secrets: the file is its owner's alone, and SQLite gives those beside it the same mode.
fn keep_private(path: &Path) {
    let made = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let kept = made.and_then(|file| file.set_permissions(Permissions::from_mode(0o600)));
    if let Err(error) = kept {
        tracing::debug!(spool = %path.display(), %error, "its mode was not set");
    }
}

/// Which events go: the oldest `count` of those above `after`, or those older than `before`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Oldest {
    /// Records up to here are on their way already.
    pub(super) after: u64,
    /// At most so many.
    pub(super) count: u64,
    /// Older than this, by the server's clock where it was known when they were taken.
    pub(super) before: Timestamp,
    /// Of the clock, now.
    pub(super) skew_ms: Option<i64>,
}

fn find(tx: &Transaction<'_>, which: &Oldest) -> Result<Option<(i64, Dropped, u64)>, rusqlite::Error> {
    let sql = "SELECT max(n), min(at), max(at), count(*), coalesce(sum(size), 0) FROM
        (SELECT n, at, size FROM record WHERE event = 1 AND n > ?1 AND at - coalesce(skew, 0) * 1000 < ?3
         ORDER BY n LIMIT ?2)";
    let count = i64::try_from(which.count).unwrap_or(i64::MAX);
    let values = params![signed(which.after), count, which.before.as_microsecond()];
    tx.query_row(sql, values, |row| {
        let Some(last) = row.get::<_, Option<i64>>(0)? else { return Ok(None) };
        let count = row.get::<_, i64>(3)?.unsigned_abs();
        let dropped = Dropped { from: time(row.get(1)?), to: time(row.get(2)?), count };
        Ok(Some((last, dropped, row.get::<_, i64>(4)?.unsigned_abs())))
    })
}

/// The gap that grows: one that was not sent yet takes in what is dropped now.
fn widen(
    tx: &Transaction<'_>,
    open: Option<u64>,
    dropped: &Dropped,
    why: &str,
) -> Result<Gap, rusqlite::Error> {
    let mut gap = Gap { from: dropped.from, to: dropped.to, count: Some(dropped.count), why: why.to_owned() };
    let Some(open) = open else { return Ok(gap) };
    let before: Option<Vec<u8>> = tx
        .query_row("SELECT report FROM record WHERE n = ?1", [signed(open)], |row| row.get(0))
        .optional()?;
    if let Some(Ok(Report::Gap(before))) = before.map(|text| serde_json::from_slice(&text)) {
        gap.from = gap.from.min(before.from);
        gap.to = gap.to.max(before.to);
        gap.count = Some(dropped.count + before.count.unwrap_or(0));
    }
    Ok(gap)
}

fn insert(tx: &Connection, n: u64, entry: &Entry) -> Result<(), rusqlite::Error> {
    let sql =
        "INSERT INTO record (n, at, event, answers, size, report, skew) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    tx.prepare_cached(sql)?.execute(params![
        signed(n),
        entry.at.as_microsecond(),
        entry.event,
        entry.answers.map(|id| id.as_bytes().to_vec()),
        signed(entry.size()),
        entry.report,
        entry.skew_ms,
    ])?;
    Ok(())
}

fn mark(connection: &Connection, heard: Option<Timestamp>) -> Result<(), rusqlite::Error> {
    let Some(heard) = heard else { return Ok(()) };
    let sql =
        "INSERT INTO mark (name, at) VALUES ('heard', ?1) ON CONFLICT (name) DO UPDATE SET at = excluded.at";
    connection.prepare_cached(sql)?.execute([heard.as_microsecond()]).map(drop)
}

fn set_aside(path: &Path, now: Timestamp) -> PathBuf {
    let with = |tail: &str| PathBuf::from(format!("{}{tail}", path.display()));
    let aside = with(&format!(".damaged-{}", now.as_second()));
    for tail in ["", "-wal", "-shm"] {
        let to = PathBuf::from(format!("{}{tail}", aside.display()));
        if let Err(error) = std::fs::rename(with(tail), &to)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::error!(%error, to = %to.display(), "cannot set the damaged spool aside");
        }
    }
    aside
}

fn time(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
