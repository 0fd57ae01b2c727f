/** The shared libraries, opened on first use. koffi is imported in this folder and nowhere else. */
import koffi from 'koffi'

type Library = ReturnType<typeof koffi.load>

export class LibraryMissing extends Error {
  override name = 'LibraryMissing'
  readonly library: string
  constructor(library: string, cause: unknown) {
    super(`${library} can't be loaded`, { cause })
    this.library = library
  }
}

function open(name: string): Library {
  try {
    return koffi.load(name)
  } catch (cause) {
    throw new LibraryMissing(name, cause)
  }
}

export const libc = open('libc.so.6')

let bpf: Library | undefined
export function libbpf(): Library {
  bpf ??= open('libbpf.so.1')
  return bpf
}

/** An address in this process; opaque, null for NULL. */
export type Pointer = unknown

export { koffi }
