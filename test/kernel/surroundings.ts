/** Machines that lack something, as far as one command can tell: each is a command to begin the command with. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { ROOT } from './command.ts'

/** Runs what follows where `script` has changed the mounts; nobody else sees it, and it goes with the process. */
export function afterMounting(script: string): string[] {
  const shell = ['sh', '-c', `set -e; ${script}; exec "$@"`, 'sh']
  return ['unshare', '--mount', '--propagation', 'private', ...shell]
}

/** Files of libbpf, wherever the loader would look. */
export function libbpfFiles(): string[] {
  const cache = execFileSync('ldconfig', ['-p'], { encoding: 'utf8' })
  return [...cache.matchAll(/libbpf\.so\.1 .*=> (.+)$/gm)].map(([, path]) => path)
}

/** A user who may do nothing but read the checkout, which can lie where he could not. */
export const AS_NOBODY = [
  ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
  ...['inh-caps', 'ambient-caps', 'bounding-set'].map(each => `--${each}=-all,+dac_read_search`),
]

export const WITHOUT_CAPABILITIES = ['setpriv', '--bounding-set=-all', '--inh-caps=-all']

/** Makes `directory` a PATH that has what the launcher needs and no compiler. */
export async function pathWithoutClang(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true })
  await symlink(process.execPath, join(directory, 'node'))
  for (const tool of ['sh', 'id', 'sed', 'readlink', 'dirname']) {
    await symlink(onPath(tool), join(directory, tool))
  }
  return directory
}

function onPath(tool: string): string {
  const places = process.env.PATH!.split(delimiter).map(each => join(each, tool))
  const found = places.find(each => existsSync(each))
  if (!found) throw new Error(`there is no ${tool} on PATH`)
  accessSync(found, constants.X_OK)
  return found
}

/**
 * A checkout of its own in `directory`, in whose C `wrong` stands for `right`; returns its tracejob.
 * The agent compiles what lies beside it, and nobody can give it another program: that is why so much is copied.
 */
export async function checkoutWith(directory: string, right: RegExp, wrong: string): Promise<string> {
  for (const room of ['agent', 'bpf', 'cli', 'crds', 'operator']) {
    await cp(join(ROOT, room), join(directory, room), { recursive: true })
  }
  await cp(join(ROOT, 'package.json'), join(directory, 'package.json'))
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
  const source = join(directory, 'bpf', 'openat.bpf.c')
  const text = await readFile(source, 'utf8')
  if (text.search(right) < 0) throw new Error(`openat.bpf.c has no ${right}`)
  await writeFile(source, text.replace(right, wrong))
  return join(directory, 'cli', 'tracejob')
}
