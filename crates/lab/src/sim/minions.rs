//! The minions of one simulated cluster, as one task: whom they are connected to, what they run, and how their returns travel
//! or die, by the rules measured on real Salt (a jid is remembered among the last 100; a failover minion's return dies with
//! its master; a hot-hot minion returns to the master it heard first).

mod answer;
mod due;
mod link;
mod returns;

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::book::{Book, Happened};
use super::dice::Dice;
use super::line::{Job, Sent, ToMaster, ToMinions};
use due::{Agenda, Due};
use returns::Waiting;

/// A minion remembers so many jids (`minion_jid_queue_hwm`).
const MEMORY: usize = 100;

/// How the minions of a cluster behave.
#[derive(Clone, Debug)]
pub struct Rules {
    /// A minion is on one master at a time.
    pub failover: bool,
    /// Sockets of the masters.
    pub masters: Vec<PathBuf>,
    /// Runs last so long at most, but for one in fifty, which lasts up to 12 s.
    pub longest: Duration,
}

/// What they can be told.
#[derive(Clone, Debug)]
pub enum Order {
    /// So many of 100 move to another master.
    Shuffle(u64),
    /// Somebody publishes at the keyboard of a master. No minions: those that are connected to it.
    Cli(usize, Box<Job>),
    /// A master closes its bus.
    HangUp(usize),
}

/// A running cluster of minions. They end when this is dropped.
#[derive(Debug)]
pub struct Minions {
    orders: UnboundedSender<Event>,
    tasks: Vec<JoinHandle<()>>,
}

/// What the task hears.
#[derive(Debug)]
enum Event {
    Up(usize, UnboundedSender<Vec<u8>>),
    Heard(usize, ToMinions),
    Down(usize),
    Order(Order),
}

impl Minions {
    /// Starts them: each connects as soon as a master is there.
    pub fn start(rules: Rules, book: Arc<Book>, dice: Dice) -> Self {
        let (orders, events) = unbounded_channel();
        let mut tasks: Vec<JoinHandle<()>> = rules
            .masters
            .iter()
            .enumerate()
            .map(|(master, socket)| tokio::spawn(link::keep(master, socket.clone(), orders.clone())))
            .collect();
        tasks.push(tokio::spawn(Cluster::new(rules, book, dice).run(events)));
        Self { orders, tasks }
    }

    /// Tells them something.
    pub fn tell(&self, order: Order) {
        let _ = self.orders.send(Event::Order(order));
    }
}

impl Drop for Minions {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// One minion.
#[derive(Debug, Default)]
struct Minion {
    /// Whether it is connected, by master.
    on: Vec<bool>,
    /// The jobs it remembers.
    heard: VecDeque<usize>,
    /// What it runs.
    running: Vec<usize>,
    /// Masters that it has ever been connected to.
    knows: Vec<bool>,
}

/// A job as minions know it.
#[derive(Debug)]
struct Known {
    jid: String,
    fun: String,
    arg: serde_json::Value,
    metadata: Option<serde_json::Value>,
}

#[derive(Debug)]
struct Cluster {
    rules: Rules,
    book: Arc<Book>,
    dice: Dice,
    masters: Vec<Option<UnboundedSender<Vec<u8>>>>,
    minions: Vec<Minion>,
    by_id: HashMap<String, usize>,
    jobs: Vec<Known>,
    by_jid: HashMap<String, usize>,
    agenda: Agenda,
    waiting: HashMap<u64, Waiting>,
    number: u64,
    /// What goes out together, by master.
    outbox: Vec<(Vec<String>, Vec<Sent>)>,
}

impl Cluster {
    fn new(rules: Rules, book: Arc<Book>, dice: Dice) -> Self {
        let masters = rules.masters.len();
        let minion = || Minion { on: vec![false; masters], knows: vec![false; masters], ..Minion::default() };
        let ids = book.minions();
        let mut new = Self {
            masters: vec![None; masters],
            minions: ids.iter().map(|_| minion()).collect(),
            by_id: ids.iter().enumerate().map(|(at, id)| (id.clone(), at)).collect(),
            jobs: Vec::new(),
            by_jid: HashMap::new(),
            agenda: Agenda::default(),
            waiting: HashMap::new(),
            number: 0,
            outbox: vec![(Vec::new(), Vec::new()); masters],
            rules,
            book,
            dice,
        };
        for minion in 0..new.minions.len() {
            new.seek_soon(minion, None);
        }
        new
    }

    async fn run(mut self, mut events: UnboundedReceiver<Event>) {
        loop {
            let next = self.agenda.next();
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.hear(event),
                    None => return,
                },
                () = due::until(next) => {}
            }
            let now = Instant::now();
            while let Some(due) = self.agenda.take(now) {
                self.act(due, now);
            }
            self.send_out();
        }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Up(master, to) => {
                self.masters[master] = Some(to);
                if !self.rules.failover {
                    for minion in 0..self.minions.len() {
                        self.agenda.put(self.dice.ms(50, 2000), Due::Attach { minion, master });
                    }
                }
            }
            Event::Down(master) => self.lost_master(master),
            Event::Heard(master, ToMinions::Publish(job)) => self.published(master, *job),
            Event::Heard(_, ToMinions::Ack(numbers)) => {
                for number in numbers {
                    self.acknowledged(number);
                }
            }
            Event::Order(order) => self.ordered(order),
        }
    }

    fn ordered(&mut self, order: Order) {
        match order {
            Order::Shuffle(percent) => {
                for minion in 0..self.minions.len() {
                    let on = self.minions[minion].on.iter().position(|on| *on);
                    if self.dice.percent(percent) && on.is_some() {
                        self.minions[minion].on.fill(false);
                        self.seek_soon(minion, on);
                    }
                }
            }
            Order::Cli(master, mut job) => {
                if job.minions.is_empty() {
                    let ids = self.book.minions().iter().zip(&self.minions);
                    job.minions = ids.filter(|(_, one)| one.on[master]).map(|(id, _)| id.clone()).collect();
                    job.tgt = serde_json::json!(job.minions);
                    "list".clone_into(&mut job.tgt_type);
                }
                if !job.minions.is_empty() {
                    self.say(master, &ToMaster::Cli(job));
                }
            }
            Order::HangUp(master) => self.say(master, &ToMaster::HangUp),
        }
    }

    /// Each minion that is connected hears it, and runs it unless it remembers the jid.
    fn published(&mut self, master: usize, job: Job) {
        let Job { jid, fun, arg, metadata, minions, .. } = job;
        let token = arg[0].as_str().unwrap_or_default().to_owned();
        let own = answer::is_own(metadata.as_ref());
        let at = *self.by_jid.entry(jid.clone()).or_insert_with(|| {
            self.jobs.push(Known { jid: jid.clone(), fun, arg, metadata });
            self.jobs.len() - 1
        });
        for id in &minions {
            let Some(minion) = self.by_id.get(id).copied() else { continue };
            let one = &mut self.minions[minion];
            if !one.on[master] {
                continue;
            }
            if one.heard.contains(&at) {
                self.book.note(&jid, minion, Happened::Ignored);
                continue;
            }
            one.heard.push_back(at);
            if one.heard.len() > MEMORY {
                one.heard.pop_front();
            }
            if own {
                self.agenda.put(self.dice.ms(2, 80), Due::Answer { minion, job: at, via: master });
            } else {
                one.running.push(at);
                let run = self.book.runs(&jid, &token, minion);
                let lasts = self.duration();
                self.agenda.put(lasts, Due::Finish { minion, job: at, run, via: master });
            }
        }
    }

    fn duration(&mut self) -> Duration {
        if self.dice.percent(2) {
            return self.dice.ms(3000, 12_000);
        }
        let longest = u64::try_from(self.rules.longest.as_millis()).unwrap_or(u64::MAX);
        self.dice.ms(5, longest)
    }
}
