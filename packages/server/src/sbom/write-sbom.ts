import { hash } from 'node:crypto'
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import type { LockedPackage } from './read-lock.ts'

/** Writes CycloneDX 1.6 in JSON, of a product and its dependencies; the same packages give the same bytes. */
export function writeSbom(
  product: { readonly name: string; readonly version: string },
  packages: readonly LockedPackage[],
): string {
  const components = new Map(packages.map((one) => [one.place, toComponent(one)]))
  for (const { place, needs } of packages)
    for (const need of needs) {
      const needed = components.get(need)
      if (needed !== undefined) components.get(place)?.dependencies.add(needed.bomRef)
    }
  const whole = new Models.Component(Enums.ComponentType.Application, product.name, {
    version: product.version,
    bomRef: 'gatehouse',
  })
  for (const { place } of packages.filter(({ place: one }) => one.startsWith('packages/'))) {
    const workspace = components.get(place)
    if (workspace !== undefined) whole.dependencies.add(workspace.bomRef)
  }
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: whole }),
    components: new Models.ComponentRepository(components.values()),
    serialNumber: toSerialNumber(packages),
  })
  const spec = Spec.Spec1dot6
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(spec))
  return serializer.serialize(bom, { sortLists: true, space: 1 })
}

function toComponent({ place, name, version, license, integrity }: LockedPackage) {
  return new Models.Component(Enums.ComponentType.Library, name, {
    version,
    bomRef: place,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: new Models.HashDictionary(toHashes(integrity)),
    licenses: new Models.LicenseRepository(
      license === undefined ? [] : [new Models.LicenseExpression(license)],
    ),
  })
}

function toHashes(integrity: string | undefined): [Enums.HashAlgorithm, string][] {
  const [, base64] = /\bsha512-([A-Za-z0-9+/]+={0,2})/.exec(integrity ?? '') ?? []
  if (base64 === undefined) return []
  return [[Enums.HashAlgorithm['SHA-512'], Buffer.from(base64, 'base64').toString('hex')]]
}

/** A UUID (version 8, RFC 9562) derived from the list, so that another list has another one. */
function toSerialNumber(packages: readonly LockedPackage[]): string {
  const digest = hash(
    'sha256',
    JSON.stringify(packages.map(({ name, version, integrity }) => [name, version, integrity])),
  )
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
