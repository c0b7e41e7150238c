#!/bin/sh
# Starts Prometheus for this machine alone, with METRICS_TOKEN in the file that prometheus.yml names.
set -eu
umask 077
printf %s "${METRICS_TOKEN:-none}" >/run/prospect-live/metrics-token
unset METRICS_TOKEN
exec prometheus --config.file=/etc/prometheus/kit/prometheus.yml --storage.tsdb.path=/prometheus \
  --storage.tsdb.retention.time=30d --web.listen-address=127.0.0.1:9090
