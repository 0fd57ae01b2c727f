/** Which container a process is in, by what the kubelet has mounted into it. Pure. */

/** Of /proc/PID/mountinfo: the root of the mount in its file system, fourth of the fields. */
const ROOT_FIELD = 3

/**
 * The name of the pod's container whose mounts these are. The kubelet gives each container a file for its last
 * words, from a directory that names it: …/pods/UID/containers/NAME/8f3a2b1c. undefined: there is none, as before
 * the runtime has got so far, and in a sandbox.
 * @param mountinfo of a process of the container.
 */
export function containerByMounts(mountinfo: string, podUid: string): string | undefined {
  for (const line of mountinfo.split('\n')) {
    const root = line.split(' ', ROOT_FIELD + 1)[ROOT_FIELD] ?? ''
    const at = root.indexOf(`/pods/${podUid}/`)
    if (at < 0) continue
    // Only right behind the first such part: below a volume of the pod a container may name things as it likes.
    const [folder, name, file, ...rest] = root.slice(at + `/pods/${podUid}/`.length).split('/')
    if (folder === 'containers' && name && file && rest.length === 0) return name
  }
  return undefined
}
