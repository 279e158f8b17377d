#!/bin/sh
# One minion of a cluster, configured as failover or hot-hot minions want it.
set -eu
: "${MASTERS:?names of the masters}" "${CLUSTER_KIND:?failover or hot}"
install -d /etc/salt/minion.d
{
  echo "id: $(hostname)"
  echo "master:"
  for master in $MASTERS; do echo "  - $master"; done
  echo "cache_jobs: true"
  echo "random_reauth_delay: 3"
  if [ "$CLUSTER_KIND" = failover ]; then
    echo "master_type: failover"
    echo "master_alive_interval: 10"
    echo "retry_dns: 0"
  fi
} > /etc/salt/minion.d/lab.conf
exec salt-minion
