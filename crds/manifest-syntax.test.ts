import { expect, test } from 'vitest'
import { HEAD, refusal } from './refusal.ts'

test.each([
  ['no spec', HEAD, 'f.yaml:1:1: spec: missing; it must be a map of fields'],
  [
    'a misspelt kind',
    HEAD.replace('TraceJob', 'Tracejob') + 'spec: {}',
    'f.yaml:2:7: kind: unknown kind "Tracejob"; did you mean "TraceJob"?',
  ],
  [
    'another kind',
    'apiVersion: v1\nkind: Pod\n',
    'f.yaml:2:7: kind: unknown kind "Pod"; only TraceJob is read here',
  ],
  [
    'a list of objects',
    'apiVersion: v1\nkind: List\nitems: []\n',
    'f.yaml:2:7: kind: a "List" is not read; write the TraceJob that is in it into a file of its own',
  ],
  [
    'a report',
    HEAD.replace('TraceJob', 'TraceReport'),
    'kind: a TraceReport is what a node says about a trace',
  ],
  [
    'another version',
    HEAD.replace('v1alpha1', 'v1') + 'spec: {}',
    'f.yaml:1:13: apiVersion: unknown apiVersion "tracejob.dev/v1"; this release knows only tracejob.dev/v1alpha1',
  ],
  [
    'no kind',
    HEAD.replace('kind: TraceJob\n', '') + 'spec: {}',
    'f.yaml:1:1: kind: missing; it must be TraceJob',
  ],
  ['an empty file', '', 'f.yaml:1:1: the file is empty; a TraceJob begins with apiVersion and kind'],
  [
    'only comments',
    '# nothing\n---\n# at all\n',
    'f.yaml:1:1: the file holds no object, only comments or separators',
  ],
  ['a list', '- a\n', 'f.yaml:1:1: the manifest is a list; a TraceJob is a map'],
  ['a word', 'hello\n', 'f.yaml:1:1: the manifest is plain text or a number'],
  [
    'a tab',
    HEAD + 'spec:\n\tdurationSeconds: 1\n',
    'f.yaml:5:1: a tab is used as indentation, and YAML allows only spaces there',
  ],
  [
    'a field given twice',
    HEAD + 'spec:\n  scope: Cluster\n  scope: Namespace\n',
    'f.yaml:6:3: spec.scope: this field is given twice',
  ],
  [
    'several documents',
    `${HEAD}spec: {}\n---\n${HEAD.replace('name: a', 'name: b')}spec: {}\n---\nkind: Pod\n`,
    'f.yaml:6:1: the file holds several documents (TraceJob "a" at line 1, TraceJob "b" at line 6, Pod at line 11), and only one is read; write each TraceJob into a file of its own',
  ],
  [
    'an alias',
    HEAD + 'spec: {filter: {uids: &u [1], commands: *u}}',
    'f.yaml:4:41: spec.filter.commands: aliases (*name) are not read here',
  ],
  ['an alias of itself', HEAD + 'spec: &s {filter: *s}', 'aliases (*name) are not read here'],
  ['an unknown tag', HEAD + 'spec: !evil {}', 'f.yaml:4:7: Unresolved tag: !evil'],
  [
    'a leading zero',
    HEAD + 'spec: {durationSeconds: 010}',
    'f.yaml:4:25: spec.durationSeconds: a leading zero makes the number octal for some YAML readers; write 10',
  ],
])('says of %s what is wrong and where', (_, text, wanted) => {
  const lines = refusal(text)
  expect(lines, lines.join('\n')).toHaveLength(1)
  expect(lines[0]).toContain(wanted)
})

test('says once that a manifest is nested too deeply', () => {
  expect(refusal('['.repeat(10_000))).toEqual([
    expect.stringMatching(/^f\.yaml:1:[0-9]+: nested too deeply$/),
  ])
})
