/** One row of the kernel matrix: which Debian suites to look in, the highest cloud kernel there being the one. */
export interface Kernel {
  /** What tests and the cache call it. */
  readonly name: '5.10' | '6.1' | '6.12' | 'newest'
  readonly sources: readonly AptSource[]
}

export interface AptSource {
  readonly archive: 'debian' | 'debian-security'
  readonly suite: string
}

/**
 * Debian's cloud flavour: everything a tracer needs (BTF, kprobes, fprobe), the serial port built in, few drivers
 * to probe. Oldest first. Between them they hold every attach mode and preemption model the tracer must know.
 */
export const kernels: readonly Kernel[] = [
  { name: '5.10', sources: stable('bullseye') },
  { name: '6.1', sources: stable('bookworm') },
  { name: '6.12', sources: stable('trixie') },
  {
    name: 'newest',
    sources: [
      { archive: 'debian', suite: 'trixie-backports' },
      { archive: 'debian', suite: 'sid' },
    ],
  },
]

function stable(suite: string): AptSource[] {
  return [
    { archive: 'debian', suite },
    { archive: 'debian-security', suite: `${suite}-security` },
  ]
}
