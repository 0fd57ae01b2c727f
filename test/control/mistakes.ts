/** TraceJobs with one mistake each. */
import { aJob, having, type Mistake, named } from './mistake.ts'
import { TARGET_MISTAKES } from './target-mistakes.ts'

const source = (change: object) => ({
  program: { source: { inline: 'x', output: 'Perf', attach: [{ kprobe: 'f', function: 'g' }], ...change } },
})
const attached = (place: object) => source({ attach: [{ function: 'g', ...place }] })
const ONE_PLACE = 'must have exactly one of kprobe, kretprobe, tracepoint, fentry, fexit (has '

const metadata: Mistake[] = [
  named('a.b', 'a name with a dot'),
  named('Foo', 'a name with a capital'),
  named('a'.repeat(64), 'a name of 64 characters'),
  { what: 'no spec', job: { ...aJob, spec: undefined }, field: 'spec' },
]

const programs: Mistake[] = [
  having('no program', 'program', { program: {} }, 'must have exactly one of openat, source (has none)'),
  having(
    'two programs',
    'program',
    { program: { openat: {}, ...source({}).program } },
    '(has openat and source)',
  ),
  having(
    'two sources',
    'program.source',
    source({ configMapKeyRef: { name: 'a', key: 'b' } }),
    '(has inline and',
  ),
  having('no source', 'program.source', source({ inline: undefined }), 'configMapKeyRef (has none)'),
  having('an empty source', 'program.source.inline', source({ inline: '' })),
  having(
    'a source too long',
    'program.source.inline',
    source({ inline: 'é'.repeat(32_769) }),
    'at most 65536 bytes',
  ),
  having('no place to attach to', 'program.source.attach', source({ attach: [] })),
  having('an attachment to nothing', 'program.source.attach[0]', attached({}), `${ONE_PLACE}none)`),
  having(
    'an attachment to two places',
    'program.source.attach[0]',
    attached({ kprobe: 'a', fexit: 'b' }),
    `${ONE_PLACE}kprobe and fexit)`,
  ),
  having('a kernel function of no such name', 'program.source.attach[0].kprobe', attached({ kprobe: 'a b' })),
  having(
    'a tracepoint without its category',
    'program.source.attach[0].tracepoint',
    attached({ tracepoint: 'a' }),
  ),
  having('no output', 'program.source.output', source({ output: undefined })),
]

const filter = (what: string, field: string, value: unknown, words?: string) =>
  having(what, `filter.${field}`, { filter: { [field.replace('[0]', '')]: value } }, words)

const filters: Mistake[] = [
  filter('a relative prefix', 'pathPrefixes[0]', ['etc'], 'must be an absolute path'),
  filter(
    'a prefix with a NUL',
    'pathPrefixes[0]',
    ['/a\0'],
    'must be an absolute path: it begins with "/" and has no NUL',
  ),
  filter('a prefix with two dots', 'excludePathPrefixes[0]', ['/a/../b'], 'must not have "." or ".." in it'),
  filter('a prefix with a dot at its end', 'pathPrefixes[0]', ['/a/.'], 'must not have "." or ".." in it'),
  filter(
    'a prefix of 256 bytes',
    'pathPrefixes[0]',
    [`/a${'é'.repeat(127)}`],
    'must be at most 255 bytes long in UTF-8',
  ),
  filter('65 prefixes', 'pathPrefixes', Array(65).fill('/')),
  filter('a command of 16 bytes', 'commands[0]', ['é'.repeat(8)], 'must be at most 15 bytes long'),
  filter('a command with a NUL', 'commands[0]', ['a\0'], 'must not have a NUL in it'),
  filter('an empty command', 'commands[0]', ['']),
  filter('a user beyond 32 bits', 'uids[0]', [4_294_967_296]),
  filter('a user by name', 'uids[0]', ['root']),
  filter('a misspelt access', 'access[0]', ['write']),
  filter('a result that is none', 'result', 'Lost'),
  filter('a filter that is none', 'paths', ['/etc']),
]

const times: Mistake[] = [
  having('a duration of no time', 'durationSeconds', { durationSeconds: 0 }),
  having('a duration of more than a week', 'durationSeconds', { durationSeconds: 604_801 }),
  having('a duration with its unit', 'durationSeconds', { durationSeconds: '10s' }),
  having('a broken duration', 'durationSeconds', { durationSeconds: 1.5 }),
  having('a deadline of two days', 'startDeadlineSeconds', { startDeadlineSeconds: 172_800 }),
  having('a retention below zero', 'logRetentionSeconds', { logRetentionSeconds: -1 }),
  having('a life below zero', 'ttlSecondsAfterFinished', { ttlSecondsAfterFinished: -1 }),
  having('a rate of nothing', 'output.maxEventsPerSecond', { output: { maxEventsPerSecond: 0 } }),
  having('a format that is none', 'output.format', { output: { format: 'YAML' } }),
  having('an attach mode that is none', 'attachMode', { attachMode: 'Uprobe' }),
  having('a field that is none', 'pathPrefixes', { pathPrefixes: ['/etc'] }),
]

export const MISTAKES: readonly Mistake[] = [
  ...metadata,
  ...programs,
  ...TARGET_MISTAKES,
  ...filters,
  ...times,
]
