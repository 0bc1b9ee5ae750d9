#!/bin/sh
# Becomes systemd as process 1 of a machine of its own: this one's files below a
# layer that is thrown away, no unit but those of DIR/units, its own cgroup CGROUP.
# Runs in new mount, PID and cgroup namespaces. What it needs lies in DIR:
#   units/    for /etc/systemd/system      etc/   laid over /etc
#   binds     lines "FROM TO": mounted read-only     out/  shared, as /out
set -eu
dir=$1
mount --make-rprivate /
mount -t tmpfs tmpfs "$dir/machine"
mkdir "$dir/machine/upper" "$dir/machine/work" "$dir/machine/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/machine/upper,workdir=$dir/machine/work" "$dir/machine/root"
root=$dir/machine/root

rm -rf "$root/etc/systemd/system"
cp -r "$dir/units" "$root/etc/systemd/system"
cp -r "$dir/etc/." "$root/etc/"
printf 'mattermost:x:991:991::/nonexistent:/usr/sbin/nologin\n' >>"$root/etc/passwd"
printf 'mattermost:x:991:\n' >>"$root/etc/group"
while read -r from to; do
  if [ -d "$from" ]; then mkdir -p "$root$to"; else mkdir -p "$(dirname "$root$to")" && : >"$root$to"; fi
  mount --bind "$from" "$root$to"
done <"$dir/binds"
mkdir "$root/out"
mount --bind "$dir/out" "$root/out"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
  mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
  mkdir "$root/sys/fs/cgroup/systemd"
  mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
fi
for folder in run tmp dev; do mount -t tmpfs tmpfs "$root/$folder"; done
mkdir "$root/dev/shm" "$root/dev/pts" "$root/dev/mqueue" "$root/dev/hugepages"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done

cd "$root"
mkdir old
pivot_root . old
umount -l /old
export container=rtc-test
exec /lib/systemd/systemd --system --log-target=null --show-status=no
