import { readArgs } from './args.ts'
import { readConfig } from './config.ts'
import { writeAll } from './write-all.ts'

// Each command imports what it needs itself, so that `--help` doesn't wait for the schemas or the tracer.

/** Runs one command line; returns the exit code. */
async function main(words: string[]): Promise<number> {
  const command = readArgs(words)
  const config = readConfig(process.env, process.geteuid?.() ?? 0)
  switch (command.command) {
    case 'run':
      return (await import('./run.ts')).run(command, config)
    case 'validate':
      return (await import('./validate.ts')).validate(command.files, say, complain)
    case 'doctor':
      return (await import('./doctor-command.ts')).doctor(command.json, config, say)
    case 'version':
      say((await import('./version.ts')).version(process.version))
      return 0
    case 'help':
      say((await import('./help.ts')).help(command.topic))
      return 0
    case 'misuse': {
      if (words.length === 0) {
        complain((await import('./help.ts')).help())
        return 2
      }
      const more = command.topic ? `tracejob ${command.topic.name} --help` : 'tracejob --help'
      complain(`tracejob: ${command.message}\nSee "${more}".\n`)
      return 2
    }
  }
}

function say(text: string): void {
  write(1, text)
}

function complain(text: string): void {
  write(2, text)
}

/** A reader who left (`| head`) has read what he wanted. */
function write(fd: number, text: string): void {
  try {
    writeAll(fd, text)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  complain(
    `tracejob: this is a defect of tracejob: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(1)
}
