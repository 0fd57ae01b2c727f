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

/** The type of a log only: whoever is handed one needs no more. */
const isTypeOfLog: Rule['allows'] = wanted => wanted.name === 'pino' && wanted.when === 'never'

const isEscape: Rule['allows'] = ({ target }) => target === 'crds/escape.ts'

const KUBECONFIG_READER = 'kube/kubeconfig.ts'
/** What sends requests. */
const API_DOORS = ['client', 'reflector', 'lister', 'elector', 'recorder', 'in-cluster', 'kubeconfig'].map(
  name => `kube/${name}.ts`,
)
/** Of operator, what puts an API server behind its own words. */
const CLUSTER_SIDE = ['afresh', 'caches', 'leader', 'main'].map(name => `operator/${name}.ts`)

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
    of: path => isIn('agent')(path) && !/^agent\/(native|cluster)\//.test(path),
    allows: any(leadsTo('agent'), leadsTo('crds'), isNode, isTypeOfLog),
  },
  {
    rule: 'the agent in a cluster imports agent, crds, kube, Node, pino and zod',
    because: 'without a cluster the tracer needs none of it, and says so by not importing it',
    of: isIn('agent/cluster'),
    allows: any(leadsTo('agent'), leadsTo('crds'), leadsTo('kube'), isNode, isOf('pino', 'zod')),
  },
  {
    rule: 'the tracer itself imports nothing of the agent in a cluster',
    because: 'tracejob run traces where there is none',
    of: path => isIn('agent')(path) && !path.startsWith('agent/cluster/'),
    allows: wanted => !leadsTo('agent/cluster')(wanted),
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
    rule: 'kube imports itself, Node, undici, the escaping of text, and the type of a log',
    because:
      'it knows the API server and nothing of TraceJobs, so that operator, agent and command line can share it',
    of: path => isIn('kube')(path) && path !== KUBECONFIG_READER,
    allows: any(leadsTo('kube'), isNode, isOf('undici'), isEscape, isTypeOfLog),
  },
  {
    rule: 'of kube, the reader of kubeconfigs imports @kubernetes/client-node and yaml too',
    because: 'kubeconfigs have many ways to say who somebody is, and client-node knows them',
    of: path => path === KUBECONFIG_READER,
    allows: any(leadsTo('kube'), isNode, isOf('@kubernetes/client-node', 'yaml')),
  },
  {
    rule: 'nobody else imports @kubernetes/client-node',
    because: 'it costs 90 MB of memory, which in a cluster nobody needs',
    of: path => !isForTests(path) && path !== KUBECONFIG_READER,
    allows: wanted => wanted.name !== '@kubernetes/client-node',
  },
  {
    rule: 'the reader of kubeconfigs is imported when it is needed, and by no agent',
    because: 'what is loaded stays in memory',
    of: path => !isForTests(path),
    allows: (wanted, path) =>
      wanted.target !== KUBECONFIG_READER || (wanted.when !== 'load' && !path.startsWith('agent/')),
  },
  {
    rule: 'operator imports itself, crds, kube, Node, pino, prom-client and zod',
    because: 'it never runs what an agent runs: it has no privilege, and the two are released as two images',
    of: isIn('operator'),
    allows: any(
      leadsTo('operator'),
      leadsTo('crds'),
      leadsTo('kube'),
      isNode,
      isOf('pino', 'prom-client', 'zod'),
    ),
  },
  {
    rule: 'of operator, only what acts on the cluster imports what talks to the API server',
    because: 'reconcile, plan and status know a Cluster in words of our own, and tests give them another',
    of: path => isIn('operator')(path) && !CLUSTER_SIDE.includes(path),
    allows: wanted => !API_DOORS.includes(wanted.target ?? '') || wanted.when === 'never',
  },
  {
    rule: 'cli imports itself, agent, crds, kube, what is pure of operator, Node, pino and yaml',
    because:
      'it is the top: it puts the others together, and says of one machine what the operator says of many',
    of: isIn('cli'),
    allows: any(
      leadsTo('cli'),
      leadsTo('agent'),
      leadsTo('crds'),
      leadsTo('kube'),
      wanted => leadsTo('operator')(wanted) && isPure(wanted.target),
      isNode,
      isOf('pino', 'yaml'),
    ),
  },
  {
    rule: 'scripts import crds and Node',
    because: 'they run where nothing else is installed yet, or make files of the contract',
    of: path => isIn('scripts')(path) && path !== 'scripts/bundle.ts',
    allows: any(leadsTo('scripts'), leadsTo('crds'), isNode, isOf('zod', 'yaml')),
  },
  {
    rule: 'only scripts/bundle.ts imports a bundler',
    because: 'images carry one file for each program, and development runs the sources as they lie',
    of: path => !isForTests(path),
    allows: (wanted, path) => path === 'scripts/bundle.ts' || !isOf('rolldown')(wanted),
  },
  {
    rule: 'images import the compiling half of the agent, and Node',
    because: 'they make files at build time, and nothing of them is in an image',
    of: isIn('images'),
    allows: any(wanted => wanted.target === 'agent/compile.ts', isNode),
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
