/** A certificate for 127.0.0.1, by openssl: node:crypto reads certificates but does not make any. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificate {
  /** Both PEM; it is its own authority. */
  cert: string
  key: string
}

export async function localCertificate(): Promise<Certificate> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', '-']
  const names = ['-subj', '/CN=faults', '-addext', 'subjectAltName=IP:127.0.0.1']
  const { stdout } = await run('openssl', ['req', '-x509', '-days', '30', ...key, ...names])
  const blocks = stdout.match(/-----BEGIN ([A-Z ]+)-----.+?-----END \1-----/gs) ?? []
  const block = (of: string) => blocks.find(each => each.includes(`BEGIN ${of}`)) ?? ''
  return { cert: block('CERTIFICATE'), key: block('PRIVATE KEY') }
}
