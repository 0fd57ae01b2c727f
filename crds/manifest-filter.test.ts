import { expect, test } from 'vitest'
import { HEAD, refusal } from './refusal.ts'

test.each([
  [
    'a field of another map',
    HEAD + 'spec:\n  pathPrefixes: [/etc]\n',
    'f.yaml:5:3: spec.pathPrefixes: unknown field; it belongs in spec.filter (allowed: program, attachMode,',
  ],
  [
    'an unknown field',
    HEAD + 'spec:\n  filter:\n    acces: [Read]\n',
    'f.yaml:6:5: spec.filter.acces: unknown field; did you mean "access"? (allowed: pathPrefixes, excludePathPrefixes, commands, uids, access, result)',
  ],
  [
    'a number in quotes',
    HEAD + 'spec: {filter: {uids: ["0"]}}',
    'f.yaml:4:24: spec.filter.uids[0]: must be a whole number, not the text "0"; write 0',
  ],
  [
    'a text for a list',
    HEAD + 'spec: {filter: {commands: cat}}',
    'spec.filter.commands: must be a list, not the text "cat"',
  ],
  [
    'a list for a map',
    HEAD + 'spec:\n  filter:\n    - a\n',
    'f.yaml:5:3: spec.filter: must be a map of fields, not a list',
  ],
  [
    'a misspelt word',
    HEAD + 'spec: {filter: {access: [write]}}',
    'f.yaml:4:26: spec.filter.access[0]: must be one of Read, Write, Create, not the text "write"; did you mean "Write"?',
  ],
  [
    'a relative prefix',
    HEAD + 'spec: {filter: {pathPrefixes: [etc]}}',
    'must be an absolute path: it begins with "/" and has no NUL, not "etc"',
  ],
  [
    'a prefix with a NUL',
    HEAD + 'spec: {filter: {pathPrefixes: ["/a\\0b"]}}',
    'must be an absolute path: it begins with "/" and has no NUL, not "/a\\x00b"',
  ],
  [
    'a prefix with dots',
    HEAD + 'spec: {filter: {pathPrefixes: [/etc/../x]}}',
    'must not have "." or ".." in it',
  ],
  [
    'a prefix of too many bytes',
    HEAD + `spec: {filter: {pathPrefixes: [/${'é'.repeat(128)}]}}`,
    'must be at most 255 bytes long in UTF-8',
  ],
  [
    'too many prefixes',
    HEAD + `spec: {filter: {pathPrefixes: [${'/a,'.repeat(65)}]}}`,
    'must have at most 64 items (has 65)',
  ],
  [
    'a command longer than comm',
    HEAD + 'spec: {filter: {commands: [systemd-journald]}}',
    'spec.filter.commands[0]: must be at most 15 bytes long, for the kernel cuts the name of a command (comm) there and a longer one never matches, not "systemd-journald"',
  ],
  [
    'a command of too many bytes',
    HEAD + 'spec: {filter: {commands: [éééééééé]}}',
    'must be at most 15 bytes long',
  ],
  [
    'a user id that is too large',
    HEAD + 'spec: {filter: {uids: [4294967296]}}',
    'must be at most 4294967295, not 4294967296',
  ],
])('says of %s what is wrong and where', (_, text, wanted) => {
  const lines = refusal(text)
  expect(lines, lines.join('\n')).toHaveLength(1)
  expect(lines[0]).toContain(wanted)
})
