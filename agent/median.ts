const SAMPLE = 1024

/**
 * The (upper) median of at most 1024 of the values, which are not empty; of all if there are no more. Drawn
 * at random, since whoever knew which are looked at could choose the median. `random` gives 32-bit numbers.
 */
export function sampleMedian(values: Float64Array, random: () => number): number {
  const sample = values.slice(0, SAMPLE)
  if (values.length > SAMPLE) {
    for (let i = 0; i < SAMPLE; i++) sample[i] = values[(random() >>> 0) % values.length]
  }
  return sample.sort()[sample.length >> 1]
}
