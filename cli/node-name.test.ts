import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { subdomain } from '../crds/names.ts'
import { nodeNameOf } from './node-name.ts'

test.each([
  ['worker-1', 'worker-1'],
  ['Annas_Laptop.local', 'annas-laptop.local'],
  ['-odd-.', 'odd'],
  ['', 'localhost'],
])('the host %j is the node %j', (hostname, node) => {
  expect(nodeNameOf(hostname)).toBe(node)
})

test('whatever the host is called, a node may be called so', () => {
  assert(property(string({ maxLength: 400 }), hostname => subdomain.safeParse(nodeNameOf(hostname)).success))
})
