/** From what was measured to what is said about it. Pure. */

export type Load = 'first' | 'full' | 'rush' | '300k' | '50k'

export interface LoadKind {
  title: string
  /** Opens a second; 0 is as fast as it goes. */
  rate: number
  /** Whether the files are there. Mixed: each second one is not, as when a loader looks for a library. */
  files: 'Existing' | 'Missing' | 'Mixed'
  /** One is held to one CPU; several run where they are put. */
  openers: number
}

export const LOADS: Record<Load, LoadKind> = {
  // Readers with a just-in-time compiler pay for it here, once.
  first: { title: 'The first burst after the start, at full rate', rate: 0, files: 'Existing', openers: 1 },
  full: { title: 'Full rate', rate: 0, files: 'Existing', openers: 1 },
  rush: {
    title: 'Full rate, missing files: the fastest opens there are',
    rate: 0,
    files: 'Missing',
    openers: 1,
  },
  // One traced process alone would not reach this rate on a small machine.
  '300k': {
    title: '300,000 opens/s by two processes, half of missing files',
    rate: 300_000,
    files: 'Mixed',
    openers: 2,
  },
  '50k': { title: '50,000 opens/s', rate: 50_000, files: 'Existing', openers: 1 },
}
export const LOAD_NAMES = Object.keys(LOADS) as Load[]

/** One value for each load. */
export type PerLoad<T> = Record<Load, T>
export function perLoad<T>(value: (load: Load) => T): PerLoad<T> {
  return {
    first: value('first'),
    full: value('full'),
    rush: value('rush'),
    '300k': value('300k'),
    '50k': value('50k'),
  }
}

/** What the generator says about one burst. */
export interface Burst {
  made: number
  wallNs: number
  /** User and kernel time of the traced process alone. */
  cpuNs: number
}

export interface LoadSample extends Burst {
  /** Lines with the burst's path that we counted in the reader's output. */
  seen: number
  /** User and kernel time of the reader, from before the burst until it came to rest. */
  readerCpuNs: number
  /** CPU time that each open costs the traced process beyond the bare burst right before. */
  addedNsPerOpen: number
}

/** One reader in one round. */
export interface Sample {
  reader: string
  round: number
  startMs: number
  /** Absent in the rounds that leave idling out. */
  idlePercent?: number
  /** The reader's highest resident memory during the burst at full rate. */
  peakRssBytes: number
  /** What the reader itself says it lost in all loads; null where it has no way of saying. */
  saidLost: number | null
  loads: PerLoad<LoadSample>
}

export interface LoadSummary {
  madePerSecond: number
  seenPerSecond: number
  cpuMicrosPerEvent: number
  lossPercent: number
  /** The most that any round lost: one lost open in one round must not vanish in a median. */
  worstLoss: number
  addedMicrosPerOpen: number
}

/** One reader over all rounds; medians unless the name says otherwise. */
export interface Summary {
  reader: string
  startMs: number
  idlePercent: number | null
  peakRssMegabytes: number
  saidLost: number | null
  loads: PerLoad<LoadSummary>
}

/** The middle value, or the mean of the two in the middle. Throws RangeError for no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values have no median')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Medians of one reader's samples, of which there must be one at least. */
export function summarize(samples: readonly Sample[]): Summary {
  const said = samples.map(sample => sample.saidLost).filter(lost => lost !== null)
  const idle = samples.map(sample => sample.idlePercent).filter(percent => percent !== undefined)
  return {
    reader: samples[0]!.reader,
    startMs: median(samples.map(sample => sample.startMs)),
    idlePercent: idle.length ? median(idle) : null,
    peakRssMegabytes: median(samples.map(sample => sample.peakRssBytes)) / 1e6,
    saidLost: said.length ? Math.max(...said) : null,
    loads: perLoad(load => summarizeLoad(samples.map(sample => sample.loads[load]))),
  }
}

function summarizeLoad(loads: readonly LoadSample[]): LoadSummary {
  const of = (measure: (load: LoadSample) => number) => median(loads.map(measure))
  return {
    madePerSecond: of(load => load.made / (load.wallNs / 1e9)),
    seenPerSecond: of(load => load.seen / (load.wallNs / 1e9)),
    // A reader that lost all events has spent its time on none.
    cpuMicrosPerEvent: of(load => load.readerCpuNs / 1e3 / Math.max(load.seen, 1)),
    lossPercent: of(load => (100 * (load.made - load.seen)) / load.made),
    worstLoss: Math.max(...loads.map(load => load.made - load.seen)),
    addedMicrosPerOpen: of(load => load.addedNsPerOpen / 1e3),
  }
}
