/** Where the cluster's programs are: those of KUBEBUILDER_ASSETS where it has them, else those of our own binary. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildBinary } from './build.ts'

/** Builds the binary where it is not there yet. The result returns the path of a program such as `kubectl`. */
export async function programs(): Promise<(name: string) => string> {
  const built = await buildBinary()
  const assets = process.env.KUBEBUILDER_ASSETS
  return name => {
    const asset = assets && join(assets, name)
    return asset && existsSync(asset) ? asset : join(built, name)
  }
}
