#!/bin/sh
# First process of a machine: a pid, mount, UTS and IPC namespace of its own.
# machineInit.sh NAME [DIRECTORY CONTROL_PLANE_ADDRESS]
# With a directory it becomes a node: sees the node's own files where the
# programs of a node look for theirs. All mounts end with the namespace.
set -eu
exec 3<&0 # Background commands get /dev/null as standard input.
hostname "$1"

if [ $# -gt 1 ]; then
  dir=$2
  # A sysfs that shows this network namespace, with the control groups put back. Must come
  # before mounts are shared, or unmounting the helper would take the originals with it.
  mkdir -p "$dir/cgroup"
  mount --rbind /sys/fs/cgroup "$dir/cgroup"
  mount -t sysfs sysfs /sys
  mount --rbind "$dir/cgroup" /sys/fs/cgroup
  umount -l "$dir/cgroup"
  mount --make-rshared / # The kubelet expects it.

  # The node's own name server. On some machines the file is a link into /run.
  resolv=$(readlink -m /etc/resolv.conf)
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p "$(dirname "$resolv")"
  touch "$resolv"
  mount --bind "$dir/resolv.conf" "$resolv"

  mkdir -p "$dir/var-lib/kubelet" "$dir/var-lib/cni" "$dir/var-log/pods" "$dir/var-log/containers"
  mount --bind "$dir/var-lib" /var/lib
  mount --bind "$dir/var-log" /var/log

  # Of its own network namespace only.
  echo 1 > /proc/sys/net/ipv4/ip_forward
  echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet

  # Settings of the kernel that the kubelet would change for the whole machine, unless they
  # already read as it wants them: it is shown files that do.
  while read -r name value; do
    echo "$value" > "$dir/sysctl-$name"
    mount --bind "$dir/sysctl-$name" "/proc/sys/$(echo "$name" | tr . /)"
  done << 'SETTINGS'
kernel.panic 10
kernel.panic_on_oops 1
vm.overcommit_memory 1
vm.panic_on_oom 0
kernel.keys.root_maxkeys 1000000
kernel.keys.root_maxbytes 25000000
SETTINGS
fi

echo ready
# The owner holds the other end of this pipe. When it is gone, this process ends, and with it
# everything in the namespace. Until then it collects the orphans that end here.
cat <&3 > /dev/null &
wait $!
