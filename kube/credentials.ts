/** Which API server, and who we are to it. Pure. */

export interface Tls {
  /** PEM, as are `cert` and `key`; absent: the certificate authorities that Node knows. */
  ca?: string | Buffer
  cert?: string | Buffer
  key?: string | Buffer
  /** The name that must stand in the server's certificate, where it is not the host of `server`. */
  servername?: string
  /** False: whoever answers is believed. */
  rejectUnauthorized?: boolean
}

export interface Credentials {
  /** The URL of the API server; may have a path. */
  readonly server: string
  /** The same object as long as nothing in it changed: another one means new connections. */
  readonly tls: Tls
  /** The URL of a proxy to go through: http:, https: or socks5:. */
  readonly proxy?: string | undefined
  /** The user to act as (`Impersonate-User`). */
  readonly impersonate?: string | undefined
  /**
   * The value of the Authorization header, if there is to be one; asked for every request, before `tls` is read.
   * Throws if it can't be had now, which fails that request only.
   */
  authorization(): Promise<string | undefined>
  /** To be called after a 401 or a failed TLS handshake: what is remembered may be out of date. */
  refused(): void
}
