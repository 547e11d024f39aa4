#!/bin/sh
# Installs what the tests need and the machine lacks: Java, Maven, Redis, promtool. Debian-like machines, as root; else says what is missing.
set -eu
packages=""
command -v java >/dev/null 2>&1 || packages="$packages default-jre-headless"
command -v mvn >/dev/null 2>&1 || packages="$packages maven"
command -v redis-server >/dev/null 2>&1 || packages="$packages redis-server"
command -v promtool >/dev/null 2>&1 || packages="$packages prometheus"
[ -n "$packages" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
else
  echo "The tests need:$packages. Install them, then run make test again." >&2
  exit 1
fi
