/** How often the nodes of one TraceJob report. Pure. */

/** Up to so many nodes, every so many seconds: in steps, for each step is a write to every report. At most 170 writes a second. */
const STEPS = [
  { nodes: 50, seconds: 2 },
  { nodes: 250, seconds: 5 },
  { nodes: 1000, seconds: 10 },
  { nodes: 2500, seconds: 20 },
  { nodes: 5000, seconds: 30 },
  { nodes: 10_000, seconds: 60 },
] as const
const SECONDS_BEYOND = 120

/** In seconds. */
export function reportInterval(nodes: number): number {
  return STEPS.find(step => nodes <= step.nodes)?.seconds ?? SECONDS_BEYOND
}
