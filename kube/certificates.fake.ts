import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  cert: string
  key: string
}

/** An authority and what it has signed, in a folder that goes with it. */
export class Authority implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tracejob-certificates-'))
  readonly certificate: Certificate

  constructor() {
    this.certificate = this.#make('ca', ['-subj', '/CN=ca', '-addext', 'basicConstraints=critical,CA:TRUE'])
  }

  /** @param names like "IP:127.0.0.1". */
  server(...names: string[]): Certificate {
    return this.#signed('server', ['-subj', '/CN=server', '-addext', `subjectAltName=${names.join(',')}`])
  }

  client(user: string): Certificate {
    return this.#signed('client', ['-subj', `/CN=${user}`])
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }

  #signed(name: string, args: string[]): Certificate {
    const by = ['-CA', this.#path('ca.crt'), '-CAkey', this.#path('ca.key')]
    return this.#make(name, [...by, '-addext', 'basicConstraints=critical,CA:FALSE', ...args])
  }

  #make(name: string, args: string[]): Certificate {
    const [cert, key] = [this.#path(`${name}.crt`), this.#path(`${name}.key`)]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc']
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...curve, '-keyout', key, '-out', cert, ...args], {
      stdio: 'pipe',
    })
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  }

  #path(file: string): string {
    return join(this.#folder, file)
  }
}
