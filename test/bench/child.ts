/** Processes that are always ended by their own pid and waited for. */
import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

const KILL_AFTER_MS = 20_000

export class ChildError extends Error {
  override name = 'ChildError'
}

/** A process of ours that runs until it is stopped. */
export interface Child extends AsyncDisposable {
  readonly pid: number
  /** How it ended, once it has: null while it runs. */
  ended(): string | null
  /** Sends SIGINT, as Ctrl-C would, and resolves when it is gone: to null for exit code 0, else to how it ended. */
  stop(): Promise<string | null>
}

/** Throws ChildError if the command can't be started. */
export async function startChild(
  [command, ...args]: readonly string[],
  options: SpawnOptions,
): Promise<Child> {
  const child = spawn(command!, args, options)
  const gone = Promise.withResolvers<void>()
  child.once('exit', () => gone.resolve())
  try {
    await once(child, 'spawn')
  } catch (cause) {
    throw new ChildError(`cannot start ${command}: ${(cause as Error).message}`, { cause })
  }
  const running = () => child.exitCode === null && child.signalCode === null
  const stop = async () => {
    if (running()) child.kill('SIGINT')
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
    await gone.promise
    clearTimeout(timer)
    return child.exitCode === 0 ? null : (child.signalCode ?? `exit code ${child.exitCode}`)
  }
  return {
    pid: child.pid!,
    ended: () => (running() ? null : (child.signalCode ?? `exit code ${child.exitCode}`)),
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

/**
 * What the command prints on stdout. Throws ChildError with the last line of its stderr if it fails;
 * the signal's reason if that fires, once the process is gone.
 */
export async function outputOf(
  [command, ...args]: readonly string[],
  options: SpawnOptions & { signal?: AbortSignal } = {},
): Promise<string> {
  const { signal, ...rest } = options
  signal?.throwIfAborted()
  const child = spawn(command!, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill)
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', text => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', text => (stderr += text))
  try {
    const [code, killedBy] = await once(child, 'close')
    signal?.throwIfAborted()
    if (code === 0) return stdout
    throw new ChildError(`${command} ended with ${killedBy ?? code}: ${stderr.trim().split('\n').at(-1)}`)
  } catch (cause) {
    if (cause instanceof ChildError || signal?.aborted) throw cause
    throw new ChildError(`cannot run ${command}: ${(cause as Error).message}`, { cause })
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}
