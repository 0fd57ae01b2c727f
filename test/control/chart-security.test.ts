/** docs/security.md says what the chart does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { agentVolumes } from '../../operator/agent-volumes.ts'
import { AGENT_CAPABILITIES } from '../../operator/settings.ts'
import { CHART, HOUSE } from '../chart/helm.ts'
import { namesOf, rendered } from '../chart/render.ts'
import { type Right, rightsOf } from '../chart/rights.ts'
import { tablesOf } from '../chart/tables.ts'

const page = readFileSync(join(HOUSE, 'docs', 'security.md'), 'utf8')
const tables = tablesOf(page)

/** The rows of every table with these columns, with the heading before them. */
const rowsOf = (...columns: string[]): string[][] =>
  tables
    .filter(table => table.columns.join() === columns.join())
    .flatMap(({ heading, rows }) => rows.map(row => [heading, ...row]))

function row({ who, verbs, resources, names, where }: Right): string {
  const named = names.length > 0 ? ` named ${names.join(', ')}` : ''
  return [who, verbs.join(', '), resources.join(', ') + named, where].join(' | ')
}

describe('rights', () => {
  const told = rowsOf('verbs', 'on', 'where', 'what for')

  test('each is named, and no other', async () => {
    const given = rightsOf(await rendered()).map(row)
    expect(told.map(([who, verbs, on, where]) => [who, verbs, on, where].join(' | ')).sort()).toEqual(
      given.sort(),
    )
  })

  test('each with its purpose', () => {
    expect(told.filter(cells => !cells.at(-1))).toEqual([])
  })

  test('are in the watched namespaces only where some are watched', async () => {
    const divided = rightsOf(await rendered({ set: ['operator.watchNamespaces={team-a,team-b}'] }))
    const everywhere = divided.filter(({ where }) => where === 'everywhere').map(row)
    expect(everywhere.sort()).toEqual([
      'tracejob-agent | list, watch | namespaces | everywhere',
      'tracejob-agent | list, watch | pods | everywhere',
    ])
    expect(new Set(divided.map(({ where }) => where))).toContain('the watched namespaces')
  })

  test('there are no wildcards', async () => {
    const all = rightsOf(await rendered()).flatMap(({ verbs, resources }) => [...verbs, ...resources])
    expect(all.filter(word => word.includes('*'))).toEqual([])
  })
})

describe('on the node', () => {
  test('each capability is named with its purpose', () => {
    const { agent } = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'))
    expect(agent.capabilities).toEqual(AGENT_CAPABILITIES)
    const told = rowsOf('capability', 'what for')
    expect(told.map(([, capability]) => capability)).toEqual([...agent.capabilities, 'SYS_ADMIN'])
    expect(told.filter(cells => !cells.at(-1))).toEqual([])
  })

  test('each path is named with its purpose', () => {
    type Volume = { hostPath?: { path: string } }
    const paths = (agentVolumes() as Volume[]).flatMap(({ hostPath }) => hostPath?.path ?? [])
    expect(rowsOf('of the node', 'what for').map(([, what]) => what)).toEqual(['hostPID', ...paths])
  })
})

test('the policies that it counts are those of the chart', async () => {
  const names = namesOf(await rendered(), 'ValidatingAdmissionPolicy')
  expect(names.sort()).toEqual(['tracejob-operator', 'tracejob-reports', 'tracejob-tracejobs'])
  const without = await rendered({ set: ['admission.confineOperator=false'] })
  expect(namesOf(without, 'ValidatingAdmissionPolicy').sort()).toEqual([
    'tracejob-reports',
    'tracejob-tracejobs',
  ])
})
