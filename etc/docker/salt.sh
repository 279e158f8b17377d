#!/bin/sh
# Installs one version of Salt from the Python registry. Its newest patches pin a certifi that the registry may not have
# yet, so Salt goes in without its pins and then its own list with certifi relaxed.
set -eu
version=$1
python3 -m venv /opt/salt
/opt/salt/bin/pip install --quiet --no-cache-dir --upgrade pip wheel 'setuptools<81'
/opt/salt/bin/pip install --quiet --no-cache-dir --no-deps --no-build-isolation "salt==$version"
sed -n 's/^Requires-Dist: //p' /opt/salt/lib/python3*/site-packages/salt-*/METADATA |
  grep -v -E '^certifi|extra ==|virtualenv|apache-libcloud' > /tmp/requirements.txt
echo certifi >> /tmp/requirements.txt
/opt/salt/bin/pip install --quiet --no-cache-dir --requirement /tmp/requirements.txt
rm /tmp/requirements.txt
