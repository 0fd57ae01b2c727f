/**
 * `node bill-of-materials.ts ROOT NAME PACKAGES.JSON...`: writes ROOT/usr/share/tracejob/NAME.spdx.json,
 * of the Debian packages noted by collect.sh, Node itself and the npm packages in the bundles.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Part {
  name: string
  version: string
  license: string
  /** https://github.com/package-url/purl-spec */
  purl: string
}

const [root, name, ...lists] = process.argv.slice(2)
if (root === undefined || name === undefined)
  throw new Error('usage: bill-of-materials.ts ROOT NAME PACKAGES.JSON...')

const parts = [...debianPackages(join(root, 'var/lib/dpkg/status.d')), node(), ...lists.flatMap(npmPackages)]
const known = new Map(parts.map(part => [part.purl, part]))
const folder = join(root, 'usr/share/tracejob')
mkdirSync(folder, { recursive: true })
writeFileSync(
  join(folder, `${name}.spdx.json`),
  `${JSON.stringify(document(name, [...known.values()]), null, 1)}\n`,
)

function debianPackages(folder: string): Part[] {
  return readdirSync(folder).map(file => {
    const stanza = readFileSync(join(folder, file), 'utf8')
    const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
    const version = field('Version')
    const purl = `pkg:deb/debian/${field('Package')}@${encodeURIComponent(version)}?arch=${field('Architecture')}`
    return { name: field('Package'), version, license: 'NOASSERTION', purl }
  })
}

function node(): Part {
  const version = process.versions.node
  return { name: 'node', version, license: 'MIT', purl: `pkg:generic/node@${version}` }
}

function npmPackages(list: string): Part[] {
  const packages: Omit<Part, 'purl'>[] = JSON.parse(readFileSync(list, 'utf8'))
  return packages.map(part => ({
    ...part,
    purl: `pkg:npm/${part.name.replace('@', '%40')}@${part.version}`,
  }))
}

function document(name: string, parts: Part[]): object {
  const content = JSON.stringify(parts)
  const packages = parts.map(({ name, version, license, purl }, index) => ({
    SPDXID: `SPDXRef-${index}`,
    name,
    versionInfo: version,
    licenseDeclared: license,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  }))
  return {
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    dataLicense: 'CC0-1.0',
    name,
    // Of what is in it, not of when it was made: the same image twice has the same bill.
    documentNamespace: `https://tracejob.dev/spdx/${name}-${createHash('sha256').update(content).digest('hex')}`,
    creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: tracejob-images'] },
    packages,
    relationships: packages.map(({ SPDXID }) => ({
      spdxElementId: 'SPDXRef-DOCUMENT',
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: SPDXID,
    })),
  }
}
