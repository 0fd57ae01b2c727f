import { isatty } from 'node:tty'
import { obstacle } from '../agent/diagnose.ts'
import { kernelFacts } from '../agent/kernel.ts'
import type { Config } from './config.ts'
import { canTrace, findings } from './doctor.ts'
import { doctorText } from './doctor-text.ts'
import type { Facts } from './examination.ts'
import { gatherFacts } from './facts.ts'
import { paint } from './paint.ts'

/** `tracejob doctor`; returns the exit code. */
export async function doctor(json: boolean, config: Config, say: (text: string) => void): Promise<number> {
  const facts: Facts = { ...(await gatherFacts()), modes: await tried(config.cacheDir) }
  const found = findings(facts)
  if (json) say(JSON.stringify({ canTrace: canTrace(facts), facts, findings: found }, null, 2) + '\n')
  else say(doctorText(facts, found, paint(isatty(1) && !config.noColour)))
  return canTrace(facts) ? 0 : 1
}

/** What stands in the way of the trial itself (no root, no libbpf, no clang) is an answer too. */
async function tried(cacheDir: string): Promise<Facts['modes']> {
  try {
    const inTheWay = obstacle(kernelFacts())
    if (inTheWay) throw inTheWay
    const { tryModes } = await import('../agent/try-modes.ts')
    return await tryModes(cacheDir)
  } catch (error) {
    const { message, advice } = error as Error & { advice?: string }
    return { untried: message, ...(advice && { advice }) }
  }
}
