import { expect, test } from 'vitest'
import { sourceOf } from './sources.ts'

const importsOf = (text: string) =>
  sourceOf('cli/run.ts', text).imports.map(({ name, target, when }) => [name, target, when])

test.each<[string, string, [string, string | undefined, string]]>([
  ['a package', "import { z } from 'zod'", ['zod', undefined, 'load']],
  ['a file beside it', "import { a } from './a.ts'", ['./a.ts', 'cli/a.ts', 'load']],
  ['a file of another room', "import { a } from '../agent/a.ts'", ['../agent/a.ts', 'agent/a.ts', 'load']],
  ['names on lines of their own', "import {\n  a,\n  b,\n} from './a.ts'", ['./a.ts', 'cli/a.ts', 'load']],
  ['a default and others', "import a, { b } from './a.ts'", ['./a.ts', 'cli/a.ts', 'load']],
  ['nothing by name', "import './a.ts'", ['./a.ts', 'cli/a.ts', 'load']],
  ['types alone', "import type { A } from './a.ts'", ['./a.ts', 'cli/a.ts', 'never']],
  ['types among others: Node loads it', "import { type A } from './a.ts'", ['./a.ts', 'cli/a.ts', 'load']],
  ['what is handed on', "export { a } from './a.ts'", ['./a.ts', 'cli/a.ts', 'load']],
  ['all that is handed on', "export * from './a.ts'", ['./a.ts', 'cli/a.ts', 'load']],
  ['types that are handed on', "export type { A } from './a.ts'", ['./a.ts', 'cli/a.ts', 'never']],
  ['when it comes to that', "const a = await import('./a.ts')", ['./a.ts', 'cli/a.ts', 'run']],
])('finds an import of %s', (_, text, found) => {
  expect(importsOf(`/** Why. */\n${text}\nconst b = 'import'\n`)).toEqual([found])
})

test.each([
  ['a comment', "// import { z } from 'zod'\n"],
  ['a longer comment', "/*\nimport { z } from 'zod'\n*/\n"],
  ['a text', `const text = "import { z } from 'zod'"\n`],
  ['a call of that name', "export const a = Array.from('zod')\n"],
])('finds none in %s', (_, text) => {
  expect(importsOf(text)).toEqual([])
})

test('knows what a file says of itself, and what it does, apart', () => {
  const { docstring, code } = sourceOf(
    'a.ts',
    "/** It decides. Pure. */\n// process\nconst a = 'Date.now()'\n",
  )
  expect(docstring).toContain('Pure')
  expect(code).not.toMatch(/process|Date/)
})
