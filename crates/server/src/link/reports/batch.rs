//! A batch as it came: read record by record, so that one that cannot be read is one dead letter and not a lost batch.

use std::ops::Range;

use raas_db::body::{Body, Packer};
use raas_db::dead_letter::NewLetter;
use raas_wire::{BodyError, Json, Record, Report};
use serde::Deserialize;
use serde_json::value::RawValue;
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
struct Loose<'a> {
    epoch: Uuid,
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Numbered {
    n: u64,
}

/// One record, read or not.
#[derive(Debug)]
struct Entry {
    n: u64,
    /// Where its text is.
    text: Range<usize>,
    record: Result<Record, String>,
    /// The value that it carries: not kept twice, and made ready here, off the async threads.
    value: Option<Body>,
}

/// The name of a report's kind, also of one that this server does not know; empty when it has none.
fn kind_of(text: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Named {
        report: std::collections::BTreeMap<String, Json>,
    }
    let named: Option<Named> = serde_json::from_slice(text).ok();
    let kind = named.and_then(|named| named.report.into_keys().next()).unwrap_or_default();
    kind.chars().filter(|c| !c.is_control()).take(LONGEST_KIND).collect()
}

/// A batch whose numbers are understood.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Epoch of its numbers.
    pub(crate) epoch: Uuid,
    plain: Vec<u8>,
    entries: Vec<Entry>,
}

impl Batch {
    /// Reads a body as the plugin sent it, of at most `limit` bytes. Takes its time: values are hashed and compressed.
    pub(crate) fn read(body: &[u8], limit: usize) -> Result<Self, BatchError> {
        let plain = raas_wire::unpack(body, limit)?;
        let loose: Loose<'_> = serde_json::from_slice(&plain).map_err(BodyError::Json)?;
        let mut packer = Packer::new().map_err(BodyError::Compression)?;
        let mut entries: Vec<Entry> = Vec::with_capacity(loose.records.len());
        for (place, text) in (1..).zip(loose.records) {
            let entry = Entry::read(text.get(), &plain, &mut packer);
            let entry = entry.ok_or(BatchError::NoNumber { place })?;
            if let Some(last) = entries.last().filter(|last| last.n >= entry.n) {
                return Err(BatchError::Order { n: entry.n, before: last.n });
            }
            entries.push(entry);
        }
        Ok(Self { epoch: loose.epoch, entries, plain })
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
        self.entries
            .iter()
            .filter_map(|entry| {
                let record = entry.record.as_ref().ok()?;
                let report = K::of(&record.report)?;
                let skew_ms = record.skew_ms;
                Some(Item {
                    n: record.n,
                    at: source.corrected(record.at, skew_ms),
                    skew_ms,
                    report,
                    value: entry.value.as_ref(),
                })
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
    pub(super) fn again(texts: &[(u64, Json)]) -> Result<Self, BatchError> {
        let mut packer = Packer::new().map_err(BodyError::Compression)?;
        let plain: Vec<u8> = texts.iter().flat_map(|(_, text)| text.as_str().bytes()).collect();
        let (mut entries, mut start) = (Vec::with_capacity(texts.len()), 0);
        for (n, text) in texts {
            let range = start..start + text.as_str().len();
            start = range.end;
            let whole = plain.get(range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok());
            let entry = whole.and_then(|text| Entry::read(text, &plain, &mut packer));
            let mut entry = entry.unwrap_or_else(|| Entry {
                n: *n,
                text: range,
                record: Err("it has no number that can be read".to_owned()),
                value: None,
            });
            entry.n = *n;
            if let Ok(record) = &mut entry.record {
                record.n = *n;
            }
            entries.push(entry);
        }
        Ok(Self { epoch: Uuid::nil(), entries, plain })
    }

    /// Refused records with what they said.
    pub(super) fn dead_letters(&self, refused: &[Refused]) -> Vec<NewLetter> {
        refused
            .iter()
            .filter_map(|one| {
                let at = self.entries.binary_search_by_key(&one.n, |entry| entry.n).ok()?;
                let text = self.plain.get(self.entries.get(at)?.text.clone())?;
                Some(NewLetter {
                    n: i64::try_from(one.n).ok()?,
                    kind: kind_of(text),
                    reason: one.reason.replace('\0', ""),
                    record: zstd::encode_all(text, LEVEL).unwrap_or_default(),
                })
            })
            .collect()
    }
}

impl Entry {
    /// `None` when it has no number that can be acknowledged.
    fn read(text: &str, plain: &[u8], packer: &mut Packer) -> Option<Self> {
        let start = text.as_ptr().addr().checked_sub(plain.as_ptr().addr())?;
        let (record, value) = match serde_json::from_str::<Record>(text)
            .map_err(|error| error.to_string())
            .and_then(|mut record| {
                let value = packed(&mut record.report, packer)?;
                Ok((record, value))
            }) {
            Ok((record, value)) => (Ok(record), value),
            Err(why) => (Err(why), None),
        };
        let n = match &record {
            Ok(record) => record.n,
            Err(_) => serde_json::from_str::<Numbered>(text).ok()?.n,
        };
        let is_number = (1..=i64::MAX.unsigned_abs()).contains(&n);
        is_number.then_some(Self { n, text: start..start + text.len(), record, value })
    }
}

/// Takes the value out of a report.
fn packed(report: &mut Report, packer: &mut Packer) -> Result<Option<Body>, String> {
    let (json, original) = match report {
        Report::Return(one) => (&mut one.ret, one.original.take()),
        Report::Ran(one) if one.success.is_some() => (&mut one.ret, one.original.take()),
        _ => return Ok(None),
    };
    let json = std::mem::replace(json, Json::null());
    let original = original.as_ref().map(|original| original.0.as_slice());
    packer
        .pack(json.as_str(), original)
        .map(Some)
        .map_err(|error| format!("its value cannot be packed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Batch, BatchError};
    use serde_json::json;

    fn read(records: &serde_json::Value) -> Result<Batch, BatchError> {
        let batch = json!({"epoch": "00000000-0000-4000-8000-000000000001", "records": records});
        Batch::read(&raas_wire::encode(&batch).unwrap(), 1 << 20)
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
        assert!(matches!(Batch::read(b"no zstd", 1 << 20), Err(BatchError::Body(_))));
    }
}
