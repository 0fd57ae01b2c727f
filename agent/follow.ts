/** Follows symlinks below a root that is not ours, as the process that lives there would. Pure: it is handed `readlink`. */
import { join } from './paths.ts'

const MOST_LINKS = 40

/**
 * The real name of an absolute path. What does not exist is kept as it stands.
 * @param readlink the target of the link at a path below the root; null for what is no link, or not there.
 */
export function follow(path: string, readlink: (path: string) => string | null): string {
  let real = ''
  let left = path.split('/')
  for (let links = 0; left.length > 0; ) {
    const [name, ...rest] = left
    left = rest
    if (name === '' || name === '.') continue
    if (name === '..') {
      real = real.slice(0, Math.max(0, real.lastIndexOf('/')))
      continue
    }
    const target = links < MOST_LINKS ? readlink(`${real}/${name}`) : null
    if (target === null) {
      real = `${real}/${name}`
      continue
    }
    links++
    if (target.startsWith('/')) real = ''
    left = [...target.split('/'), ...rest]
  }
  return join('/', real)
}
