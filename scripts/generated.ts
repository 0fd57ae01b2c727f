/** The files that are made of the contract. Pure. */
import { fieldsPage } from './fields-page.ts'

interface Generated {
  /** From the house's root. */
  path: string
  text: string
}

export const GENERATED: Generated[] = [{ path: 'docs/fields.md', text: fieldsPage }]
