import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LockedPackage, parseLock } from '../packages/server/src/sbom/read-lock.ts'
import { type Finding, report } from './finding.ts'

const root = join(import.meta.dirname, '..')

/** What may be passed on together with a product under the Apache licence, in SPDX's names. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
])

/** Packages whose package.json names none, with the licence that their files hold. */
const readFromFiles: Readonly<Record<string, string>> = { 'png-js': 'MIT' }

/** Licences beyond these, each for one package and with why. */
const excused: Readonly<Record<string, { readonly licence: string; readonly because: string }>> = {
  openpgp: {
    licence: 'LGPL-3.0+',
    because:
      'a library that is used as it is published, in files of its own, so that anybody can exchange it',
  },
}

export function licenceOf({ name, license }: Pick<LockedPackage, 'license' | 'name'>): string {
  return license ?? readFromFiles[name] ?? 'none'
}

/** Of `A OR B` one is enough; of `A AND B` both are needed. */
export function isAllowed(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => allowed.has(one.trim())))
}

export function judgeLicences(packages: readonly LockedPackage[]): readonly Finding[] {
  return packages
    .filter((one) => !isAllowed(licenceOf(one)) && excused[one.name]?.licence !== licenceOf(one))
    .map((one) => ({
      rule: 'licence-is-allowed',
      where: one.place,
      detail: `has the licence ${licenceOf(one)}`,
    }))
}

/** What of others runs with the product, by licence. */
export function listLicences(packages: readonly LockedPackage[]): ReadonlyMap<string, readonly string[]> {
  const foreign = packages.filter(({ place }) => place.includes('node_modules/'))
  return new Map(
    [...Map.groupBy(foreign, licenceOf)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([licence, of]) => [
        licence,
        [...new Set(of.map(({ name, version }) => `${name} ${version}`))].toSorted(),
      ]),
  )
}

if (import.meta.main) {
  const packages = parseLock(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  if (process.argv[2] === '--list')
    for (const [licence, names] of listLicences(packages)) console.log(`${licence}\t${names.join(', ')}`)
  report('check-licences', judgeLicences(packages))
}
