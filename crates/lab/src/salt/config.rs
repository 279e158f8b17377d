//! The configuration files of lab masters and minions, and the states they serve.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::{ClusterSpec, Mode};
use crate::net::{PUBLISH_PORT, REQUEST_PORT};

/// A state that succeeds and leaves a file behind.
const OK_SLS: &str = "\
ok_file:
  file.managed:
    - name: {{ grains.lab_dir }}/ok-{{ grains.id }}
    - contents: applied
ok_test:
  test.succeed_with_changes:
    - name: something changed
";
/// A state of which one part fails.
const BAD_SLS: &str = "\
good:
  test.succeed_without_changes
bad:
  test.fail_without_changes:
    - name: this one fails
";

/// Thirty states of a second each, for whoever wants to pause or stop a run. `pillar.trace` is a file that each leaves a line in.
const SLOW_SLS: &str = "\
{% for step in range(1, 31) %}
step-{{ step }}:
  cmd.run:
    - name: echo {{ grains.id }} step {{ step }} >> {{ pillar.trace }}; sleep 1
    - order: {{ step }}
{% endfor %}
";

/// An orchestration: two jobs for minions and a runner, one after the other. `pillar.trace` is a file that each leaves a line in.
const ORCH_SLS: &str = "\
first:
  salt.function:
    - name: file.append
    - tgt: '*'
    - arg: ['{{ pillar.trace }}', 'minion']
    - timeout: 120
second:
  salt.runner:
    - name: salt.cmd
    - arg: ['file.append', '{{ pillar.trace }}', 'master']
    - require: [{salt: first}]
third:
  salt.state:
    - tgt: '*'
    - sls: ok
    - timeout: 120
    - require: [{salt: second}]
";

pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The states `ok`, `bad` and `slow`, the orchestration `orch`, and an empty pillar.
pub(super) fn write_states(srv: &Path) -> Result<()> {
    write(&srv.join("salt/ok.sls"), OK_SLS)?;
    write(&srv.join("salt/bad.sls"), BAD_SLS)?;
    write(&srv.join("salt/slow.sls"), SLOW_SLS)?;
    write(&srv.join("salt/orch.sls"), ORCH_SLS)?;
    write(&srv.join("pillar/top.sls"), "base: {}\n")
}

/// `master` of one master. JSON is YAML, so values that need quoting are written as JSON.
pub(super) fn master(
    spec: &ClusterSpec,
    id: &str,
    ip: Ipv4Addr,
    user: &str,
    dir: &Path,
    srv: &Path,
) -> String {
    let d = dir.display();
    let s = srv.display();
    let workers = spec.worker_threads;
    let auto = spec.auto_accept;
    let extra = &spec.master_extra;
    format!(
        "\
id: {id}
interface: {ip}
publish_port: {PUBLISH_PORT}
ret_port: {REQUEST_PORT}
user: {user}
root_dir: {d}
pki_dir: {d}/pki
cachedir: {d}/cache
sock_dir: {d}/run
pidfile: {d}/master.pid
log_file: {d}/master.log
key_logfile: {d}/key.log
log_level: quiet
log_level_logfile: warning
conf_file: {d}/conf/master
default_include: master.d/*.conf
extension_modules: {d}/extmods
token_dir: {d}/cache/tokens
syndic_dir: {d}/cache/syndics
sqlite_queue_dir: {d}/cache/queues
worker_threads: {workers}
timeout: 5
gather_job_timeout: 3
auto_accept: {auto}
fileserver_backend: [roots]
file_roots: {{base: [\"{s}/salt\"]}}
pillar_roots: {{base: [\"{s}/pillar\"]}}
hash_type: sha256
{extra}"
    )
}

/// `minion` of one minion: a failover or hot-hot one as users run it, with the options that spare a test its waiting.
pub(super) fn minion(
    spec: &ClusterSpec,
    id: &str,
    number: u8,
    masters: &[Ipv4Addr],
    user: &str,
    dir: &Path,
) -> String {
    let d = dir.display();
    let list = json!(masters);
    let alive = spec.alive_interval;
    let holds = match spec.mode {
        Mode::Failover => format!(
            "master: {list}\nmaster_type: failover\nmaster_alive_interval: {alive}\nmaster_failback: false\nmaster_shuffle: false"
        ),
        Mode::HotHot => format!("master: {list}\nmaster_type: str"),
        Mode::Single => format!("master: {}", masters[usize::from(number - 1) % masters.len()]),
    };
    let cluster = &spec.id;
    let extra = &spec.minion_extra;
    format!(
        "\
id: {id}
user: {user}
root_dir: {d}
pki_dir: {d}/pki
cachedir: {d}/cache
sock_dir: {d}/run
pidfile: {d}/minion.pid
log_file: {d}/minion.log
log_level: quiet
log_level_logfile: warning
conf_file: {d}/conf/minion
default_include: minion.d/*.conf
extension_modules: {d}/cache/extmods
publish_port: {PUBLISH_PORT}
master_port: {REQUEST_PORT}
{holds}
hash_type: sha256
cache_jobs: true
mine_enabled: false
enable_gpu_grains: false
disable_modules: []
grains: {{lab_dir: \"{d}\", lab_cluster: {cluster}, number: {number}, roles: [web]}}
auth_timeout: 5
auth_tries: 2
acceptance_wait_time: 2
acceptance_wait_time_max: 2
random_reauth_delay: 1
recon_default: 100
recon_max: 1000
recon_randomize: false
retry_dns: 0
master_tries: -1
tcp_keepalive: true
{extra}"
    )
}
