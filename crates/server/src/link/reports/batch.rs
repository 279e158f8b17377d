//! A batch as it came: read record by record, so that one that cannot be read is one dead letter and not a lost batch.

use raas_db::dead_letter::NewLetter;
use raas_wire::{BodyError, Json, Record};
use serde::Deserialize;
use uuid::Uuid;

use super::kind::{Item, Kind, Refused, Source};

/// Compression of dead letters: they are rarely read.
const LEVEL: i32 = 3;
/// Longest name of a kind, in characters.
const LONGEST_KIND: usize = 40;

/// Why a batch is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BatchError {
    /// Too large, not compressed, or not JSON.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A record without a number cannot be acknowledged.
    #[error("record {place} of the batch has no number that can be read")]
    NoNumber {
        /// From 1.
        place: usize,
    },
    /// Numbers must ascend.
    #[error("record {n} comes after record {before}; the numbers of a batch must ascend")]
    Order {
        /// This one.
        n: u64,
        /// The one before it.
        before: u64,
    },
}

#[derive(Deserialize)]
struct Loose {
    epoch: Uuid,
    records: Vec<Json>,
}

#[derive(Deserialize)]
struct Numbered {
    n: u64,
}

/// One record, read or not.
#[derive(Debug)]
struct Entry {
    n: u64,
    text: Json,
    record: Result<Record, String>,
}

impl Entry {
    fn read(n: u64, text: Json) -> Self {
        let record = serde_json::from_str(text.as_str()).map_err(|error| error.to_string());
        Self { n, text, record }
    }
}

/// The name of a report's kind, also of one that this server does not know; empty when it has none.
fn kind_of(text: &str) -> String {
    #[derive(Deserialize)]
    struct Named {
        report: std::collections::BTreeMap<String, Json>,
    }
    let named: Option<Named> = serde_json::from_str(text).ok();
    let kind = named.and_then(|named| named.report.into_keys().next()).unwrap_or_default();
    kind.chars().filter(|c| !c.is_control()).take(LONGEST_KIND).collect()
}

/// A batch whose numbers are understood.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Epoch of its numbers.
    pub(crate) epoch: Uuid,
    entries: Vec<Entry>,
}

impl Batch {
    /// Reads a body as the plugin sent it.
    pub(crate) fn read(body: &[u8]) -> Result<Self, BatchError> {
        let loose: Loose = raas_wire::decode(body)?;
        let mut entries: Vec<Entry> = Vec::with_capacity(loose.records.len());
        for (place, text) in (1..).zip(loose.records) {
            let n = match serde_json::from_str::<Numbered>(text.as_str()) {
                Ok(Numbered { n }) if (1..=i64::MAX.unsigned_abs()).contains(&n) => n,
                _ => return Err(BatchError::NoNumber { place }),
            };
            if let Some(last) = entries.last().filter(|last| last.n >= n) {
                return Err(BatchError::Order { n, before: last.n });
            }
            entries.push(Entry::read(n, text));
        }
        Ok(Self { epoch: loose.epoch, entries })
    }

    /// Leaves out what was committed before. What stays may begin with any number: the plugin drops old events when
    /// its spool is full, and it sends a batch only after the one before was acknowledged.
    pub(crate) fn skip(&mut self, through: u64) {
        self.entries.retain(|entry| entry.n > through);
    }

    /// The highest number.
    pub(crate) fn last(&self) -> Option<u64> {
        self.entries.last().map(|entry| entry.n)
    }

    /// How many records.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The records of one kind.
    pub(super) fn items<K: Kind>(&self, source: &Source<'_>) -> Vec<Item<'_, K::Report>> {
        let readable = self.entries.iter().filter_map(|entry| entry.record.as_ref().ok());
        readable
            .filter_map(|record| {
                let report = K::of(&record.report)?;
                let (n, skew_ms) = (record.n, record.skew_ms);
                Some(Item { n, at: source.corrected(record.at, skew_ms), skew_ms, report })
            })
            .collect()
    }

    /// Records that cannot be read.
    pub(super) fn unreadable(&self) -> Vec<Refused> {
        let refuse =
            |n: u64, why: &str| Refused { n, reason: format!("not a record this server knows: {why}") };
        self.entries.iter().filter_map(|entry| Some(refuse(entry.n, entry.record.as_ref().err()?))).collect()
    }

    /// Records that were kept as dead letters, each with a number of its own, as a batch to be tried again.
    pub(super) fn again(texts: Vec<(u64, Json)>) -> Self {
        Self {
            epoch: Uuid::nil(),
            entries: texts.into_iter().map(|(n, text)| Entry::read(n, text)).collect(),
        }
    }

    /// Refused records with what they said.
    pub(super) fn dead_letters(&self, refused: &[Refused]) -> Vec<NewLetter> {
        refused
            .iter()
            .filter_map(|one| {
                let at = self.entries.binary_search_by_key(&one.n, |entry| entry.n).ok()?;
                let text = self.entries.get(at)?.text.as_str();
                Some(NewLetter {
                    n: i64::try_from(one.n).ok()?,
                    kind: kind_of(text),
                    reason: one.reason.replace('\0', ""),
                    record: zstd::encode_all(text.as_bytes(), LEVEL).unwrap_or_default(),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, BatchError};
    use serde_json::json;

    fn read(records: &serde_json::Value) -> Result<Batch, BatchError> {
        let batch = json!({"epoch": "00000000-0000-4000-8000-000000000001", "records": records});
        Batch::read(&raas_wire::encode(&batch).unwrap())
    }

    fn gap(n: u64) -> serde_json::Value {
        let at = "2026-01-02T03:04:05Z";
        json!({"n": n, "at": at, "report": {"gap": {"from": at, "to": at, "why": "down"}}})
    }

    #[test]
    fn a_record_of_an_unknown_kind_is_one_dead_letter() {
        let batch =
            read(&json!([gap(1), {"n": 2, "at": "2026-01-02T03:04:05Z", "report": {"song": 1}}, gap(3)]))
                .unwrap();
        let refused = batch.unreadable();
        assert_eq!(refused.iter().map(|one| one.n).collect::<Vec<_>>(), [2]);
        assert!(refused[0].reason.contains("song"));
        assert_eq!(batch.dead_letters(&refused).len(), 1);
        assert_eq!(batch.last(), Some(3));
    }

    #[test]
    fn what_was_committed_is_left_out() {
        let mut batch = read(&json!([gap(1), gap(2), gap(3)])).unwrap();
        batch.skip(2);
        assert_eq!((batch.len(), batch.last()), (1, Some(3)));
        batch.skip(3);
        assert_eq!((batch.len(), batch.last()), (0, None));
    }

    #[test]
    fn numbers_must_be_there_and_ascend() {
        assert!(matches!(read(&json!([gap(2), gap(1)])), Err(BatchError::Order { n: 1, before: 2 })));
        assert!(matches!(read(&json!([gap(1), {"at": 1}])), Err(BatchError::NoNumber { place: 2 })));
        assert!(matches!(read(&json!([gap(0)])), Err(BatchError::NoNumber { place: 1 })));
        assert!(matches!(Batch::read(b"no zstd"), Err(BatchError::Body(_))));
    }
}
