/** What the command line knows, as one table: the parser, the help and the suggestions are read from it. */

export interface Flag {
  name: string
  short?: string
  /** What the value is called in the help; a flag without one is a switch. */
  value?: string
  text: string
}

export interface CommandSheet {
  name: 'run' | 'validate' | 'doctor' | 'version' | 'help'
  usage: string
  summary: string
  description: string
  flags: readonly Flag[]
  examples: readonly (readonly [command: string, why: string])[]
  /** What remains to be said below the examples. */
  notes?: string
}

const HELP: Flag = { name: 'help', short: 'h', text: 'Say how this command is used.' }

const RUN: CommandSheet = {
  name: 'run',
  usage: 'tracejob run FILE [flags]',
  summary: 'Trace the file opens a TraceJob manifest asks for, on this machine',
  description: `Reads one TraceJob manifest (FILE, or - for standard input), traces this machine as it asks,
and stops when the time in it is up or on Ctrl-C. Needs root, but no cluster.

Events go to standard output; everything said about the trace goes to standard error.
A second Ctrl-C ends at once: the kernel takes the probes away with the process.`,
  flags: [
    {
      name: 'filename',
      short: 'f',
      value: 'FILE',
      text: 'The manifest, as with kubectl: the same as naming it bare.',
    },
    {
      name: 'output',
      short: 'o',
      value: 'json|table|none',
      text: 'How events are written. Default: table on a terminal, JSON lines into a pipe or file.',
    },
    {
      name: 'report',
      value: 'FILE',
      text: 'At the end, write the TraceJob with its status and its TraceReport there, as YAML (- is standard output, with --output none).',
    },
    {
      name: 'duration',
      value: 'TIME',
      text: 'Trace that long (10s, 2m, 1h30m), whatever the manifest says.',
    },
    {
      name: 'attach-mode',
      value: 'MODE',
      text: 'Auto, Fexit, Kprobe or Tracepoint, whatever the manifest says.',
    },
    { name: 'node', value: 'NAME', text: 'The node name events carry. Default: the host name.' },
    { name: 'verbose', short: 'v', text: "Show the agent's own log on standard error." },
    HELP,
  ],
  examples: [
    ['sudo tracejob run examples/all-opens.yaml', 'watch every open for a while'],
    ['sudo tracejob run job.yaml --duration 1m --report report.yaml', 'keep the summary as YAML'],
    ['sudo tracejob run job.yaml | jq -r \'select(.error == "ENOENT").path\'', 'JSON lines for other tools'],
    ['sudo tracejob run - --output none < job.yaml', 'only the summary'],
  ],
  notes: `Exit codes: 0 the trace is complete (also after Ctrl-C), 1 it failed, 2 the manifest or the usage
is wrong, 130 at the second Ctrl-C.

Environment: NO_COLOR (no colours), TRACEJOB_CACHE_DIR (where compiled programs are kept; default
/var/cache/tracejob for root, else $XDG_CACHE_HOME/tracejob or ~/.cache/tracejob).`,
}

const VALIDATE: CommandSheet = {
  name: 'validate',
  usage: 'tracejob validate FILE…',
  summary: 'Say what is wrong with TraceJob manifests; needs no root',
  description: `Checks each manifest (- for standard input) as "tracejob run" would, without tracing.
Every problem is named by FILE:LINE:COLUMN.`,
  flags: [
    { name: 'filename', short: 'f', value: 'FILE', text: 'A manifest; may be given more than once.' },
    HELP,
  ],
  examples: [['tracejob validate examples/*.yaml', 'check all examples']],
  notes: 'Exit codes: 0 all are valid, 2 something is wrong.',
}

const DOCTOR: CommandSheet = {
  name: 'doctor',
  usage: 'tracejob doctor [--json]',
  summary: 'Say what this machine can trace, and what to do about each lack',
  description: `Looks at the kernel, privileges, BTF, tracefs, lockdown, clang and libbpf, then attaches and
detaches each attach mode for real. Without root it says what it can see.`,
  flags: [{ name: 'json', text: 'Facts and findings as one JSON document.' }, HELP],
  examples: [
    ['sudo tracejob doctor', 'the whole examination'],
    ['sudo tracejob doctor --json | jq .canTrace', 'for scripts'],
  ],
  notes: 'Exit codes: 0 this machine can trace, 1 it can not.',
}

const VERSION: CommandSheet = {
  name: 'version',
  usage: 'tracejob version',
  summary: 'Say which version this is',
  description: 'Says the version of tracejob, of its API and of Node.',
  flags: [HELP],
  examples: [],
}

const HELP_COMMAND: CommandSheet = {
  name: 'help',
  usage: 'tracejob help [COMMAND]',
  summary: 'Say how a command is used',
  description: 'The same as --help after the command.',
  flags: [HELP],
  examples: [],
}

export const SHEETS: readonly CommandSheet[] = [RUN, VALIDATE, DOCTOR, VERSION, HELP_COMMAND]
