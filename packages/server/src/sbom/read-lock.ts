import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const dependencyNames = z.record(z.string(), z.string()).optional()

const lockFile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      name: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
      resolved: z.string().optional(),
      dependencies: dependencyNames,
      optionalDependencies: dependencyNames,
    }),
  ),
})

/** A package of the lock file that the product needs at run time. */
export type LockedPackage = {
  /** Its folder, relative to the root: `node_modules/zod`. */
  readonly place: string
  readonly name: string
  readonly version: string
  readonly license: string | undefined
  /** The subresource integrity of its archive; undefined for a workspace. */
  readonly integrity: string | undefined
  /** The folders of its own dependencies. */
  readonly needs: readonly string[]
}

/** The packages of a lock file that are not only for development, in the order of their folders. */
export function parseLock(text: string): readonly LockedPackage[] {
  const { packages } = lockFile.parse(JSON.parse(text))
  const kept = Object.entries(packages).filter(
    ([place, { dev, link }]) => place !== '' && dev !== true && link !== true,
  )
  const resolve = (from: string, name: string): string | undefined => {
    for (let folder = from; ;) {
      const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
      const found = packages[place]
      // A workspace is linked from the folder where others look for it.
      if (found !== undefined) return found.link === true ? found.resolved : place
      if (folder === '') return undefined
      folder = folder.replace(/(?:^|\/)(?:node_modules\/(?:@[^/]+\/)?[^/]+|packages\/[^/]+)$/, '')
    }
  }
  const places = new Set(kept.map(([place]) => place))
  return kept.map(([place, { version = '0.0.0', license, integrity, name, ...asked }]) => ({
    place,
    name: name ?? place.replace(/^.*node_modules\//, ''),
    version,
    license,
    integrity,
    needs: Object.keys({ ...asked.dependencies, ...asked.optionalDependencies })
      .flatMap((one) => resolve(place, one) ?? [])
      .filter((one) => places.has(one)),
  }))
}

export async function readLock(url: URL): Promise<readonly LockedPackage[]> {
  return parseLock(await readFile(url, 'utf8'))
}
