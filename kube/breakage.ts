/** What the error of a connection means for the request that was on it. Pure. */

interface Breakage {
  why: string
  neverSent: boolean
  wasClosed: boolean
  /** The two did not agree on who they are: a certificate may have been replaced. */
  isTls: boolean
}

const UNREACHED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_CONN',
  'UND_ERR_PRX_TLS',
  'UND_ERR_SOCKS5',
])
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

// What OpenSSL says of a certificate, and Node of the name in it.
const TLS = /^ERR_(TLS|SSL)_|CERT|SIGNATURE|ISSUER|CRL_|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH/

export function breakageOf(error: unknown): Breakage {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const word = typeof code === 'string' ? code : ''
  const isTls = TLS.test(word)
  return {
    // Of several addresses that were tried, Node tells the code and no message.
    why: (typeof message === 'string' && message) || word || String(error),
    neverSent: isTls || UNREACHED.has(word),
    wasClosed: CLOSED.has(word),
    isTls,
  }
}
