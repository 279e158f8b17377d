#!/bin/sh
# Draws the passwords that docker-compose.yml mounts as secrets; keeps those that are there.
set -eu
cd "$(dirname "$0")/../.."
umask 077
mkdir -p .secrets
for name in postgres-password root-password; do
  [ -s ".secrets/$name" ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' > ".secrets/$name"
done
echo "passwords are in .secrets/"
