/** Where things are in a cluster's network namespace and state directory. Pure. */

/** The machine's address in the namespace, on the bridge node0. */
export const NODE_ADDRESS = '10.90.0.1'

export const SERVICE_RANGE = '10.96.0.0/16'
/** A /24 for each of up to 4,096 nodes. */
export const POD_RANGE = '10.240.0.0/12'

export const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const
export type ComponentName = (typeof COMPONENTS)[number]

export interface Places {
  stateDir: string
  /** Of the API server, on 127.0.0.1 in the namespace and, through the relay, on that of the machine. */
  port: number
}

export const serverOf = ({ port }: Places): string => `https://127.0.0.1:${port}`
export const logOf = ({ stateDir }: Places, component: string): string => `${stateDir}/log/${component}.log`
export const certificateOf = ({ stateDir }: Places, name: string): string => `${stateDir}/pki/${name}.crt`
export const keyOf = ({ stateDir }: Places, name: string): string => `${stateDir}/pki/${name}.key`
export const kubeconfigOf = ({ stateDir }: Places, user: string): string => `${stateDir}/kubeconfig/${user}`
