/** Kernel headers for BCC, which compiles nothing without them. */
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { outputOf } from './child.ts'

/**
 * What BCC's environment needs: nothing where the kernel brings its headers, else those of Debian's own kernel,
 * unpacked into `cacheDir` without installing them. Only helpers and tracepoints are used, whose layouts BCC
 * takes from tracefs, so another version's headers do. Throws ChildError when they can't be had.
 */
export async function bccEnvironment(cacheDir: string, signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
  if (existsSync(`/lib/modules/${release()}/build`) || existsSync('/sys/kernel/kheaders.tar.xz')) return {}
  const merged = join(cacheDir, 'headers')
  if (!existsSync(merged)) await fetchHeaders(cacheDir, merged, signal)
  return { BCC_KERNEL_SOURCE: merged }
}

async function fetchHeaders(cacheDir: string, merged: string, signal: AbortSignal): Promise<void> {
  const unpacked = join(cacheDir, `headers-${process.pid}`)
  await mkdir(unpacked, { recursive: true })
  try {
    const architecture = (await outputOf(['dpkg', '--print-architecture'], { signal })).trim()
    const own = await dependency(`linux-headers-cloud-${architecture}`, /^linux-headers-\S+$/, signal)
    const common = await dependency(own, /-common$/, signal)
    await outputOf(['apt-get', 'download', own, common], { signal, cwd: unpacked })
    for (const name of (await readdir(unpacked)).filter(name => name.endsWith('.deb'))) {
      await outputOf(['dpkg', '-x', name, '.'], { signal, cwd: unpacked })
    }
    // BCC looks in one folder for what Debian splits: common headers and those generated for a flavour.
    const whole = join(unpacked, 'whole')
    for (const name of [common, own]) {
      for (const part of ['include', 'arch']) {
        await cp(join(unpacked, 'usr/src', name, part), join(whole, part), {
          recursive: true,
          verbatimSymlinks: true,
        })
      }
    }
    await rename(whole, merged)
  } finally {
    await rm(unpacked, { recursive: true, force: true })
  }
}

/** The first package that `name` depends on and that looks like `wanted`. */
async function dependency(name: string, wanted: RegExp, signal: AbortSignal): Promise<string> {
  const text = await outputOf(['apt-cache', 'depends', name], { signal })
  const found = [...text.matchAll(/Depends: (\S+)/g)].map(match => match[1]!).find(it => wanted.test(it))
  if (!found) throw new Error(`${name} depends on no package like ${wanted}`)
  return found
}
