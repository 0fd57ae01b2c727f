/**
 * `node scripts/bundle.ts FOLDER`: what the images carry, one file for each program: FOLDER/{operator,agent,cli}/main.js.
 * Native modules stay outside; FOLDER/NAME/packages.json lists the npm packages that went in, for the bill of materials.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { packagesOf } from './bundled-packages.ts'

const ROOT = join(import.meta.dirname, '..')
const ENTRIES = {
  operator: 'operator/main.ts',
  agent: 'agent/cluster/main.ts',
  cli: 'cli/main.ts',
  precompile: 'images/precompile.ts',
} as const
/** koffi finds its native half beside itself. */
const EXTERNAL = ['koffi']

/** zod carries its messages in fifty languages, and imports them all; ours speaks one. */
const oneLanguage = {
  name: 'one-language',
  load(id: string) {
    if (!/zod\/v4\/locales\/index\.js$/.test(id)) return null
    return 'export { default as en } from "./en.js"'
  },
}

async function bundle(program: keyof typeof ENTRIES, folder: string): Promise<void> {
  const build = await rolldown({
    input: join(ROOT, ENTRIES[program]),
    external: EXTERNAL,
    platform: 'node',
    plugins: [oneLanguage],
    transform: { target: 'node24' },
    checks: { eval: false },
  })
  const { output } = await build.write({
    dir: join(folder, program),
    format: 'esm',
    entryFileNames: 'main.js',
    chunkFileNames: '[name].js',
    codeSplitting: false,
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
    // Some packages of CommonJS ask for Node's own modules by require().
    banner:
      'import { createRequire as __createRequire } from "node:module"; var require = __createRequire(import.meta.url);',
  })
  await build.close()
  const modules = output.flatMap(part => (part.type === 'chunk' ? part.moduleIds : []))
  const packages = packagesOf(modules, name =>
    readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
  )
  writeFileSync(join(folder, program, 'packages.json'), `${JSON.stringify(packages, null, 2)}\n`)
}

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: node scripts/bundle.ts FOLDER')
mkdirSync(folder, { recursive: true })
for (const program of Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]) await bundle(program, folder)
