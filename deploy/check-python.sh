#!/bin/sh
# Says in one line why .venv cannot be made of a Python, and what to do instead; says nothing of one that it can be made of.
command -v "$1" >/dev/null || { echo "There is no $1; install Python 3.11 to 3.14, or name one: make setup PYTHON=..." >&2; exit 1; }
# Any Python must be able to read this, also one of long ago.
exec "$1" -c 'import platform, sys, sysconfig
named, kind, version = sys.argv[1], platform.python_implementation(), sys.version_info[:2]
if sysconfig.get_config_var("Py_GIL_DISABLED"):
    kind = "free-threaded " + kind
if kind != "CPython" or not (3, 11) <= version <= (3, 14):
    sys.exit("%s is %s %d.%d, and not all that Lotse needs is made for that; name a CPython 3.11 to 3.14: make setup PYTHON=python3.13" % (named, kind, version[0], version[1]))
try:
    import ensurepip, venv
except ImportError:
    sys.exit("%s lacks venv; on Debian and Ubuntu: apt-get install python%d.%d-venv" % (named, version[0], version[1]))' "$1"
