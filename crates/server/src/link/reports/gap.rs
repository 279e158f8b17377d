//! `Gap`: the plugin could not record everything between two times.

use raas_db::{Transaction, gap};
use raas_wire::{Gap, Report};

use super::kind::{Item, Kind, Source, Taken};

/// Gaps.
pub(super) struct Gaps;

impl Kind for Gaps {
    type Report = Gap;

    fn of(report: &Report) -> Option<&Gap> {
        if let Report::Gap(gap) = report { Some(gap) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Gap>]) -> Taken {
        let gaps: Vec<gap::Gap> = items
            .iter()
            .map(|item| gap::Gap {
                master_uuid: source.master.master_uuid,
                started_at: source.corrected(item.report.from, item.skew_ms),
                ended_at: source.corrected(item.report.to, item.skew_ms),
                count: item.report.count.and_then(|count| i64::try_from(count).ok()),
                why: item.report.why.replace('\0', ""),
                cause: "plugin".to_owned(),
            })
            .collect();
        gap::insert(tx, source.master.master_uuid, &gaps, source.now).await?;
        Ok(Vec::new())
    }
}
