#!/bin/sh
# First process of a matrix guest: mounts what a tracer needs, runs the guest command, switches the machine off.
# ttyS0 is the console; ttyS1 carries the command's standard output and nothing else.
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /root
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root

mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
mount -t tracefs none /sys/kernel/tracing
mount -t debugfs none /sys/kernel/debug
mount -t bpf none /sys/fs/bpf
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs none /tmp
mkdir -p /dev/shm
mount -t tmpfs none /dev/shm
ln -s /proc/self/fd /dev/fd
ip link set lo up

stty -F /dev/ttyS1 raw -echo
# Through a pipe: the command must not take the port for somebody's terminal.
{
	sh /guest-command </dev/null
	printf '\036exit %d\n' $?
} | cat >/dev/ttyS1

poweroff -f
