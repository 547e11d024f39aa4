#!/bin/sh
# Installs what the tests need and the machine lacks, with apt-get as root; elsewhere says what is missing.
# With KAFKA_BOOTSTRAP set, no Kafka is started, and Java and Maven are not needed.
set -eu

java_is_new() { # 17 or newer; "1.8.0_392" is 8
  version=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/^[a-z]* version "\([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 17 ]
}
has() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null 2>&1; }

missing=""
if [ -z "${KAFKA_BOOTSTRAP:-}" ]; then
  java_is_new || missing="$missing default-jre-headless"
  has mvn || missing="$missing maven"
fi
has redis-server || missing="$missing redis-server"
has promtool || missing="$missing prometheus"
has chromium-headless-shell || has chromium || has google-chrome || missing="$missing chromium"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! has apt-get; then
  echo "The tests need Java 17 or newer, Maven, Redis, Prometheus's promtool and Chromium." >&2
  echo "Missing here (names of Debian's packages):$missing" >&2
  echo "Install them, then run make test again; as root on a Debian-like machine it installs them itself." >&2
  exit 1
fi
echo "installing$missing" >&2
apt-get update -qq
# Without a window it takes two thirds of the time; Debian has it so since 12.
if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
  missing=$(echo "$missing" | sed 's/ chromium$/ chromium-headless-shell/')
fi
# shellcheck disable=SC2086  # a list of packages
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
if [ -z "${KAFKA_BOOTSTRAP:-}" ] && ! java_is_new; then
  echo "Kafka needs Java 17 or newer, and this machine's packages have none; install it and set JAVA_HOME." >&2
  exit 1
fi
