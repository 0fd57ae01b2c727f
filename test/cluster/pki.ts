/** Certificates and keys, by openssl: node:crypto reads certificates but does not make any. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ProgramFailed } from './failures.ts'
import { kubeconfig } from './kubeconfig.ts'
import { certificateOf, keyOf, kubeconfigOf, NODE_ADDRESS, type Places, serverOf } from './places.ts'

const run = promisify(execFile)

const SERVER_NAMES = [
  'DNS:kubernetes',
  'DNS:kubernetes.default',
  'DNS:kubernetes.default.svc',
  'DNS:kubernetes.default.svc.cluster.local',
  'DNS:localhost',
  'IP:127.0.0.1',
  'IP:10.96.0.1',
  `IP:${NODE_ADDRESS}`,
]

/** User names of the client certificates, and the groups they are in. */
const CLIENTS: Record<string, { user: string; groups?: string[] }> = {
  admin: { user: 'admin', groups: ['system:masters'] },
  'kube-controller-manager': { user: 'system:kube-controller-manager' },
  'kube-scheduler': { user: 'system:kube-scheduler' },
}

/** All that the control plane needs, and a kubeconfig for each of its clients. */
export async function makePki(at: Places): Promise<void> {
  for (const folder of ['pki', 'kubeconfig']) await mkdir(`${at.stateDir}/${folder}`, { mode: 0o711 })
  await Promise.all(['ca', 'front-proxy-ca', 'service-accounts'].map(name => authority(at, name)))
  await Promise.all([
    signed(at, 'apiserver', {
      subject: subjectOf('kube-apiserver'),
      usage: 'serverAuth',
      names: SERVER_NAMES,
    }),
    signed(at, 'apiserver-kubelet-client', {
      subject: subjectOf('kube-apiserver-kubelet-client', ['system:masters']),
      usage: 'clientAuth',
    }),
    signed(at, 'front-proxy-client', {
      by: 'front-proxy-ca',
      subject: subjectOf('front-proxy-client'),
      usage: 'clientAuth',
    }),
    ...Object.entries(CLIENTS).map(([name, { user, groups }]) => clientKubeconfig(at, name, user, groups)),
  ])
}

/** Makes `user` a certificate and a kubeconfig by the name of `name`; returns the kubeconfig's path. */
export async function clientKubeconfig(
  at: Places,
  name: string,
  user: string,
  groups: readonly string[] = [],
): Promise<string> {
  await signed(at, name, { subject: subjectOf(user, groups), usage: 'clientAuth' })
  const [certificate, key] = await Promise.all([readFile(certificateOf(at, name)), readFile(keyOf(at, name))])
  return writeKubeconfig(at, name, {
    'client-certificate-data': certificate.toString('base64'),
    'client-key-data': key.toString('base64'),
  })
}

/** A certificate that also serves, for a node's kubelet. */
export function serverCertificate(
  at: Places,
  name: string,
  subject: string,
  names: readonly string[],
): Promise<void> {
  return signed(at, name, { subject, usage: 'serverAuth', names })
}

/** @param user what a kubeconfig says of a user: a token, a certificate with its key. */
export async function writeKubeconfig(
  at: Places,
  name: string,
  user: Record<string, string>,
): Promise<string> {
  const ca = await readFile(certificateOf(at, 'ca'))
  const path = kubeconfigOf(at, name)
  await writeFile(path, kubeconfig({ server: serverOf(at), ca: ca.toString('base64'), user }), {
    mode: 0o600,
  })
  return path
}

function authority(at: Places, name: string): Promise<void> {
  return openssl(at, name, [
    ['-subj', `/CN=${name}`],
    ['-addext', 'basicConstraints=critical,CA:TRUE'],
    ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ])
}

interface Certificate {
  by?: string
  subject: string
  usage: 'serverAuth' | 'clientAuth'
  names?: readonly string[]
}

function signed(at: Places, name: string, { by = 'ca', subject, usage, names }: Certificate): Promise<void> {
  return openssl(at, name, [
    ['-CA', certificateOf(at, by), '-CAkey', keyOf(at, by)],
    ['-subj', subject],
    ['-addext', 'basicConstraints=critical,CA:FALSE'],
    ['-addext', 'keyUsage=critical,digitalSignature'],
    ['-addext', `extendedKeyUsage=${usage}`],
    names ? ['-addext', `subjectAltName=${names.join(',')}`] : [],
  ])
}

async function openssl(at: Places, name: string, how: string[][]): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', keyOf(at, name)]
  const args = ['req', '-x509', '-days', '30', ...key, '-out', certificateOf(at, name), ...how.flat()]
  try {
    await run('openssl', args)
  } catch (error) {
    throw new ProgramFailed(
      `openssl made no certificate for ${name}`,
      (error as { stderr?: string }).stderr ?? '',
      error,
    )
  }
}

/** In openssl's way of writing a subject, a slash and a backslash of a name need another backslash. */
const subjectOf = (user: string, groups: readonly string[] = []): string =>
  [...groups.map(group => `/O=${quoted(group)}`), `/CN=${quoted(user)}`].join('')

const quoted = (text: string): string => text.replace(/[\\/+]/g, '\\$&')
