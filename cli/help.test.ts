import { describe, expect, test } from 'vitest'
import { readArgs } from './args.ts'
import { SHEETS } from './commands.ts'
import { help } from './help.ts'
import { version } from './version.ts'

test('the overview names every command and the exit codes', () => {
  for (const { name, summary } of SHEETS)
    expect(help()).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 20)}`, 'm'))
  expect(help()).toContain(
    'Exit codes: 0 complete, 1 the trace failed, 2 the manifest or the usage is wrong.',
  )
})

describe.each(SHEETS.map(sheet => [sheet.name, sheet] as const))('the help of %s', (_, sheet) => {
  test('names every flag', () => {
    for (const { name, short } of sheet.flags) {
      expect(help(sheet)).toContain(`${short ? `-${short}, ` : '    '}--${name}`)
    }
  })

  test('fits a screen of 100 columns and ends with a newline', () => {
    for (const line of help(sheet).split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    expect(help(sheet)).toMatch(/[^\n]\n$/)
  })

  test('shows examples that parse', () => {
    for (const [command] of sheet.examples) {
      const words = command.replace(/ [|<].*$/, '').split(' ')
      const parsed = readArgs(words.slice(words.indexOf('tracejob') + 1))
      expect(parsed.command, command).toBe(sheet.name)
    }
  })
})

test('the version is that of the package', () => {
  expect(version('v24.0.0')).toMatch(
    /^tracejob \d+\.\d+\.\d+ \(API tracejob\.dev\/v1alpha1, Node v24\.0\.0\)\n$/,
  )
})
