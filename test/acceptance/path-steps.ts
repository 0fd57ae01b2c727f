/** Ways of asking for files beneath @/etc, and for others, when a filter wants what is beneath @/etc. */
import type { Step } from './scripted.ts'

// Beneath it, and what only looks so.
const beneath: readonly Step[] = [
  ['r:@/etc', 'seen'],
  ['r:@/etc/passwd', 'seen'],
  ['r:@/etc/ssh/key', 'seen'],
  ['r:@/etc/none', 'seen'],
  ['r:@/etc/passwd/x', 'seen'],
  ['c:@/etc/new', 'seen'],
  ['r:@/etcetera/file', 'hidden'],
  ['r:@/etcetera/none', 'hidden'],
  ['r:@/other/file', 'hidden'],
  ['r:@/none', 'hidden'],
  ['r:@', 'hidden'],
]

const notNormal: readonly Step[] = [
  ['r:@//etc///passwd', 'seen'],
  ['r:@/./etc/./passwd', 'seen'],
  ['r:@/other/../etc/passwd', 'seen'],
  ['r:@//etc/none', 'seen'],
  ['r:@/./etc/none', 'seen'],
  ['r:@/other/../etc/none', 'seen'],
  ['r:@/etc/', 'seen'],
  ['r:@/etc/../etcetera/file', 'either'],
  ['r:@/etc/../etcetera/none', 'either'],
]

const relative: readonly Step[] = [
  ['cd:@/etc'],
  ['r:passwd', 'seen'],
  ['o:./passwd', 'seen'],
  ['r:.', 'seen'],
  ['r:none', 'seen'],
  ['c:made', 'seen'],
  ['r:ssh/../passwd', 'seen'],
  ['r:../other/file', 'hidden'],
  ['r:../etcetera/none', 'hidden'],
  ['cd:@'],
  ['r:etc/passwd', 'seen'],
  ['r:etc/none', 'seen'],
  ['r:other/../etc/none', 'seen'],
  ['r:other/file', 'hidden'],
  ['r:etcetera/none', 'hidden'],
]

const byDirectory: readonly Step[] = [
  ['dir:@/etc', 'seen'],
  ['at:passwd', 'seen'],
  ['at:none', 'seen'],
  ['at:../other/file', 'hidden'],
  ['at:../other/none', 'hidden'],
  ['in:/passwd', 'seen'],
  ['in:/none', 'seen'],
  ['path:@/etc/ssh', 'seen'],
  ['at:key', 'seen'],
  ['dir:@/other', 'hidden'],
  ['at:../etc/passwd', 'seen'],
  ['at:../etc/none', 'seen'],
  ['at:file', 'hidden'],
  ['dir:@', 'hidden'],
  ['in:/etc/passwd', 'seen'],
  ['in:/etc/none', 'seen'],
]

const bySymlink: readonly Step[] = [
  ['r:@/link/passwd', 'seen'],
  ['r:@/link/none', 'seen'],
  ['c:@/link/made-by-link', 'seen'],
  ['r:@/other/in', 'seen'],
  ['r:@/other/dangling', 'either'],
  ['r:@/etc/out', 'seen'],
  ['dir:@/link', 'seen'],
  ['at:passwd', 'seen'],
  ['at:none', 'seen'],
  ['cd:@/link'],
  ['r:passwd', 'seen'],
  ['r:none', 'seen'],
]

const denied: readonly Step[] = [['uid:12345'], ['r:@/etc/secret', 'seen'], ['w:@/other/file', 'hidden']]

/** All of them, one after the other: the last ones are made by another user. */
export const stepsAroundEtc: readonly Step[] = [
  ...beneath,
  ...notNormal,
  ...relative,
  ...byDirectory,
  ...bySymlink,
  ...denied,
]
