import { expect, test } from 'vitest'
import { proxiesOf } from './goproxy.ts'

test.each([
  ['https://proxy.example,direct', [{ url: 'https://proxy.example', leadsOn: 'absent' }]],
  ['direct', []],
  ['off,https://proxy.example', []],
  ['', []],
  [
    ' https://a.example/go/ | http://b.example ',
    [
      { url: 'https://a.example/go', leadsOn: 'always' },
      { url: 'http://b.example', leadsOn: 'absent' },
    ],
  ],
  [
    'https://me:p%40ss@a.example',
    [{ url: 'https://a.example', authorization: `Basic ${btoa('me:p@ss')}`, leadsOn: 'absent' }],
  ],
])('reads %j', (goproxy, proxies) => {
  expect(proxiesOf(goproxy)).toEqual(proxies)
})
