#!/bin/sh
# Prints the Python that .venv is made of: python3, or the system's own where python3 was built without profiles
# (as pyenv does unless told otherwise) and the system's is new enough: all that Lotse does takes a sixth less time there.
system=${1:-/usr/bin/python3}
unprofiled='import sys, sysconfig
told = sysconfig.get_config_var("CONFIG_ARGS")
sys.exit(not told or "--enable-optimizations" in told)'
fit='import sys, venv, ensurepip
sys.exit(sys.version_info < (3, 11))'
# What Debian says of its own tells of another build, so a Python that is the system's is never asked.
if [ "$(command -v python3)" != "$system" ] && python3 -c "$unprofiled" 2>/dev/null && "$system" -c "$fit" 2>/dev/null; then
    echo "$system"
else
    echo python3
fi
