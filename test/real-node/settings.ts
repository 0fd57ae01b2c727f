/** What containerd, kubelet, kube-proxy and the CNI plugins are told. Pure. */
import { PAUSE } from '../images/names.ts'

export interface NodePlaces {
  name: string
  /** The cluster's, which goes with it. */
  stateDir: string
  /** Of the cluster, and of the node's cgroups in every hierarchy. */
  clusterName: string
  kubeconfig: (user: string) => string
  certificate: (name: string) => string
  key: (name: string) => string
}

/** Outside of the range that the controller manager gives to nodes: this one's bridge is set up by hand. */
export const POD_SUBNET = '10.100.0.0/24'

export const socketOf = ({ stateDir }: NodePlaces): string => `${stateDir}/containerd/containerd.sock`

export function containerdConfig(at: NodePlaces): string {
  return `version = 2
root = "${at.stateDir}/containerd/root"
state = "${at.stateDir}/containerd/state"
[grpc]
  address = "${socketOf(at)}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE}"
  # Without CAP_SYS_RESOURCE a negative oom_score_adj is refused, and runc's init dies of it.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${at.stateDir}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
      Root = "${at.stateDir}/containerd/runc"
`
}

export function cniConfig({ stateDir }: NodePlaces): string {
  const range = [{ subnet: POD_SUBNET }]
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'tracejob-test',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: `${stateDir}/cni-addresses`,
          ranges: [range],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  })
}

export function kubeletConfig(at: NodePlaces): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${at.clusterName}`,
    containerRuntimeEndpoint: `unix://${socketOf(at)}`,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: at.certificate('ca') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: at.certificate(`kubelet-${at.name}`),
    tlsPrivateKeyFile: at.key(`kubelet-${at.name}`),
    address: '0.0.0.0',
    failSwapOn: false,
    resolvConf: '',
    makeIPTablesUtilChains: false,
    // Nothing of the test shall depend on how full the machine's disk is.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      'memory.available': '50Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
      'nodefs.inodesFree': '1%',
      'imagefs.inodesFree': '1%',
    },
    podLogsDir: `${at.stateDir}/pod-logs`,
    volumePluginDir: `${at.stateDir}/volume-plugins`,
    nodeStatusUpdateFrequency: '4s',
    serializeImagePulls: false,
    registerNode: true,
  })
}

/** nftables, for the kernel needs no modules for it. */
export function proxyConfig(at: NodePlaces): string {
  return JSON.stringify({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig: at.kubeconfig(`kube-proxy-${at.name}`) },
    clusterCIDR: POD_SUBNET,
    hostnameOverride: at.name,
    bindAddress: '0.0.0.0',
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  })
}
