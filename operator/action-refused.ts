/** We could have acted, and should not: somebody has to look. Pure. */
export class ActionRefused extends Error {
  override name = 'ActionRefused'
}
