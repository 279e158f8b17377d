//! What a cluster is to look like.

/// How the minions of a cluster hold to its masters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On one master at a time, in the order of the list.
    Failover,
    /// On every master at once.
    HotHot,
    /// Each on one master only, in turn.
    Single,
}

/// A cluster to be laid out.
#[derive(Clone, Debug)]
pub struct ClusterSpec {
    /// Its id; masters are called `<id>-m1`, …
    pub id: String,
    /// How minions hold to masters.
    pub mode: Mode,
    /// How many masters.
    pub masters: u8,
    /// How many minions, called `<id>-1`, …
    pub minions: u8,
    /// Workers of each master: 1 saves memory, 2 answers while a wheel runs.
    pub worker_threads: u8,
    /// Whether masters accept minions by themselves.
    pub auto_accept: bool,
    /// Seconds between a failover minion's looks at its master.
    pub alive_interval: u32,
    /// More lines for each master's configuration.
    pub master_extra: String,
    /// More lines for each minion's configuration.
    pub minion_extra: String,
}

impl ClusterSpec {
    fn new(id: &str, mode: Mode, masters: u8, minions: u8) -> Self {
        Self {
            id: id.to_owned(),
            mode,
            masters,
            minions,
            worker_threads: 2,
            auto_accept: true,
            alive_interval: 2,
            master_extra: String::new(),
            minion_extra: String::new(),
        }
    }

    /// Minions on one master at a time.
    pub fn failover(id: &str, masters: u8, minions: u8) -> Self {
        Self::new(id, Mode::Failover, masters, minions)
    }

    /// Minions on every master at once.
    pub fn hot_hot(id: &str, masters: u8, minions: u8) -> Self {
        Self::new(id, Mode::HotHot, masters, minions)
    }

    /// One master alone.
    pub fn single(id: &str, minions: u8) -> Self {
        Self::new(id, Mode::Single, 1, minions)
    }

    /// With one worker per master.
    pub fn lean(mut self) -> Self {
        self.worker_threads = 1;
        self
    }

    /// Minion keys wait until they are accepted.
    pub fn with_pending_keys(mut self) -> Self {
        self.auto_accept = false;
        self
    }
}
