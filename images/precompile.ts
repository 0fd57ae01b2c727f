/** `precompile.js FOLDER`: compiles the C into the cache of the agent's image, so that no node waits for clang. */
import { compile } from '../agent/compile.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: precompile.js FOLDER')
const { hash } = await compile(folder)
console.log(`openat.bpf.c: ${hash}`)
