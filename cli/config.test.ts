import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test.each([
  [
    'root keeps programs where only root writes',
    { HOME: '/home/ann', XDG_CACHE_HOME: '/x' },
    0,
    '/var/cache/tracejob',
  ],
  ['others keep them in their home', { HOME: '/home/ann' }, 1000, '/home/ann/.cache/tracejob'],
  ['XDG_CACHE_HOME is honoured', { HOME: '/home/ann', XDG_CACHE_HOME: '/x' }, 1000, '/x/tracejob'],
  [
    'a relative XDG_CACHE_HOME is not, as its standard says',
    { HOME: '/h', XDG_CACHE_HOME: 'x' },
    1,
    '/h/.cache/tracejob',
  ],
  ['TRACEJOB_CACHE_DIR wins', { TRACEJOB_CACHE_DIR: '/c' }, 0, '/c'],
])('%s', (_, env, uid, wanted) => {
  expect(readConfig(env, uid).cacheDir).toBe(wanted)
})

test.each([
  [{}, false],
  [{ NO_COLOR: '' }, false],
  [{ NO_COLOR: '1' }, true],
  [{ TERM: 'dumb' }, true],
])('with %j, no colours: %s', (env, wanted) => {
  expect(readConfig(env, 0).noColour).toBe(wanted)
})
