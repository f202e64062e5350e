#!/usr/bin/env bash
# Installs Debian's Chromium, with a font for Chinese, where there is none: tests open our web pages in it.
set -e -u -o pipefail
if command -v chromium >/dev/null; then exit 0; fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "chromium is missing and apt-get cannot be used here: install it by hand (apt-get install chromium)" >&2
    exit 1
fi
# apt checks signatures as its own user, who must be able to write temporary files; not every /tmp lets him.
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
chmod 1777 "$TMPDIR"
# Another process may hold apt's lock: wait for it.
apt-get -o DPkg::Lock::Timeout=600 update -qq
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends \
    chromium fonts-wqy-zenhei >/dev/null
chromium --version
