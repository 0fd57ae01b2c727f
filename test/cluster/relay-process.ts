/**
 * Brings connections from the machine into a cluster's network namespace. It runs in there, and is handed a socket
 * that listens outside: a socket stays in the namespace it was made in. Ends with its owner.
 * Argument: the port in the namespace. What becomes of one side of a connection becomes of the other: an end, a reset.
 */
import { connect, type Server, type Socket } from 'node:net'

const port = Number(process.argv[2])

process.on('message', (_: unknown, server: Server) => {
  server.on('connection', relay)
  process.send!('ready')
})
process.on('disconnect', () => process.exit())

function relay(outside: Socket): void {
  // Each side may end for itself: a client that has sent all still wants its answer.
  const inside = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  outside.allowHalfOpen = true
  outside.setNoDelay()
  outside.pipe(inside)
  inside.pipe(outside)
  outside.on('error', () => inside.resetAndDestroy())
  inside.on('error', () => outside.resetAndDestroy())
}
