#!/bin/sh
# Takes the passwords from the mounted secrets (never from argv) and becomes the server.
set -eu
password=$(cat /run/secrets/postgres-password)
export RAAS__DATABASE__URL="postgresql://raas:${password}@postgres:5432/raas?sslmode=disable"
RAAS_ROOT_PASSWORD=$(cat /run/secrets/root-password)
export RAAS_ROOT_PASSWORD
# Other containers reach it by the compose network only; the port of the host is bound to 127.0.0.1.
export RAAS__SERVER__ALLOW_PLAIN_HTTP_ON_NETWORK=true
exec raas serve --listen 0.0.0.0:8080 --data-dir /var/lib/raas
