/** Kubernetes' quantities, which have several ways to say one amount. Pure. */

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const PATTERN = /^([+-]?)([0-9]*)\.?([0-9]*)(?:([KMGTPE]i)|([eE][+-]?[0-9]{1,2})|([numkMGTPE]?))$/

/** Whether both are one amount: 1024Mi and 1Gi, 0.5 and 500m. What is no quantity is the same only as itself. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  const [left, right] = [nano(String(a)), nano(String(b))]
  return left === undefined || right === undefined ? String(a) === String(b) : left === right
}

/** In units of 10⁻⁹, the smallest there is; what is smaller is rounded up, as the API server does. */
function nano(text: string): bigint | undefined {
  const [, sign, whole = '', fraction = '', binary, exponent, decimal] = PATTERN.exec(text) ?? []
  if (whole + fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const power = 9 - fraction.length + (exponent ? Number(exponent.slice(1)) : (DECIMAL[decimal ?? ''] ?? 0))
  const times = binary ? 1024n ** BigInt(BINARY.indexOf(binary)) : 1n
  const divisor = 10n ** BigInt(Math.max(0, -power))
  const amount = digits * times * 10n ** BigInt(Math.max(0, power))
  const rounded = (amount + divisor - 1n) / divisor
  return sign === '-' ? -rounded : rounded
}
