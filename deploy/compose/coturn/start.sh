#!/bin/sh
# Starts coturn with turnserver.conf and what .env says. The secret goes through a file that only coturn reads: every user of
# the machine may read command lines.
set -eu
: "${ANNOUNCED_ADDRESS:?is not set}" "${TURN_SECRET:?is not set}" "${SITE_NAME:?is not set}"
here=${COTURN_DIR:-/etc/coturn}
umask 077
settings=$(mktemp -d)/turnserver.conf
cat "$here/turnserver.conf" >"$settings"
{
  # Behind NAT the machine does not know its public address; elsewhere this says the same twice.
  echo "external-ip=${ANNOUNCED_ADDRESS%%,*}"
  echo "realm=$SITE_NAME"
  echo "static-auth-secret=$TURN_SECRET"
  echo "userdb=$(dirname "$settings")/users.sqlite"
  echo "pidfile=$(dirname "$settings")/turnserver.pid"
  # TLS as soon as there is a certificate: networks that let nothing but TLS pass.
  if [ -r "$here/certs/fullchain.pem" ]; then
    echo "cert=$here/certs/fullchain.pem"
    echo "pkey=$here/certs/privkey.pem"
    echo "tls-listening-port=${COTURN_TLS_PORT:-5349}"
    echo no-dtls
  else
    printf '%s\n' no-tls no-dtls
  fi
} >>"$settings"
exec turnserver -c "$settings"
