/** As much of ELF (64-bit, little-endian) as finding a BPF object's sections and variables takes. */

export class BadElf extends Error {
  override name = 'BadElf'
}

export interface Section {
  name: string
  bytes: Uint8Array
  size: number
}

export interface Variable {
  name: string
  section: string
  offset: number
  size: number
}

export interface Elf {
  sections: Section[]
  /** Variables of data sections, with their place in the section in bytes. */
  variables: Variable[]
}

const SHT_SYMTAB = 2
const SHT_NOBITS = 8
const STT_OBJECT = 1
const SYMBOL_BYTES = 24

/** Reads a NUL-terminated string. */
export function textAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at)
  return Buffer.from(bytes.subarray(at, end < 0 ? bytes.length : end)).toString('utf8')
}

export function readElf(file: Uint8Array): Elf {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46) throw new BadElf('not an ELF file')
  if (file[4] !== 2 || file[5] !== 1) throw new BadElf('not a 64-bit little-endian ELF file')
  const table = Number(view.getBigUint64(40, true))
  const entryBytes = view.getUint16(58, true)
  const count = view.getUint16(60, true)
  const namesIndex = view.getUint16(62, true)

  const headers = Array.from({ length: count }, (_, i) => {
    const at = table + i * entryBytes
    return {
      name: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 24, true)),
      size: Number(view.getBigUint64(at + 32, true)),
      link: view.getUint32(at + 40, true),
    }
  })
  const body = (i: number) => {
    const header = headers[i]!
    return header.type === SHT_NOBITS
      ? new Uint8Array(0)
      : file.subarray(header.offset, header.offset + header.size)
  }
  const names = body(namesIndex)
  const sections = headers.map((header, i) => ({
    name: textAt(names, header.name),
    bytes: body(i),
    size: header.size,
  }))

  const variables: Variable[] = []
  headers.forEach((header, i) => {
    if (header.type !== SHT_SYMTAB) return
    const strings = body(header.link)
    const symbols = body(i)
    const at = new DataView(symbols.buffer, symbols.byteOffset, symbols.byteLength)
    for (let s = 0; s + SYMBOL_BYTES <= symbols.length; s += SYMBOL_BYTES) {
      const section = sections[at.getUint16(s + 6, true)]
      if ((at.getUint8(s + 4) & 15) !== STT_OBJECT || !section) continue
      variables.push({
        name: textAt(strings, at.getUint32(s, true)),
        section: section.name,
        offset: Number(at.getBigUint64(s + 8, true)),
        size: Number(at.getBigUint64(s + 16, true)),
      })
    }
  })
  return { sections, variables }
}
