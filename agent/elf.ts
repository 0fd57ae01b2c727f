/** As much of ELF (64-bit, little-endian) as finding a BPF object's sections and variables takes. Pure. */

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
const HEADER_BYTES = 64
const SYMBOL_BYTES = 24

/** Reads a NUL-terminated string. */
export function textAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at)
  return Buffer.from(bytes.subarray(at, end < 0 ? bytes.length : end)).toString('utf8')
}

/** Throws BadElf, whatever the bytes are. */
export function readElf(file: Uint8Array): Elf {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46) throw new BadElf('not an ELF file')
  if (file[4] !== 2 || file[5] !== 1) throw new BadElf('not a 64-bit little-endian ELF file')
  const table = Number(view.getBigUint64(40, true))
  const entryBytes = view.getUint16(58, true)
  if (entryBytes !== HEADER_BYTES) throw new BadElf(`section headers of ${entryBytes} bytes`)
  const count = view.getUint16(60, true)
  const namesIndex = view.getUint16(62, true)
  if (table + count * HEADER_BYTES > file.length) throw new BadElf('the ELF file is cut short')

  const headers = Array.from({ length: count }, (_, i) => {
    const at = table + i * HEADER_BYTES
    return {
      name: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 24, true)),
      size: Number(view.getBigUint64(at + 32, true)),
      link: view.getUint32(at + 40, true),
    }
  })
  const body = (i: number) => {
    const header = headers[i]
    if (!header) throw new BadElf(`no section ${i}, there are ${count}`)
    if (header.type === SHT_NOBITS) return new Uint8Array(0)
    const end = header.offset + header.size
    if (end > file.length) throw new BadElf(`section ${i} ends at ${end}, the file at ${file.length}`)
    return file.subarray(header.offset, end)
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
