/** What is shut is waited at. Pure. */
export class Gate {
  #opened: PromiseWithResolvers<void> | undefined

  shut(): void {
    this.#opened ??= Promise.withResolvers<void>()
  }

  open(): void {
    this.#opened?.resolve()
    this.#opened = undefined
  }

  async passed(): Promise<void> {
    while (this.#opened) await this.#opened.promise
  }
}
