import type { IncomingHttpHeaders } from 'node:http'
import type { ServedService } from '../service/define-service.ts'

type Owner = Pick<ServedService, 'endpoints' | 'envelope' | 'policy'>

/**
 * The service whose clients call a path that no endpoint has: the one whose paths share the most leading segments with
 * it; among several, the one whose keys have the format of the credential.
 */
export function findOwner<S extends Owner>(
  services: readonly S[],
  path: string,
  headers: IncomingHttpHeaders,
): S | undefined {
  const asked = toSegments(path)
  const near = services.map((service) => ({
    service,
    common: Math.max(0, ...service.endpoints.map(({ endpoint }) => countCommon(endpoint.path, asked))),
  }))
  const most = Math.max(0, ...near.map(({ common }) => common))
  if (most === 0) return undefined
  const owners = near.filter(({ common }) => common === most).map(({ service }) => service)
  const credential = headers.authorization?.replace(/^Bearer +/i, '') ?? [headers['x-api-key']].flat()[0]
  return owners.find((service) => isOwnKey(service, credential)) ?? owners[0]
}

function isOwnKey({ policy: { keyShape } }: Owner, credential: string | undefined): boolean {
  return keyShape?.prefixes.some((prefix) => credential?.startsWith(prefix)) === true
}

function countCommon(path: string, asked: readonly string[]): number {
  const own = toSegments(path)
  const end = own.findIndex((segment, index) => !segment.startsWith('{') && segment !== asked[index])
  return Math.min(end === -1 ? own.length : end, asked.length)
}

function toSegments(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '')
}
