/** What a container runtime wrote down about a container before it started it. Pure. */

/**
 * Where runtimes keep the configuration of the container with this id while it runs. Each is the default of
 * the runtime, or of a distribution that brings its own.
 */
export function bundlePaths(containerId: string): string[] {
  const containerd = [
    '/run/containerd',
    '/run/k3s/containerd',
    '/run/k0s/containerd',
    '/var/snap/microk8s/common/run/containerd',
  ].map(state => `${state}/io.containerd.runtime.v2.task/k8s.io/${containerId}/config.json`)
  return [...containerd, `/run/containers/storage/overlay-containers/${containerId}/userdata/config.json`]
}

const TYPES = ['io.kubernetes.cri.container-type', 'io.kubernetes.cri-o.ContainerType']
const NAMES = ['io.kubernetes.cri.container-name', 'io.kubernetes.container.name']

/**
 * @param config an OCI runtime's config.json.
 * @returns the container's name; null for a sandbox, which is no container of the pod; undefined: it does not say.
 */
export function containerByBundle(config: unknown): string | null | undefined {
  const annotations = (config as { annotations?: Record<string, unknown> } | null)?.annotations ?? {}
  const first = (keys: readonly string[]) => keys.map(key => annotations[key]).find(Boolean)
  if (first(TYPES) === 'sandbox') return null
  const name = first(NAMES)
  return typeof name === 'string' ? name : undefined
}
