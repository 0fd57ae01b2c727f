/** `npm run generate`: writes every file that is made of the contract. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GENERATED } from './generated.ts'

for (const { path, text } of GENERATED) {
  const file = join(import.meta.dirname, '..', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(`generate: ${path}`)
}
