import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readManifest } from './manifest.ts'
import { ManifestError } from './problem.ts'
import { aTraceJob } from './trace-job.arbitrary.ts'
import { type TraceJob, traceJobSchema } from './trace-job.ts'

/** A refusal is fine, with a place for each problem and nothing in it that a terminal would act on; any other error is not. */
function readsOrRefuses(manifest: string | Uint8Array): void {
  try {
    readManifest(manifest, 'f.yaml')
  } catch (error) {
    expect(error).toBeInstanceOf(ManifestError)
    const { problems, message } = error as ManifestError
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true)
    expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  }
}

const HEAD = { apiVersion: 'tracejob.dev/v1alpha1', kind: 'TraceJob', metadata: { name: 'a' } }
const fieldName = fc.constantFrom(
  ...Object.keys(traceJobSchema.shape.spec.shape),
  'openat',
  'uids',
  'matchLabels',
  '__proto__',
)
const nearlyJson = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, -1, 1.5, 1e300, '', '/etc', 'Cluster', [], {}),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fieldName, fc.string()), tie('value'), { maxKeys: 5 }),
  ),
})).value

test('any JSON value is read or refused', () => {
  fc.assert(fc.property(fc.jsonValue(), value => readsOrRefuses(JSON.stringify(value))))
})

test('any JSON value in the place of the spec is read or refused, as JSON and as YAML', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), nearlyJson), spec => {
      readsOrRefuses(JSON.stringify({ ...HEAD, spec }))
      readsOrRefuses(stringify({ ...HEAD, spec }, { aliasDuplicateObjects: false }))
    }),
  )
})

test('any text is read or refused', () => {
  const token = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '\t',
    '&a ',
    '*a',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '? ',
    '|',
    '---\n',
    '#',
    '!t ',
    '%',
    '\0',
    '\u001b',
    '<<',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(token, { maxLength: 60 }).map(parts => parts.join('')),
  )
  fc.assert(fc.property(text, readsOrRefuses))
})

test('any bytes are read or refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readsOrRefuses))
})

test('a valid TraceJob survives YAML and JSON', () => {
  fc.assert(
    fc.property(aTraceJob, manifest => {
      const job: TraceJob = traceJobSchema.parse(manifest)
      expect(readManifest(stringify(manifest), 'f.yaml')).toEqual(job)
      // With its defaults written out it is the same job.
      expect(readManifest(stringify(job), 'f.yaml')).toEqual(job)
      expect(readManifest(JSON.stringify(job), 'f.json')).toEqual(job)
    }),
  )
})

/** Enough to exhaust any stack and to show a cost that grows with the square. */
const M = 200_000
test.each([
  ['brackets', '['.repeat(M)],
  ['braces', '{a: '.repeat(M / 4)],
  ['dashes', '- '.repeat(M / 2)],
  ['one map of many fields', 'a:\n'.repeat(M / 3)],
  ['many documents', '--- a\n'.repeat(M / 6)],
  ['stairs', Array.from({ length: 1400 }, (_, depth) => ' '.repeat(depth) + 'a:').join('\n')],
  [
    'a billion laughs',
    'a0: &a0 [x]\n' +
      Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(10)}]\n`).join(''),
  ],
])(
  'a lot of %s is refused and not choked on',
  (_, text) => {
    expect(() => readManifest(text, 'f.yaml')).toThrow(ManifestError)
  },
  30_000,
)
