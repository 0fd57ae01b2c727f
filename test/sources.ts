/** The house's TypeScript files and what each imports, for architecture.test.ts. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

export interface Import {
  /** As written: a package, `node:…`, or a relative path. */
  name: string
  /** The file of ours it means, from the house's root. */
  target?: string
  /** `load`: with the file. `run`: by import() when it comes to that. `never`: only its types. */
  when: 'load' | 'run' | 'never'
}

export interface Source {
  /** From the house's root, with slashes. */
  path: string
  imports: Import[]
  /** The comment at the top. */
  docstring: string
  /** Without comments and texts. */
  code: string
}

const SKIPPED = new Set(['node_modules', '.git', 'testdata', 'out', 'dist'])

export function sources(root: string): Source[] {
  return filesBelow(root, '').map(path => sourceOf(path, readFileSync(join(root, path), 'utf8')))
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(root, path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

// Texts and comments together, so that neither is taken for one within the other.
const TOKENS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g
/** No import's text has a quote within: this is a text about imports. */
const INNER_QUOTE = /^.+["'].+$/s
const STATEMENT = /^(?:import|export)\b(?<what>[^'"`;]*?\bfrom\s*)?\s*'(?<name>[^'\n]+)'/gm
const DYNAMIC = /\bimport\(\s*'(?<name>[^'\n]+)'\s*\)/g

/** @param path from the house's root; `text` is what the file holds. */
export function sourceOf(path: string, text: string): Source {
  const withoutComments = text.replace(TOKENS, token =>
    token.startsWith('/') ? '' : INNER_QUOTE.test(token) ? "''" : token,
  )
  const written = [...withoutComments.matchAll(STATEMENT)].map(({ groups }): Import => {
    const isType = /^\s*type\b/.test(groups!.what ?? '')
    return { name: groups!.name!, when: isType ? 'never' : 'load' }
  })
  const dynamic = [...withoutComments.matchAll(DYNAMIC)].map(
    ({ groups }): Import => ({ name: groups!.name!, when: 'run' }),
  )
  return {
    path,
    imports: [...written, ...dynamic].map(each => ({ ...each, ...targetOf(path, each.name) })),
    docstring: /^(?:#![^\n]*\n)?\/\*[\s\S]*?\*\//.exec(text)?.[0] ?? '',
    code: text.replace(TOKENS, token => (token.startsWith('/') ? '' : "''")),
  }
}

function targetOf(path: string, name: string): { target?: string } {
  return name.startsWith('.') ? { target: posix.join(posix.dirname(path), name) } : {}
}
