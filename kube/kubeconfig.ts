import { existsSync, readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { type Clock, systemClock } from './clock.ts'
import type { Credentials, Tls } from './credentials.ts'
import { Remembered } from './remembered.ts'

const REMEMBERED_MS = 10_000

export class KubeconfigInvalid extends Error {
  override name = 'KubeconfigInvalid'
}

interface KubeconfigOptions {
  /** Absent: where kubectl looks. */
  path?: string | undefined
  /** Absent: the current one. */
  context?: string | undefined
  clock?: Clock | undefined
}

/**
 * The way in of whoever has a kubeconfig: client certificates, tokens and files of tokens, exec plugins, and what else client-node
 * knows. After a refusal it is read again, and plugins are run again.
 * @throws KubeconfigInvalid
 */
export function fromKubeconfig(options: KubeconfigOptions = {}): Credentials {
  return new KubeconfigUser(options)
}

class KubeconfigUser implements Credentials {
  readonly server: string
  readonly proxy: string | undefined
  readonly #options: KubeconfigOptions
  readonly #identity: Remembered<Identity>
  #config: KubeConfig | undefined
  #tls: Tls = {}
  #impersonate: string | undefined

  constructor(options: KubeconfigOptions) {
    const config = load(options)
    const { server, proxyUrl } = config.getCurrentCluster()!
    this.server = server
    this.proxy = proxyUrl
    this.#options = options
    this.#config = config
    this.#identity = new Remembered(() => this.#identify(), REMEMBERED_MS, options.clock ?? systemClock)
  }

  get tls(): Tls {
    return this.#tls
  }

  get impersonate(): string | undefined {
    return this.#impersonate
  }

  async authorization(): Promise<string | undefined> {
    return (await this.#identity.get()).authorization
  }

  refused(): void {
    this.#config = undefined
    this.#identity.forget()
  }

  async #identify(): Promise<Identity> {
    this.#config ??= load(this.#options)
    const identity = await identityOf(this.#config)
    if (!isDeepStrictEqual(identity.tls, this.#tls)) this.#tls = identity.tls
    this.#impersonate = identity.impersonate
    return identity
  }
}

interface Identity {
  authorization: string | undefined
  impersonate: string | undefined
  tls: Tls
}

/** Runs exec plugins and reads files, as far as client-node holds that necessary. */
async function identityOf(config: KubeConfig): Promise<Identity> {
  const headers: Record<string, string | undefined> = {}
  const options: RequestOptions & { servername?: string } = { headers }
  await config.applyToHTTPSOptions(options)
  const { ca, cert, key, servername, rejectUnauthorized, auth } = options
  const basic = auth == null ? undefined : `Basic ${Buffer.from(auth).toString('base64')}`
  const tls = { ca, cert, key, servername, rejectUnauthorized }
  return {
    authorization: headers.Authorization?.trim() ?? basic,
    impersonate: headers['Impersonate-User'],
    tls: Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)),
  }
}

function load({ path, context }: KubeconfigOptions): KubeConfig {
  const config = new KubeConfig()
  const files = path ? [path] : defaultFiles()
  try {
    if (path) config.loadFromFile(path)
    // Of several files, the first that names a current context decides, as with kubectl.
    else config.loadFromDefault(undefined, true)
    if (context) config.setCurrentContext(context)
    check(config)
    adapt(config.getCurrentCluster()!, config.getCurrentUser()!, files)
  } catch (error) {
    throw new KubeconfigInvalid(`${files.join(', ')}: ${(error as Error).message}`, { cause: error })
  }
  return config
}

function defaultFiles(): string[] {
  const files = (process.env.KUBECONFIG ?? '').split(delimiter).filter(Boolean)
  return files.length > 0 ? files : [join(homedir(), '.kube', 'config')]
}

function check(config: KubeConfig): void {
  const context = config.getCurrentContext()
  // What client-node makes up where there is no kubeconfig.
  if (context === 'loaded-context') throw new Error('there is no kubeconfig')
  if (!context) throw new Error('there is no current context')
  if (!config.getContextObject(context)) throw new Error(`there is no context "${context}"`)
  if (!config.getCurrentCluster()) throw new Error(`the cluster of context "${context}" is not there`)
  if (!config.getCurrentUser()) throw new Error(`the user of context "${context}" is not there`)
}

/** Two things that kubectl takes and client-node does not. */
function adapt(cluster: Cluster, user: User, files: string[]): void {
  // It refuses HTTP, as by `kubectl proxy`, unless told to verify nothing; there is nothing to verify.
  if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true })
  const tokenFile = user.token ? undefined : tokenFileOf(user, files)
  if (tokenFile) Object.assign(user, { authProvider: { name: 'tokenFile', config: { tokenFile } } })
}

function tokenFileOf({ name }: User, files: string[]): string | undefined {
  for (const file of files.filter(file => existsSync(file))) {
    const { users } = parse(readFileSync(file, 'utf8')) ?? {}
    const found = Array.isArray(users) ? users.find(user => user?.name === name) : undefined
    if (typeof found?.user?.tokenFile === 'string') return resolve(dirname(file), found.user.tokenFile)
  }
  return undefined
}
