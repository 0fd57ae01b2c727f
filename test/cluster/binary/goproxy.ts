/** What Go's variable GOPROXY says. Pure. */

interface GoProxy {
  /** Without user and password, and without a slash at the end. */
  url: string
  /** The header that says them. */
  authorization?: string
  /** When the next one is to be asked. */
  leadsOn: 'absent' | 'always'
}

/** Those that are asked by HTTP, in order. After `off` there is none; `direct` has no use for Go itself. */
export function proxiesOf(goproxy: string): GoProxy[] {
  const proxies: GoProxy[] = []
  for (const [, word = '', separator] of goproxy.matchAll(/([^,|]+)([,|]?)/g)) {
    const name = word.trim()
    if (name === 'off') break
    if (/^https?:\/\//.test(name)) proxies.push(proxy(name, separator === '|' ? 'always' : 'absent'))
  }
  return proxies
}

function proxy(name: string, leadsOn: GoProxy['leadsOn']): GoProxy {
  const url = new URL(name)
  const { username, password } = url
  url.username = url.password = ''
  const plain = { url: url.href.replace(/\/+$/, ''), leadsOn }
  if (!username) return plain
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { ...plain, authorization: `Basic ${btoa(credentials)}` }
}
