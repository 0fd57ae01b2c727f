/** What this machine has of a cluster, asked from outside: of the kernel, not of the cluster's own code. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

export interface Footprint {
  /** Also the name of its state directory. */
  name: string
  stateDir: string
  /** The inode of its network namespace. */
  netns: string
  port: number
}

/** Sentences; none when nothing is left. */
export async function leftOf({ name, stateDir, netns, port }: Footprint): Promise<string[]> {
  const pids = readdirSync('/proc').filter(entry => /^\d+$/.test(entry) && entry !== String(process.pid))
  return [
    ...pids.filter(pid => belongs(pid, name, netns)).map(pid => `process ${pid}: ${read(pid, 'cmdline')}`),
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter(line => line.includes(name) || line.includes(`net:[${netns}]`)),
    ...(existsSync('/run/netns') ? readdirSync('/run/netns').filter(each => each.includes(name)) : []),
    ...(existsSync(stateDir) ? [stateDir] : []),
    ...((await answers(port)) ? [`port ${port}`] : []),
  ]
}

/** The inode of the network namespace that a link of /proc leads to. */
export const inodeOf = (link: string): string => /\[(\d+)\]/.exec(readlinkSync(link))![1]

function belongs(pid: string, name: string, netns: string): boolean {
  return (
    [read(pid, 'environ'), read(pid, 'cmdline')].some(text => text.includes(name)) || inNamespace(pid, netns)
  )
}

function inNamespace(pid: string, netns: string): boolean {
  try {
    return inodeOf(join('/proc', pid, 'ns/net')) === netns
  } catch {
    return false // it has ended
  }
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
