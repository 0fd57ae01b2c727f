import { expect, test } from 'vitest'
import { packageClosure } from './packages.ts'

const tree: Record<string, object> = {
  koffi: { optionalDependencies: { '@koromix/linux': '1', '@koromix/windows': '1' } },
  '@koromix/linux': {},
  pino: { dependencies: { sonic: '1', streams: '1' } },
  sonic: { dependencies: { streams: '1' } },
  streams: { dependencies: { pino: '1' } },
  vitest: {},
}

test.each([
  ['takes the optional package that is installed', ['koffi'], ['@koromix/linux', 'koffi']],
  ['follows dependencies once, also round in a circle', ['pino'], ['pino', 'sonic', 'streams']],
  ['leaves what nobody needs', [], []],
])('%s', (_, roots, wanted) => {
  expect(packageClosure(roots, name => tree[name] ?? null)).toEqual(wanted)
})
