//! What is asked of highstates. The answers are JSON made by the database: of rollups over all minions one page leaves it.

use jiff::{Timestamp, civil::Date};

use crate::{DbError, Only, Session};

/// Filters, order and page; which of them an answer uses is said at each. Texts match as parts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// Dry runs instead of real ones.
    pub test: bool,
    /// Results that came later only.
    pub since: Option<Timestamp>,
    /// Master or cluster.
    pub entity: Option<&'a str>,
    /// Minion.
    pub minion_id: Option<&'a str>,
    /// State.
    pub state: Option<&'a str>,
    /// SLS.
    pub sls: Option<&'a str>,
    /// Environment.
    pub saltenv: Option<&'a str>,
    /// Jid.
    pub jid: Option<&'a str>,
    /// Good ones, or bad ones.
    pub result: Option<bool>,
    /// With changes, or without.
    pub changes: Option<bool>,
    /// Comment.
    pub comment: Option<&'a str>,
    /// The summary is of what was found, not of everything.
    pub filter_summary: bool,
    /// A word of the answer.
    pub sort_by: Option<&'a str>,
    /// Largest first.
    pub reverse: bool,
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
    /// Of these minions; none: of all.
    pub only: Option<&'a Only>,
}

/// Runs that still count: how many a search lets through, how many of them are young enough, and how many there are.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    through: i64,
    young: i64,
    runs: i64,
    /// The oldest jid of them, where runs were looked at.
    pub(super) oldest: Option<String>,
}

impl Reach {
    const ALL: Self = Self { through: 0, young: 0, runs: 0, oldest: None };

    /// Nothing is left out, so that kept totals answer.
    pub(super) fn is_all(&self) -> bool {
        self.through == self.runs
    }

    /// Nothing is too old.
    pub(super) fn is_young(&self) -> bool {
        self.young == self.runs
    }

    /// So few that each is looked up, rather than all rows read.
    pub(super) fn is_few(&self) -> bool {
        self.through < self.runs / 8
    }
}

impl<'a> Search<'a> {
    /// The clusters and minions of `only`, side by side.
    pub(super) fn pairs(&self) -> (Option<&'a Vec<String>>, Option<&'a Vec<String>>) {
        (self.only.and_then(|only| only.clusters.as_ref()), self.only.and_then(|only| only.minions.as_ref()))
    }

    /// Every minion may be shown.
    pub(super) fn is_of_all_minions(&self) -> bool {
        self.only.is_none_or(Only::is_all)
    }

    /// No run is left out by what is asked for.
    fn is_of_all_runs(&self) -> bool {
        self.since.is_none() && self.saltenv.is_none() && self.jid.is_none()
    }

    /// How far it reaches among the runs that still count.
    pub(super) async fn reach(&self, client: &impl Session) -> Result<Reach, DbError> {
        if self.is_of_all_runs() {
            return Ok(Reach::ALL);
        }
        let sql = include_str!("../../queries/highstate/reach.sql");
        let row = client.query_one(sql, &[&self.test, &self.since, &self.saltenv, &self.jid]).await?;
        Ok(Reach {
            through: row.try_get("through")?,
            young: row.try_get("young")?,
            runs: row.try_get("runs")?,
            oldest: row.try_get("oldest")?,
        })
    }

    /// The summary is of what was found; also where nothing is left out, so that it is not counted twice.
    pub(super) fn sums_found(&self) -> bool {
        let texts = [self.entity, self.minion_id, self.state, self.sls, self.saltenv, self.jid, self.comment];
        let unfiltered = texts.iter().all(Option::is_none) && self.result.is_none() && self.changes.is_none();
        self.filter_summary || (unfiltered && self.only.is_none_or(Only::is_all))
    }
}

/// The states of one minion (whole id): `test, state, sls, saltenv, jid, result, changes, comment`.
pub async fn of_minion(client: &impl Session, minion: &str, search: &Search<'_>) -> Result<String, DbError> {
    let (clusters, minions) = search.pairs();
    let Search { test, state, sls, saltenv, jid, result, changes, comment, .. } = search;
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let sql = include_str!("../../queries/highstate/of_minion.sql");
    let params: crate::Params<'_> = &[
        test,
        &minion,
        state,
        sls,
        saltenv,
        result,
        changes,
        comment,
        filter_summary,
        sort_by,
        reverse,
        limit,
        offset,
        jid,
        &clusters,
        &minions,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}

/// One state (whole id) on every minion: `test, entity, minion_id, saltenv, jid, result, changes, comment`.
pub async fn of_state(client: &impl Session, state: &str, search: &Search<'_>) -> Result<String, DbError> {
    let (clusters, minions) = search.pairs();
    let Search { test, entity, minion_id, saltenv, jid, result, changes, comment, .. } = search;
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let sql = include_str!("../../queries/highstate/of_state.sql");
    let params: crate::Params<'_> = &[
        test,
        &state,
        entity,
        minion_id,
        saltenv,
        result,
        changes,
        comment,
        filter_summary,
        sort_by,
        reverse,
        limit,
        offset,
        jid,
        &clusters,
        &minions,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}

/// One object per day, of the minions of `only`.
pub async fn stats(
    client: &impl Session,
    (begin, end): (Option<Date>, Option<Date>),
    reverse: bool,
    only: &Only,
) -> Result<String, DbError> {
    let row = if only.is_all() {
        client.query_one(include_str!("../../queries/highstate/stats.sql"), &[&begin, &end, &reverse]).await?
    } else {
        let sql = include_str!("../../queries/highstate/stats_of.sql");
        client.query_one(sql, &[&begin, &end, &reverse, &only.clusters, &only.minions]).await?
    };
    Ok(row.try_get("reply")?)
}
