const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(4))

/** Stops this thread for so long; for the places that can't wait asynchronously. */
export function sleep(milliseconds: number): void {
  Atomics.wait(NOBODY_WAKES, 0, 0, milliseconds)
}
