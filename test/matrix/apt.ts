import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { preferences, sourcesList } from './formats/apt.ts'
import type { Kernel } from './kernels.ts'

const run = promisify(execFile)
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

export class AptFailed extends Error {
  override name = 'AptFailed'
  readonly output: string
  constructor(command: string, output: string, cause: unknown) {
    const first = output.split('\n').find(line => line.startsWith('E:')) ?? output.split('\n', 1)[0]
    super(`${command}: ${first}`, { cause })
    this.output = output
  }
}

/** Runs apt-get or apt-cache on sources of our own, in their folder; gives its standard output. */
export type Apt = (command: 'apt-get' | 'apt-cache', args: string[]) => Promise<string>

/**
 * An apt with sources, lists, cache and an empty dpkg status below `folder`: it neither reads what this machine has
 * installed nor changes it. The machine's own settings in apt.conf.d (a proxy, say) stay in force.
 */
export async function privateApt(folder: string, { sources }: Kernel): Promise<Apt> {
  if (!existsSync(keyring)) {
    throw new AptFailed('apt', `${keyring} is missing: install debian-archive-keyring`, undefined)
  }
  const mirror = process.env.TRACEJOB_DEBIAN_MIRROR ?? 'http://deb.debian.org'
  for (const name of ['lists/partial', 'cache/archives/partial', 'parts']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  await writeFile(join(folder, 'sources.list'), sourcesList(sources, mirror, keyring))
  await writeFile(join(folder, 'preferences'), preferences(sources))
  await writeFile(join(folder, 'status'), '')
  const options = Object.entries({
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': join(folder, 'parts'),
    'Dir::Etc::Preferences': join(folder, 'preferences'),
    'Dir::Etc::PreferencesParts': join(folder, 'parts'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Sandbox::User': 'root', // the _apt user cannot reach a folder in somebody's home
    'Acquire::Check-Valid-Until': 'false', // a mirror that stands still has signed kernels too
    'Acquire::Languages': 'none',
    'APT::Update::Error-Mode': 'any', // else apt-get update succeeds without a mirror
    'Acquire::Retries': '3',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  return async (command, args) => {
    try {
      const { stdout } = await run(command, [...args, ...options], {
        cwd: folder,
        timeout: 300_000,
        maxBuffer: 1 << 26,
      })
      return stdout
    } catch (cause) {
      throw new AptFailed(`${command} ${args.join(' ')}`, (cause as { stderr?: string }).stderr ?? '', cause)
    }
  }
}
