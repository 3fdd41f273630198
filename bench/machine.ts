import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'

/** What the figures were measured on, for people. */
export function describeMachine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${availableParallelism()} × ${model}, ${gigabytes} GiB, ${type()} ${release()}`
}

/** Node, and the packages whose version moves a figure. */
export function describeVersions(): string {
  const { version } = readManifest('../package.json')
  return [
    `gatehouse ${version}`,
    `node ${process.versions.node}`,
    `fastify ${readManifest('../node_modules/fastify/package.json').version}`,
  ].join(', ')
}

function readManifest(path: string): { readonly version: string } {
  const manifest: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    throw new Error(`${path} names no version`)
  return { version: String(manifest.version) }
}
