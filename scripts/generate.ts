/** `npm run generate`: writes every file that is made of the contract. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GENERATED } from './generated.ts'

for (const { path, text } of GENERATED) {
  writeFileSync(join(import.meta.dirname, '..', path), text)
  console.log(`generate: ${path}`)
}
