/** Pure. */

/** As metav1.MicroTime wants it: six digits of a second, neither more nor fewer. */
export function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z')
}
