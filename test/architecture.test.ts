/** Who may import whom, and why: the rooms of DESIGN.md as a table. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Import, type Source, sources } from './sources.ts'

const all = sources(join(import.meta.dirname, '..'))
const files = new Map(all.map(source => [source.path, source]))

interface Rule {
  /** As a sentence: who imports what. */
  rule: string
  because: string
  /** Whether the rule is about this file; code for tests is free where it does not say so. */
  of: (path: string) => boolean
  allows: (wanted: Import, path: string) => boolean
}

const isIn = (room: string) => (path: string) => path.startsWith(`${room}/`) && !isForTests(path)
const leadsTo = (room: string) => (wanted: Import) => wanted.target?.startsWith(`${room}/`) ?? false
const isOf =
  (...packages: string[]) =>
  (wanted: Import) =>
    packages.includes(wanted.name)
const isNode = (wanted: Import) => wanted.name.startsWith('node:')
const any =
  (...allowed: Rule['allows'][]): Rule['allows'] =>
  (wanted, path) =>
    allowed.some(allows => allows(wanted, path))

/** Tests and what only they use. */
function isForTests(path: string): boolean {
  return /\.(test|fake|arbitrary)\.ts$|(^|\/)fixtures\.ts$|^test\//.test(path)
}

const YAML_READERS = ['crds/manifest-document.ts', 'crds/pitfalls.ts', 'crds/place.ts']

const RULES: Rule[] = [
  {
    rule: 'crds imports only itself and zod',
    because: 'every room reads the contract, so what it needs all of them carry',
    of: path => isIn('crds')(path) && !YAML_READERS.includes(path),
    allows: any(leadsTo('crds'), isOf('zod')),
  },
  {
    rule: 'of crds, what reads a manifest as people wrote it imports yaml too',
    because: 'it says at which line a mistake is; nobody else has to know how manifests are written',
    of: path => YAML_READERS.includes(path),
    allows: any(leadsTo('crds'), isOf('zod', 'yaml')),
  },
  {
    rule: 'agent imports only itself, crds, Node and the type of its log',
    because: 'it runs privileged on every node: what it carries is memory there, and trusted with root',
    of: path => isIn('agent')(path) && !path.startsWith('agent/native/'),
    allows: any(
      leadsTo('agent'),
      leadsTo('crds'),
      isNode,
      wanted => wanted.name === 'pino' && wanted.when === 'never',
    ),
  },
  {
    rule: 'agent imports no reader of manifests',
    because: 'it is handed a job with defaults applied; the reader with its YAML is megabytes',
    of: isIn('agent'),
    allows: wanted => !wanted.target?.startsWith('crds/manifest') && !isOf('yaml')(wanted),
  },
  {
    rule: 'only agent/native imports koffi',
    because: 'a wrong call through it is a crash or worse: one door per dangerous thing',
    of: path => !path.startsWith('agent/native/') && !isForTests(path),
    allows: wanted => wanted.name !== 'koffi',
  },
  {
    rule: 'agent/native imports koffi, Node, itself and pure files',
    because: 'it is the bottom: what stands on it must not be needed by it',
    of: isIn('agent/native'),
    allows: any(isOf('koffi'), isNode, leadsTo('agent/native'), wanted => isPure(wanted.target)),
  },
  {
    rule: 'only agent imports agent/native',
    because: 'kernel state has one owner, who also lets go of it',
    of: path => !path.startsWith('agent/') && !isForTests(path),
    allows: wanted => !leadsTo('agent/native')(wanted),
  },
  {
    rule: 'cli imports itself, agent, crds, Node, pino and yaml',
    because: 'it is the top: it puts the others together',
    of: isIn('cli'),
    allows: any(leadsTo('cli'), leadsTo('agent'), leadsTo('crds'), isNode, isOf('pino', 'yaml')),
  },
  {
    rule: 'scripts import crds and Node',
    because: 'they run where nothing else is installed yet, or make files of the contract',
    of: isIn('scripts'),
    allows: any(leadsTo('scripts'), leadsTo('crds'), isNode, isOf('zod', 'yaml')),
  },
  {
    rule: 'nothing that runs imports what is for tests',
    because: 'images carry neither fast-check nor fakes',
    of: path => !isForTests(path) && path.includes('/'),
    allows: wanted => !(wanted.target && isForTests(wanted.target)) && !isOf('vitest', 'fast-check')(wanted),
  },
]

describe('who may import whom', () => {
  test.each(RULES)('$rule: $because', ({ of, allows }) => {
    const concerned = all.filter(({ path }) => of(path))
    const broken = concerned.flatMap(({ path, imports }) =>
      imports.filter(wanted => !allows(wanted, path)).map(({ name }) => `${path} imports ${name}`),
    )
    expect(broken).toEqual([])
  })

  test('the readers of YAML are there', () => {
    expect(YAML_READERS.filter(path => !files.has(path))).toEqual([])
  })

  test('every import of a file of ours is of one that is there, by its whole name', () => {
    const missing = all.flatMap(({ path, imports }) =>
      imports
        .filter(({ name, target }) => name.startsWith('.') && !(target && files.has(target)))
        .filter(({ name }) => !existsSync(join(import.meta.dirname, '..', dirname(path), name)))
        .map(({ name }) => `${path} imports ${name}`),
    )
    expect(missing).toEqual([])
  })

  test('no file needs itself by way of others', () => {
    const circles = all.filter(({ path }) => reached(path).some(source => needs(source, path)))
    expect(circles.map(({ path }) => path)).toEqual([])
  })
})

/** Whether `path` is loaded when the file is. */
function needs({ imports }: Source, path: string): boolean {
  return imports.some(({ target, when }) => when === 'load' && target === path)
}

/** The file and all that is loaded with it. */
function reached(path: string): Source[] {
  const seen = new Set([path])
  for (const each of seen) {
    for (const { target, when } of files.get(each)?.imports ?? [])
      if (target && when === 'load') seen.add(target)
  }
  return [...seen].flatMap(each => files.get(each) ?? [])
}

/** "Pure." in what a file says of itself at its top. */
function isPure(path: string | undefined): boolean {
  return /\bPure\b/.test(files.get(path ?? '')?.docstring ?? '')
}

const loadedBy = (path: string) =>
  new Set(
    reached(path)
      .flatMap(({ imports }) => imports.filter(({ when }) => when === 'load'))
      .map(({ name }) => name),
  )

describe('what is loaded', () => {
  test('the agent, traced from its entry, loads no YAML', () => {
    expect(files.has('agent/trace.ts')).toBe(true)
    expect(loadedBy('agent/trace.ts').has('koffi')).toBe(true)
    expect(loadedBy('agent/trace.ts').has('yaml')).toBe(false)
  })

  test.each([
    'cli/main.ts',
    'cli/run.ts',
    'cli/validate.ts',
    'cli/doctor-command.ts',
  ])('%s loads no koffi before it traces: it works, or says what is missing, where libbpf or Node are not as they should be', path => {
    expect(files.has(path)).toBe(true)
    expect(loadedBy(path).has('koffi')).toBe(false)
  })
})

/** What a pure file has no way to: time, chance, the process, the outside. */
const EFFECTS =
  /\b(?:process|performance|console|fetch|setTimeout|setInterval|setImmediate)\b(?!['"]?:)|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/

describe('pure files decide: what is loaded with them, too', () => {
  const pure = all.filter(({ path }) => isPure(path))

  test('there are such files', () => {
    expect(pure.length).toBeGreaterThan(15)
  })

  test.each(pure.map(({ path }) => path))('%s', path => {
    const dirty = reached(path).flatMap(({ path: at, imports, code }) => {
      const outside = imports.filter(
        ({ name, when }) => when === 'load' && !name.startsWith('.') && name !== 'zod',
      )
      const effect = EFFECTS.exec(code)
      return [
        ...outside.map(({ name }) => `${at} imports ${name}`),
        ...(effect ? [`${at} uses ${effect[0]}`] : []),
      ]
    })
    expect(dirty).toEqual([])
  })
})
