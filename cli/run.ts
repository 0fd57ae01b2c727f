import { hostname } from 'node:os'
import { isatty } from 'node:tty'
import { escaped } from '../crds/escape.ts'
import { ManifestError, readManifest } from '../crds/manifest.ts'
import { refusedStandalone } from '../crds/standalone.ts'
import type { TraceJob } from '../crds/trace-job.ts'
import type { RunCommand } from './args.ts'
import type { Config } from './config.ts'
import { DestinationRefused, openDestination } from './destination.ts'
import { nodeNameOf } from './node-name.ts'
import { StandardError } from './screen.ts'
import type { Session } from './session.ts'
import { readSource, SourceUnreadable, sourceName } from './source.ts'

/** `tracejob run`; returns the exit code. */
export async function run(command: RunCommand, config: Config): Promise<number> {
  const screen = new StandardError(config.noColour)
  let session: Session
  try {
    session = prepare(command, config)
  } catch (error) {
    if (error instanceof ManifestError) screen.say(`${error.message}\n`)
    else if (error instanceof SourceUnreadable || error instanceof DestinationRefused) {
      screen.say(`tracejob: ${escaped(error.message)}\n`)
    } else throw error
    return 2
  }
  // Only now: a wrong manifest should be told at once, and the agent takes a moment to load.
  const [{ trace }, { startTrace }, { openLog }, { Stdout }] = await Promise.all([
    import('./session.ts'),
    import('../agent/trace.ts'),
    import('./log.ts'),
    import('./stdout.ts'),
  ])
  const log = openLog(screen, command.verbose)
  return trace(session, { screen, log, start: startTrace, openOutput: events => new Stdout(events) })
}

/** All that can be wrong with what the user gave is found here, before anything is traced. */
function prepare(command: RunCommand, config: Config): Session {
  const manifest = readSource(command.file)
  const stdoutIsTerminal = isatty(1)
  return {
    job: overridden(readManifest(manifest, sourceName(command.file), refusedStandalone), command),
    nodeName: command.nodeName ?? nodeNameOf(hostname()),
    output: command.output ?? (stdoutIsTerminal ? 'table' : 'json'),
    stdoutIsTerminal,
    cacheDir: config.cacheDir,
    ...(command.report !== undefined && { destination: openDestination(command.report) }),
  }
}

/** The job as it will really run, which is also how the report shows it. */
export function overridden(job: TraceJob, { durationSeconds, attachMode }: RunCommand): TraceJob {
  const spec = { ...job.spec }
  if (durationSeconds !== undefined) spec.durationSeconds = durationSeconds
  if (attachMode !== undefined) spec.attachMode = attachMode
  return { ...job, spec }
}
