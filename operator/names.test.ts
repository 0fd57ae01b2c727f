import { expect, test } from 'vitest'
import { subdomain } from '../crds/names.ts'
import { daemonSetName } from './names.ts'

const UID = '5f0c2a1e-0b6d-4a53-9a63-3e1f5f5c7b10'

test('a DaemonSet bears the name of its TraceJob and a hash of its uid', () => {
  expect(daemonSetName('who-reads-shadow', UID)).toMatch(/^who-reads-shadow-[0-9a-f]{10}$/)
  expect(daemonSetName('who-reads-shadow', UID)).toBe(daemonSetName('who-reads-shadow', UID))
})

test('a TraceJob deleted and created again has another one', () => {
  expect(daemonSetName('a', UID)).not.toBe(daemonSetName('a', UID.replace('5f', '6f')))
})

test.each([
  'j'.repeat(63),
  `${'j'.repeat(45)}-${'k'.repeat(17)}`,
  'a',
])('for %s there is room for the name of a pod', job => {
  const name = daemonSetName(job, UID)
  expect(`${name}-x7k2p`.length).toBeLessThanOrEqual(63)
  expect(subdomain.safeParse(name).success).toBe(true)
  expect(name).not.toContain('--')
})
