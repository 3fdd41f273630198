import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readLock } from './read-lock.ts'

const root = new URL('../../../../', import.meta.url)

/**
 * Makes the bill of materials of the running code: the packages of the lock file that are installed here. Made at the
 * first request, because the code that writes it takes a while to load.
 */
export function createRunningSbom(): () => Promise<string> {
  let made: Promise<string> | undefined
  return () => {
    made ??= makeSbom().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

async function makeSbom(): Promise<string> {
  const { writeSbom } = await import('./write-sbom.ts')
  const packages = await readLock(new URL('package-lock.json', root))
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(new URL('package.json', root), 'utf8')))
  // The lock file also lists packages for other platforms.
  const installed = packages.filter(({ place }) => existsSync(fileURLToPath(new URL(place, root))))
  return writeSbom({ name: 'gatehouse', version }, installed)
}
