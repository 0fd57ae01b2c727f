/** The small images that a cluster's tests need besides ours: what holds a pod's namespaces, and what opens files. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildah, IMAGE_CACHE, writeArchive } from './buildah.ts'

const run = promisify(execFile)

export const PAUSE = 'localhost/tracejob-pause:test'
/** A shell and its tools, and /data/secret to read. */
export const BUSYBOX = 'localhost/tracejob-busybox:test'

const PAUSE_C = `#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void end(int signal) { _exit(signal == SIGTERM ? 0 : 1); }
static void reap(int signal) { (void)signal; while (waitpid(-1, NULL, WNOHANG) > 0) ; }
int main(void) { signal(SIGTERM, end); signal(SIGINT, end); signal(SIGCHLD, reap); for (;;) pause(); }
`
const BUSYBOX_PATH = '/bin/busybox'

/** Archives of both, by name. */
export async function tinyImages(): Promise<string[]> {
  return [await image(PAUSE, pauseFiles), await image(BUSYBOX, busyboxFiles)]
}

async function image(name: string, fill: (root: string) => Promise<string[]>): Promise<string> {
  const own = await readFile(import.meta.filename)
  const hash = createHash('sha256').update(own).update(name).digest('hex').slice(0, 16)
  const archive = join(IMAGE_CACHE, 'tiny', `${hash}.tar`)
  if (existsSync(archive)) return archive
  await mkdir(join(IMAGE_CACHE, 'tiny'), { recursive: true })
  const root = await mkdtemp(join(tmpdir(), 'tracejob-image-'))
  try {
    const command = await fill(root)
    const container = await buildah('from', 'scratch')
    await buildah('add', '--quiet', container, root, '/')
    await buildah('config', '--cmd', JSON.stringify(command), '--env', 'PATH=/bin', container)
    await buildah('commit', '--quiet', '--rm', container, name)
    await rm(`${archive}.tmp`, { force: true })
    await writeArchive(name, `${archive}.tmp`)
    await rename(`${archive}.tmp`, archive)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
  return archive
}

async function pauseFiles(root: string): Promise<string[]> {
  await writeFile(join(root, 'pause.c'), PAUSE_C)
  await run('gcc', ['-O2', '-static', '-o', join(root, 'pause'), join(root, 'pause.c')])
  await rm(join(root, 'pause.c'))
  return ['/pause']
}

async function busyboxFiles(root: string): Promise<string[]> {
  for (const folder of ['bin', 'etc', 'data']) await mkdir(join(root, folder))
  await mkdir(join(root, 'tmp'), { mode: 0o1777 })
  await copyFile(BUSYBOX_PATH, join(root, 'bin/busybox'))
  const { stdout } = await run(BUSYBOX_PATH, ['--list'])
  for (const applet of stdout.split('\n').filter(name => name && name !== 'busybox'))
    await symlink('busybox', join(root, 'bin', applet))
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n')
  await writeFile(join(root, 'data/secret'), 'nobody shall read this unseen\n')
  return ['/bin/sh']
}
