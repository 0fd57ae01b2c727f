export class MissingLibrary extends Error {
  override name = 'MissingLibrary'
  constructor(library: string) {
    super(`${library} is not installed on this machine; scripts/setup.sh test installs what the guests need`)
  }
}

/** Paths of the shared libraries `ldd` names, the dynamic loader among them; the vDSO is no file. */
export function sharedLibraries(lddOutput: string): string[] {
  return lddOutput.split('\n').flatMap(line => {
    const missing = /^\s*(\S+) => not found/.exec(line)
    if (missing) throw new MissingLibrary(missing[1])
    const path = /^\s*(?:\S+ => )?(\/\S+) \(0x/.exec(line)?.[1]
    return path ? [path] : []
  })
}
