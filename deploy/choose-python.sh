#!/bin/sh
# Prints the Python that .venv is made of: python3, or where that cannot be used the system's own, or another of the path.
# A python3 built without profiles (as pyenv does unless told otherwise) comes after the system's: events cost
# some 13 % less there.
system=${1:-/usr/bin/python3}
fits() { sh "$(dirname "$0")/check-python.sh" "$1" 2>/dev/null; }
unprofiled='import sys, sysconfig
told = sysconfig.get_config_var("CONFIG_ARGS")
sys.exit(not told or "--enable-optimizations" in told)'
first=python3
# What Debian says of its own tells of another build, so a Python that is the system's is never asked.
if [ "$(command -v python3)" != "$system" ] && python3 -c "$unprofiled" 2>/dev/null; then first=$system; fi
for one in "$first" python3 "$system" python3.13 python3.12 python3.11 python3.14; do
    if fits "$one"; then echo "$one"; exit; fi
done
echo python3 # and check-python.sh says what is wrong with it
