import { expect, test } from 'vitest'
import { argumentsOf } from './arguments.ts'
import { COMPONENTS, type Places } from './places.ts'

const at: Places = { stateDir: '/state', port: 40123 }

test.each(COMPONENTS)('%s writes nowhere but into the state directory', component => {
  const paths = argumentsOf(component, at).flatMap(flag => /=(\/.*)$/.exec(flag)?.[1] ?? [])
  // A range of addresses has a slash too, but does not begin with one.
  expect(paths.filter(path => !path.startsWith('/state/'))).toEqual([])
})

test('the API server listens where its kubeconfigs say', () => {
  expect(argumentsOf('kube-apiserver', at)).toContain('--secure-port=40123')
})

test('flags that are asked for come last', () => {
  expect(argumentsOf('etcd', at, ['--log-level=debug']).at(-1)).toBe('--log-level=debug')
})
