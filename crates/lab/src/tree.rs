//! Process trees as `/proc` shows them: who belongs to whom, who lives, and signals to all of them.

use std::collections::{BTreeSet, HashMap};

use rustix::process::{Pid, Signal, kill_process};

/// What `/proc/<pid>/stat` says of one process.
#[derive(Clone, Copy, Debug)]
struct Stat {
    parent: u32,
    group: u32,
    zombie: bool,
}

fn parse_stat(text: &str) -> Option<Stat> {
    // The name is in parentheses and may itself hold spaces and parentheses: the rest starts after the last one.
    let mut fields = text.get(text.rfind(')')? + 1..)?.split_whitespace();
    let zombie = matches!(fields.next()?, "Z" | "X");
    Some(Stat { parent: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()?, zombie })
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn all() -> HashMap<u32, Stat> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return HashMap::new() };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|pid| Some((pid, stat(pid)?)))
        .collect()
}

/// Whether the process runs (a zombie does not).
pub fn alive(pid: u32) -> bool {
    stat(pid).is_some_and(|stat| !stat.zombie)
}

/// The living of a process, its process group and all their descendants.
///
/// The group finds children whose parent was killed alone; the descendants find those that left the group.
pub fn members(leader: u32) -> Vec<u32> {
    let all = all();
    let mut found: BTreeSet<u32> = all
        .iter()
        .filter(|(pid, stat)| **pid == leader || stat.group == leader)
        .map(|(pid, _)| *pid)
        .collect();
    loop {
        let more: Vec<u32> = all
            .iter()
            .filter(|(pid, stat)| found.contains(&stat.parent) && !found.contains(pid))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    found.into_iter().filter(|pid| all.get(pid).is_some_and(|stat| !stat.zombie)).collect()
}

/// The living whose environment holds `NAME=value`, or whose command line holds `value`.
///
/// The last net under a lab: whoever left both the tree and the group still carries the lab's mark.
pub fn marked(name: &str, value: &str) -> Vec<u32> {
    let mark = format!("{name}={value}");
    let carries = |pid: u32| {
        let holds = |file: &str, text: &str| {
            std::fs::read(format!("/proc/{pid}/{file}"))
                .is_ok_and(|bytes| bytes.split(|b| *b == 0).any(|part| contains(part, text.as_bytes())))
        };
        holds("environ", &mark) || holds("cmdline", value)
    };
    let own = std::process::id();
    all()
        .into_iter()
        .filter(|(pid, stat)| *pid != own && !stat.zombie && carries(*pid))
        .map(|(pid, _)| pid)
        .collect()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Sends a signal to each; those that are gone already do not matter.
pub fn signal(pids: &[u32], signal: Signal) {
    for pid in pids.iter().filter_map(|pid| Pid::from_raw(i32::try_from(*pid).ok()?)) {
        let _ = kill_process(pid, signal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_spaces_does_not_confuse_the_reader() {
        let stat = parse_stat("42 (a) (b c) S 7 9 9 0 -1").unwrap();
        assert_eq!((stat.parent, stat.group, stat.zombie), (7, 9, false));
        assert!(parse_stat("42 (x) Z 1 42 0").unwrap().zombie);
        assert!(parse_stat("").is_none());
    }

    #[test]
    fn this_process_is_alive_and_a_free_number_is_not() {
        assert!(alive(std::process::id()));
        assert!(!alive(u32::MAX));
    }
}
