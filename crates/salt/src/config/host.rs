//! What Salt takes from the machine where its configuration says nothing: the id and the user.

use std::fs;

const NO_NAMES: [&str; 4] = ["localhost", "localhost.localdomain", "localhost.local", "(none)"];

/// `<full host name>_master`, close to Salt's own guess. The engine hands over the true one.
pub(super) fn default_id(append_domain: Option<String>) -> String {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let hosts = fs::read_to_string("/etc/hosts").unwrap_or_default();
    let mut id = full_name(host.trim(), &hosts);
    if let Some(domain) = append_domain
        && !id.ends_with(&domain)
    {
        id = format!("{id}.{domain}");
    }
    format!("{id}_master")
}

/// The first name of the host's line in `/etc/hosts`, as a resolver finds the full name.
fn full_name(host: &str, hosts: &str) -> String {
    let lines = hosts.lines().filter_map(|line| line.split('#').next());
    let full = lines
        .map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>())
        .find(|names| names.contains(&host))
        .and_then(|names| names.first().copied());
    let known = [full.unwrap_or_default(), host];
    let found = known.into_iter().find(|name| !name.is_empty() && !NO_NAMES.contains(name));
    found.unwrap_or("localhost").to_owned()
}

/// Name of the user we run as, as Salt's default for `user`.
pub(super) fn current_user() -> String {
    let uid = rustix::process::geteuid().as_raw();
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    name_of(uid, &users).unwrap_or_else(|| if uid == 0 { "root".to_owned() } else { uid.to_string() })
}

fn name_of(uid: u32, users: &str) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_name_comes_from_the_hosts_file() {
        let hosts = "127.0.0.1 localhost\n127.0.1.1 m1.example m1 # me\n";
        assert_eq!(full_name("m1", hosts), "m1.example");
        assert_eq!(full_name("m2", hosts), "m2");
        assert_eq!(full_name("localhost", hosts), "localhost");
    }

    #[test]
    fn users_are_found_by_number() {
        assert_eq!(name_of(7, "root:x:0:0::\nsalt:x:7:7::\n").as_deref(), Some("salt"));
        assert_eq!(name_of(8, "root:x:0:0::\n"), None);
    }
}
