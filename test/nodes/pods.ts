/** Pods that open files, as the API server takes them. Pure. */
import { BUSYBOX } from '../images/names.ts'

export interface Container {
  name: string
  image: string
  imagePullPolicy: 'Never'
  command: string[]
  volumeMounts: object[]
}

export interface PodOptions {
  namespace?: string
  labels?: Record<string, string>
  /** Besides the first. */
  beside?: readonly Container[]
  init?: readonly Container[]
  restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  graceSeconds?: number
}

/** A container that takes these steps: see test/images/opens.c. It finds the gates at /gates. */
export const opening = (name: string, ...steps: readonly string[]): Container =>
  running(name, 'opens', ...steps)

export function running(name: string, ...command: readonly string[]): Container {
  const volumeMounts = [{ name: 'gates', mountPath: '/gates', readOnly: true }]
  return { name, image: BUSYBOX, imagePullPolicy: 'Never', command: [...command], volumeMounts }
}

/** @param gates the volume with the gates of the scene */
export function aPod(gates: object, name: string, app: Container, options: PodOptions = {}): object {
  const { namespace = 'default', labels, beside = [], init = [] } = options
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...(labels && { labels }) },
    spec: {
      restartPolicy: options.restartPolicy ?? 'Never',
      // What waits at a gate does not hear that it is to end.
      terminationGracePeriodSeconds: options.graceSeconds ?? 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      initContainers: [...init],
      containers: [app, ...beside],
      volumes: [gates],
    },
  }
}
