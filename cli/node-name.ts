/** The host's name as Kubernetes would have it for a node: a DNS-1123 subdomain. */
export function nodeNameOf(hostname: string): string {
  const name = hostname
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .split('.')
    .map(label => label.replace(/^-+|-+$/g, ''))
    .filter(Boolean)
    .join('.')
    .slice(0, 253)
    .replace(/[-.]+$/, '')
  return name || 'localhost'
}
