/**
 * The agent in a cluster: `node agent/cluster/main.ts`, in a pod of a TraceJob's DaemonSet. It lives until SIGTERM.
 * To keep its memory small it wants MALLOC_ARENA_MAX=1 in its environment and --max-semi-space-size=1 for Node.
 */
import { pino } from 'pino'
import { agent } from './agent.ts'
import { ConfigError, readConfig } from './config.ts'

/** Of what nobody reads yet of our own log: it must not hold us up, nor grow without end. */
const LOG_BYTES = 1 << 20

const stderr = pino.destination({ dest: 2, sync: false, maxLength: LOG_BYTES })
const log = pino({ base: null, level: 'info', timestamp: pino.stdTimeFunctions.isoTime }, stderr)
try {
  const config = readConfig(process.env)
  log.level = config.logLevel
  await agent(config, log)
  end(0)
} catch (error) {
  // There is no report to say it on: it is read from the end of the log, which is the message of the container's end.
  if (error instanceof ConfigError) log.fatal(`the environment can't be used: ${error.message}`)
  else log.fatal({ err: error }, 'a defect of the agent')
  end(1)
}

/** Within a moment, whether anybody reads the log or not. */
function end(code: number): void {
  process.exitCode = code
  const exit = () => process.exit()
  setTimeout(exit, 1000).unref()
  stderr.flush(exit)
}
