//! Several stories become one, by time. Each keeps its own order, also where two servers' clocks differ a little.

use std::collections::VecDeque;

use raas_api::cmd::TimelineEntry;

/// Merges stories. `rank` orders what happened at the same moment.
pub(super) fn merge(
    stories: Vec<Vec<TimelineEntry>>,
    rank: impl Fn(&TimelineEntry) -> u8,
) -> Vec<TimelineEntry> {
    let mut stories: Vec<VecDeque<TimelineEntry>> = stories.into_iter().map(VecDeque::from).collect();
    let mut merged = Vec::new();
    loop {
        let next = stories
            .iter()
            .enumerate()
            .filter_map(|(at, story)| story.front().map(|head| ((head.at, rank(head)), at)))
            .min();
        let Some((_, at)) = next else { return merged };
        merged.extend(stories[at].pop_front());
    }
}
