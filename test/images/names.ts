/** What the images of tiny.ts are called. Pure. */

/** Holds a pod's namespaces. */
export const PAUSE = 'localhost/tracejob-pause:test'

/** A shell and its tools, opens (see opens.c), and /data/secret to read. */
export const BUSYBOX = 'localhost/tracejob-busybox:test'
