import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const peersFolder = new URL('./peers/', import.meta.url)
const installWithinMs = 30_000

/** A file of the peers' folder, or of a package in it once they are installed. */
export function peerUrl(path: string): URL {
  return new URL(path, peersFolder)
}

/** Peers are installed when they are first needed; without a network, the figures stand without them. */
export async function installPeers(note: (text: string) => void): Promise<void> {
  if (existsSync(peerUrl('node_modules'))) return
  note('installing the peers')
  try {
    const folder = fileURLToPath(peersFolder)
    await promisify(execFile)('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], {
      timeout: installWithinMs,
    })
  } catch (error) {
    note(`the peers could not be installed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
