#!/bin/sh
# The image's entry. Some hosts mount a volume as root's. Started as root, it gives
# the volume to the service's user (10001, verso) and becomes that user, with no way
# back. Started as anybody else, it is the service at once.
set -eu
if [ "$(id -u)" -ne 0 ]; then
  exec verso "$@"
fi
# Links are not followed: what they lead to may be anybody's.
find /var/lib/verso -xdev ! -user 10001 -exec chown -h 10001:10001 {} +
export HOME=/var/lib/verso
exec setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all verso "$@"
