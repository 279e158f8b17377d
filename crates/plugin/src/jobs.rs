//! Which jobs on the bus are whose: the server's, the plugin's own questions, and runners that somebody waits for.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use raas_salt::{Event, msgpack};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Jids of the server that are remembered; far more than a master has in flight.
const MAX_OURS: usize = 50_000;
/// Own questions that are remembered after they ended, so that late answers are nobody's news.
const MAX_OWN: usize = 5_000;

/// Who receives the events of a question.
pub type Asker = UnboundedSender<Arc<Event>>;

/// Key of a job's metadata that marks a question of a plugin.
const MARK: &str = "raas_own_question";

/// Metadata for the plugin's own questions: comes back in every return, so that they stay hidden also when they come after a
/// restart of the plugin.
pub fn own_metadata() -> serde_json::Value {
    serde_json::json!({ MARK: true })
}

/// Whether a return, or what the job cache keeps of a publication, carries [`own_metadata`].
pub fn is_own(data: &raas_salt::Value) -> bool {
    let published = msgpack::get(data, "kwargs");
    let metadata = msgpack::get(data, "metadata").or_else(|| msgpack::get(published?, "metadata"));
    metadata.is_some_and(|metadata| msgpack::get(metadata, MARK).is_some())
}

/// Jobs that somebody in the plugin has to do with. A cheap clone of one table.
#[derive(Clone, Debug, Default)]
pub struct Jobs(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    ours: Newest<()>,
    runs: Newest<()>,
    own: Newest<Asker>,
    followed: Vec<(String, Asker)>,
}

/// Whose an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A job that the server gave us: its returns are reported, its publication is not news.
    Ours,
    /// A question of the plugin itself: nothing of it is reported, apart from the sign of life.
    Own,
    /// Anybody else's.
    Foreign,
}

impl Jobs {
    /// The server gave us this job; call it *before* publishing.
    pub fn ours(&self, jid: &str) {
        self.table().ours.put(jid, (), MAX_OURS);
    }

    /// This process starts a run with this text in Salt's `user`; call it *before* the request.
    pub fn run(&self, user: &str) {
        self.table().runs.put(user, (), MAX_OWN);
    }

    /// Whether this process started it.
    pub fn is_run(&self, user: &str) -> bool {
        self.table().runs.get(user).is_some()
    }

    /// A question of the plugin itself; call it *before* publishing. All its events come here and are not reported as
    /// jobs or returns, also when they come after the receiver was dropped.
    pub fn own(&self, jid: &str) -> UnboundedReceiver<Arc<Event>> {
        let (to, from) = unbounded_channel();
        self.own_with(jid, to);
        from
    }

    /// [`Jobs::own`] for a question that is put with several jids: all answers come to one receiver.
    pub fn own_with(&self, jid: &str, to: Asker) {
        self.table().own.put(jid, to, MAX_OWN);
    }

    /// Events whose tag starts with `tag_prefix` (as `salt/run/`), until the receiver is dropped. They are reported too.
    /// A runner's jid is known only from Salt's reply: to miss nothing, follow `salt/run/` *before* the request.
    pub fn follow(&self, tag_prefix: &str) -> UnboundedReceiver<Arc<Event>> {
        let (to, from) = unbounded_channel();
        self.table().followed.push((tag_prefix.to_owned(), to));
        from
    }

    /// Hands an event to whoever waits for it, and says whose it is. `jid` is the one of its tag, when it has one.
    pub fn offer(&self, jid: Option<&str>, event: &Arc<Event>) -> Whose {
        let mut table = self.table();
        table.followed.retain(|(_, to)| !to.is_closed());
        for (_, to) in table.followed.iter().filter(|(prefix, _)| event.tag.starts_with(prefix.as_str())) {
            let _ = to.send(Arc::clone(event));
        }
        let Some(jid) = jid else { return Whose::Foreign };
        if let Some(to) = table.own.get(jid) {
            let _ = to.send(Arc::clone(event));
            return Whose::Own;
        }
        if table.ours.get(jid).is_some() { Whose::Ours } else { Whose::Foreign }
    }

    /// Whose a job is.
    pub fn whose(&self, jid: &str) -> Whose {
        let table = self.table();
        match (table.own.get(jid), table.ours.get(jid)) {
            (Some(_), _) => Whose::Own,
            (None, Some(())) => Whose::Ours,
            (None, None) => Whose::Foreign,
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A map that forgets its oldest entry when it holds too many.
#[derive(Debug)]
struct Newest<V> {
    entries: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Default for Newest<V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new() }
    }
}

impl<V> Newest<V> {
    fn put(&mut self, jid: &str, value: V, most: usize) {
        if self.entries.insert(jid.to_owned(), value).is_some() {
            return;
        }
        self.order.push_back(jid.to_owned());
        while self.order.len() > most {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
    }

    fn get(&self, jid: &str) -> Option<&V> {
        self.entries.get(jid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(tag: &str) -> Arc<Event> {
        Arc::new(Event { tag: tag.to_owned(), data: raas_salt::Value::Map(Vec::new()), stamp: None })
    }

    #[test]
    fn an_own_question_is_answered_here_and_stays_hidden_when_the_answer_is_late() {
        let jobs = Jobs::default();
        let mut answers = jobs.own("1");
        assert_eq!(jobs.offer(Some("1"), &event("salt/job/1/ret/a")), Whose::Own);
        assert_eq!(answers.try_recv().unwrap().tag, "salt/job/1/ret/a");
        drop(answers);
        assert_eq!(jobs.offer(Some("1"), &event("salt/job/1/ret/b")), Whose::Own);
    }

    #[test]
    fn the_servers_jobs_are_told_from_those_of_others() {
        let jobs = Jobs::default();
        jobs.ours("1");
        assert_eq!(jobs.offer(Some("1"), &event("salt/job/1/new")), Whose::Ours);
        assert_eq!(jobs.offer(Some("2"), &event("salt/job/2/new")), Whose::Foreign);
    }

    #[test]
    fn whoever_follows_a_tag_hears_it_until_he_leaves() {
        let jobs = Jobs::default();
        let mut runs = jobs.follow("salt/run/");
        jobs.offer(None, &event("salt/run/5/ret"));
        jobs.offer(None, &event("salt/auth"));
        assert_eq!(runs.try_recv().unwrap().tag, "salt/run/5/ret");
        assert!(runs.try_recv().is_err());
        drop(runs);
        jobs.offer(None, &event("salt/run/6/ret"));
        assert!(jobs.table().followed.is_empty());
    }

    #[test]
    fn the_oldest_jobs_are_forgotten() {
        let mut newest = Newest::default();
        for jid in ["1", "2", "3", "2"] {
            newest.put(jid, (), 2);
        }
        assert!(newest.get("1").is_none() && newest.get("2").is_some() && newest.get("3").is_some());
    }
}
