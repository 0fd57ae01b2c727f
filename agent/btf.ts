/** Struct layouts out of a BPF object's BTF, so that C and TypeScript can't drift apart. Pure. */
import { textAt } from './elf.ts'

export class BadBtf extends Error {
  override name = 'BadBtf'
}

export interface Field {
  /** Bytes from the start of the struct. */
  offset: number
  size: number
}
export type StructLayout = { size: number; fields: Record<string, Field> }

interface Type {
  kind: number
  name: string
  sizeOrType: number
  members: { name: string; type: number; bits: number }[]
  array?: { type: number; count: number }
}

const KIND = { int: 1, ptr: 2, array: 3, struct: 4, union: 5, enum: 6, fwd: 7, typedef: 8, volatile: 9 }
const CONST = 10
const RESTRICT = 11
const FUNC_PROTO = 13
const VAR = 14
const DATASEC = 15
const DECL_TAG = 17
const ENUM64 = 19
/** The kernel follows no more either. */
const DEEPEST = 32

function readTypes(btf: Uint8Array): Type[] {
  const view = new DataView(btf.buffer, btf.byteOffset, btf.byteLength)
  if (btf.length < 24 || view.getUint16(0, true) !== 0xeb9f) throw new BadBtf('no BTF in the object')
  const header = view.getUint32(4, true)
  const start = header + view.getUint32(8, true)
  const end = start + view.getUint32(12, true)
  const strings = btf.subarray(header + view.getUint32(16, true))
  const types: Type[] = [{ kind: 0, name: 'void', sizeOrType: 0, members: [] }]
  let at = start
  while (at < end) {
    const info = view.getUint32(at + 4, true)
    const vlen = info & 0xffff
    const kind = (info >>> 24) & 31
    const bitfields = info >>> 31 === 1
    if (kind === 0 || kind > ENUM64) throw new BadBtf(`type ${types.length} is of unknown kind ${kind}`)
    const type: Type = {
      kind,
      name: textAt(strings, view.getUint32(at, true)),
      sizeOrType: view.getUint32(at + 8, true),
      members: [],
    }
    at += 12
    if (kind === KIND.int || kind === VAR || kind === DECL_TAG) at += 4
    else if (kind === KIND.array) {
      type.array = { type: view.getUint32(at, true), count: view.getUint32(at + 8, true) }
      at += 12
    } else if (kind === KIND.struct || kind === KIND.union) {
      for (let i = 0; i < vlen; i++, at += 12) {
        const offset = view.getUint32(at + 8, true)
        type.members.push({
          name: textAt(strings, view.getUint32(at, true)),
          type: view.getUint32(at + 4, true),
          bits: bitfields ? offset & 0xffffff : offset,
        })
      }
    } else if (kind === KIND.enum || kind === FUNC_PROTO) at += vlen * 8
    else if (kind === DATASEC || kind === ENUM64) at += vlen * 12
    types.push(type)
  }
  return types
}

function typesOf(btf: Uint8Array): Type[] {
  try {
    return readTypes(btf)
  } catch (cause) {
    // What a DataView throws beyond its end.
    if (cause instanceof RangeError) throw new BadBtf('the BTF is cut short or damaged', { cause })
    throw cause
  }
}

function sizeOf(types: Type[], id: number, depth = 0): number {
  const type = types[id]
  if (!type || depth > DEEPEST) throw new BadBtf(`the size of type ${id} can't be told`)
  if (type.kind === KIND.ptr) return 8
  if (type.array) return type.array.count * sizeOf(types, type.array.type, depth + 1)
  if (
    type.kind === KIND.typedef ||
    type.kind === KIND.volatile ||
    type.kind === CONST ||
    type.kind === RESTRICT
  ) {
    return sizeOf(types, type.sizeOrType, depth + 1)
  }
  return type.sizeOrType
}

/** @param btf the object's `.BTF` section. Throws BadBtf, whatever the bytes are. */
export function structLayout(btf: Uint8Array, name: string): StructLayout {
  const types = typesOf(btf)
  const struct = types.find(type => type.kind === KIND.struct && type.name === name)
  if (!struct) throw new BadBtf(`the object's BTF has no struct ${name}`)
  const fields = struct.members.map(member => [
    member.name,
    { offset: member.bits / 8, size: sizeOf(types, member.type) },
  ])
  return { size: struct.sizeOrType, fields: Object.fromEntries(fields) }
}
