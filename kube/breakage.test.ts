import { expect, test } from 'vitest'
import { breakageOf } from './breakage.ts'

const withCode = (code: string) => Object.assign(new Error('why'), { code })

test.each([
  ['ECONNREFUSED', { neverSent: true, wasClosed: false, isTls: false }],
  ['ENOTFOUND', { neverSent: true, wasClosed: false, isTls: false }],
  ['UND_ERR_CONNECT_TIMEOUT', { neverSent: true, wasClosed: false, isTls: false }],
  ['UND_ERR_PRX_CONN', { neverSent: true, wasClosed: false, isTls: false }],
  ['ECONNRESET', { neverSent: false, wasClosed: true, isTls: false }],
  ['EPIPE', { neverSent: false, wasClosed: true, isTls: false }],
  ['UND_ERR_SOCKET', { neverSent: false, wasClosed: true, isTls: false }],
  ['UND_ERR_HTTP_PARSER', { neverSent: false, wasClosed: false, isTls: false }],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', { neverSent: true, wasClosed: false, isTls: true }],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { neverSent: true, wasClosed: false, isTls: true }],
  ['CERT_HAS_EXPIRED', { neverSent: true, wasClosed: false, isTls: true }],
  ['ERR_TLS_CERT_ALTNAME_INVALID', { neverSent: true, wasClosed: false, isTls: true }],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', { neverSent: true, wasClosed: false, isTls: true }],
])('%s', (code, wanted) => {
  expect(breakageOf(withCode(code))).toEqual({ why: 'why', ...wanted })
})

test('of several addresses that were tried, the code says why', () => {
  const error = Object.assign(new AggregateError([withCode('ECONNREFUSED')]), { code: 'ECONNREFUSED' })
  expect(breakageOf(error)).toMatchObject({ why: 'ECONNREFUSED', neverSent: true })
})

test.each([[undefined], [null], ['text'], [{ code: 7 }]])('%j is no reason to fail', error => {
  expect(breakageOf(error)).toMatchObject({ neverSent: false, wasClosed: false })
})
