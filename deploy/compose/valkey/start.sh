#!/bin/sh
# Starts Valkey (or Redis) with valkey.conf, on VALKEY_ADDRESS, with one user "prospect" whose password is VALKEY_PASSWORD. The
# file of users has the password's hash.
set -eu
: "${VALKEY_PASSWORD:?is not set: CLUSTER_URL has the same}" "${VALKEY_ADDRESS:=127.0.0.1}"
here=${VALKEY_DIR:-/etc/valkey}
server=$(command -v valkey-server || command -v redis-server)
umask 077
users=$(mktemp)
hash=$(printf %s "$VALKEY_PASSWORD" | sha256sum | cut -d' ' -f1)
cat >"$users" <<END
user default off
user prospect on #$hash ~prospect:* &prospect:* -@all +@read +@write +@string +@pubsub +@scripting +@connection +@transaction +time +info +cluster|slots +cluster|shards +cluster|nodes -keys -@dangerous +info
END
unset VALKEY_PASSWORD
exec "$server" "$here/valkey.conf" --bind "$VALKEY_ADDRESS" --aclfile "$users"
