import { expect, it } from 'vitest'
import { translations as common } from '../words.ts'
import { translations as account } from './account-words.ts'
import { translations as admin } from './admin-words.ts'
import { translations as answer } from './answer-words.ts'
import { translations as article14 } from './article-14-words.ts'
import { translations as audit } from './audit-words.ts'
import { translations as coverage } from './coverage-words.ts'
import { translations as device } from './device-words.ts'
import { translations as door } from './door-words.ts'
import { translations as event } from './event-words.ts'
import { translations as exercise } from './exercise-words.ts'
import { translations as frame } from './frame-words.ts'
import { translations as incident } from './incident-words.ts'
import { translations as layout } from './layout-words.ts'
import { translations as key } from './key-words.ts'
import { translations as monitor } from './monitor-words.ts'
import { translations as monitorTable } from './monitor-table-words.ts'
import { translations as maintenance } from './maintenance-words.ts'
import { translations as ownRecord } from './own-record-words.ts'
import { translations as palette } from './palette-words.ts'
import { translations as picker } from './picker-words.ts'
import { translations as personRights } from './person-rights-words.ts'
import { translations as parts } from './parts-words.ts'
import { translations as overview } from './overview-words.ts'
import { translations as oversight } from './oversight-words.ts'
import { translations as place } from './place-words.ts'
import { translations as plan } from './plan-words.ts'
import { translations as platformAction } from './platform-action-words.ts'
import { translations as posture } from './posture-words.ts'
import { translations as quality } from './quality-words.ts'
import { translations as reason } from './reason-words.ts'
import { translations as refusedCall } from './refused-call-words.ts'
import { translations as refusal } from './refusal-words.ts'
import { translations as resource } from './resource-words.ts'
import { translations as response } from './response-words.ts'
import { translations as review } from './review-words.ts'
import { translations as scope } from './scope-words.ts'
import { translations as serviceAction } from './service-action-words.ts'
import { translations as signOn } from './sign-on-words.ts'
import { translations as span } from './span-words.ts'
import { translations as statusPage } from './status-page-words.ts'
import { translations as target } from './target-words.ts'
import { translations as team } from './team-words.ts'
import { translations as usage } from './usage-words.ts'
import { translations as volatility } from './volatility-words.ts'
import { translations as webhook } from './webhook-words.ts'

const areas = {
  common,
  account,
  admin,
  answer,
  article14,
  audit,
  coverage,
  device,
  door,
  event,
  exercise,
  frame,
  incident,
  layout,
  key,
  monitor,
  monitorTable,
  maintenance,
  ownRecord,
  palette,
  personRights,
  picker,
  parts,
  overview,
  oversight,
  place,
  plan,
  platformAction,
  posture,
  quality,
  reason,
  refusal,
  refusedCall,
  resource,
  response,
  review,
  scope,
  serviceAction,
  signOn,
  span,
  statusPage,
  target,
  team,
  usage,
  volatility,
  webhook,
}

it.each(Object.entries(areas))('%s says the same things in English and Japanese', (_area, { en, ja }) => {
  const spoken = [...toPaths(en).keys()]
  expect([...toPaths(ja).keys()]).toEqual(spoken)
  expect(spoken.length).toBeGreaterThan(0)
})

it.each(Object.entries(areas))('%s leaves nothing unsaid in either language', (_area, { en, ja }) => {
  for (const said of [en, ja])
    expect([...toPaths(said)].filter(([, sentence]) => sentence.trim() === '')).toEqual([])
})

/** What a sentence is made of: a list of a one, which is written as one, and can be asked for what a text can. */
const one = Object.assign([1], { replace: () => '1' })

/** Each sentence by its path. */
function toPaths(words: object, prefix = ''): ReadonlyMap<string, string> {
  const paths = Object.entries(words).map(([name, value]: [string, unknown]): readonly [string, string][] => {
    const path = `${prefix}${name}`
    if (typeof value === 'string') return [[path, value]]
    if (typeof value === 'function') return [[path, String(Reflect.apply(value, undefined, [one, one]))]]
    if (typeof value !== 'object' || value === null) throw new Error(`${path} says nothing`)
    return [...toPaths(value, `${path}.`)]
  })
  return new Map(paths.flat())
}
