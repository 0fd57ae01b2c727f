/** Samples for the tests of the pure files. */
import { type LoadSample, type PerLoad, perLoad, type Sample } from './stats.ts'

/** A lossless load of 1000 opens in a millisecond each, at no cost, where nothing else is said. */
export function aLoad(given: Partial<LoadSample> = {}): LoadSample {
  return { made: 1000, seen: 1000, wallNs: 1e9, cpuNs: 1e6, readerCpuNs: 0, addedNsPerOpen: 0, ...given }
}

export function aSample(loads: Partial<PerLoad<LoadSample>>, given: Partial<Sample> = {}): Sample {
  return {
    reader: 'tracejob json',
    round: 1,
    startMs: 100,
    peakRssBytes: 50e6,
    saidLost: 0,
    loads: perLoad(load => loads[load] ?? aLoad()),
    ...given,
  }
}
