import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import { type Parameters, parameters } from './domain/parameters.ts'

export type Model = { readonly version: string; readonly parameters: Parameters; readonly paramsHash: string }

/** Every model version that ever scored. None is ever removed, because old scores refer to theirs. */
export const models: Readonly<Record<string, Model>> = Object.fromEntries(
  [parameters].map((each) => [
    each.version,
    { version: each.version, parameters: each, paramsHash: sha256Hex(toCanonicalJson(each)) },
  ]),
)

export const currentModel: Model = {
  version: parameters.version,
  parameters,
  paramsHash: sha256Hex(toCanonicalJson(parameters)),
}

/** Throws for an unknown version, which can only be that of a later build. */
export function modelOf(version: string): Model {
  const model = models[version]
  if (model === undefined) throw new Error(`There is no model ${version} in this build`)
  return model
}
