#!/bin/sh
# One master of a cluster: the cluster's shared key pair, a configuration, raas-plugin install, then salt-master.
set -eu
: "${CLUSTER_ID:?}" "${CLUSTER_KIND:?failover or hot}" "${RAAS_SERVER:?}"

# The first master to come makes the key pair; mkdir decides who is first.
if mkdir /shared-key/lock 2>/dev/null; then
  salt-key --gen-keys=master --gen-keys-dir=/shared-key/lock
  mv /shared-key/lock/master.pub /shared-key/master.pub
  mv /shared-key/lock/master.pem /shared-key/master.pem
fi
tries=60
until [ -s /shared-key/master.pem ]; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "the key pair of $CLUSTER_ID did not come; remove its volume and start again" >&2; exit 1; }
  sleep 1
done
install -d -m 700 /etc/salt/pki/master
install -m 400 /shared-key/master.pem /etc/salt/pki/master/master.pem
install -m 644 /shared-key/master.pub /etc/salt/pki/master/master.pub

install -d /etc/salt/master.d /srv/salt
cat > /etc/salt/master.d/lab.conf <<CONF
id: $(hostname)
interface: 0.0.0.0
auto_accept: true
worker_threads: 2
CONF
printf 'ok:\n  test.succeed_with_changes:\n    - name: something changed\n' > /srv/salt/ok.sls
if [ ! -e /etc/salt/master.d/raas.conf ]; then
  set -- --server "$RAAS_SERVER" --cluster-id "$CLUSTER_ID"
  [ "$CLUSTER_KIND" != failover ] || set -- "$@" --failover
  raas-plugin install --config-dir /etc/salt "$@"
fi
exec salt-master
