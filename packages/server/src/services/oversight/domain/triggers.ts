import { higherRoute, type Route } from './route.ts'

export const triggerFacts = [
  'domain',
  'decision',
  'stakes',
  'drs',
  'model_confidence',
  'stamp',
  'role_class',
  'band',
  'jis',
  'minimum_data_met',
  'article_14',
  'evidence_grade',
  'provider',
  'pass',
  'tag',
] as const

export type TriggerFact = (typeof triggerFacts)[number]

export const triggerOps = ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte', 'is_unknown'] as const

export type TriggerOp = (typeof triggerOps)[number]

export type FactValue = string | number | boolean

export type Condition = {
  readonly fact: TriggerFact
  readonly op: TriggerOp
  /** A list for `in`; null for `is_unknown`. */
  readonly value: FactValue | readonly FactValue[] | null
}

/** An organisation's rule that can only raise a route; all its conditions must match. */
export type Trigger = {
  readonly id: string
  readonly enabled: boolean
  readonly minimumRoute: Exclude<Route, 'auto'>
  readonly when: readonly Condition[]
}

/** Facts of one decision. A fact with several values (tags) matches if any value does; an absent fact never matches. */
export type Facts = Readonly<Partial<Record<TriggerFact, FactValue | readonly FactValue[]>>>

/** Facts about the operator, used only if minimum data is met. */
const personalFacts: ReadonlySet<TriggerFact> = new Set(['band', 'jis', 'article_14'])

export const defaultTriggers: readonly Trigger[] = [
  {
    id: 'critical_below_40',
    enabled: true,
    minimumRoute: 'must_review',
    when: [
      { fact: 'role_class', op: 'eq', value: 'critical' },
      { fact: 'jis', op: 'lt', value: 40 },
    ],
  },
  {
    id: 'stamp_high_stakes',
    enabled: true,
    minimumRoute: 'async_review',
    when: [
      { fact: 'stamp', op: 'eq', value: true },
      { fact: 'stakes', op: 'gte', value: 0.85 },
    ],
  },
  {
    id: 'low_model_confidence',
    enabled: true,
    minimumRoute: 'async_review',
    when: [
      { fact: 'decision', op: 'eq', value: 'accepted' },
      { fact: 'model_confidence', op: 'lt', value: 0.5 },
    ],
  },
  {
    id: 'conditional_stakes',
    enabled: true,
    minimumRoute: 'async_review',
    when: [
      { fact: 'article_14', op: 'eq', value: 'conditional' },
      { fact: 'stakes', op: 'gte', value: 0.6 },
    ],
  },
]

export type Triggered = {
  readonly route: Route
  /** All matching triggers, whether or not they raise the route. */
  readonly holding: readonly Trigger[]
  /** The triggers that require a higher route than the score does. */
  readonly forcing: readonly Trigger[]
}

/** The highest of the score's route and the routes of matching triggers (specification 7). */
export function applyTriggers(scored: Route, triggers: readonly Trigger[], facts: Facts): Triggered {
  const isPersonKnown = facts.minimum_data_met === true
  const holding = triggers.filter(
    ({ enabled, when }) =>
      enabled && when.length > 0 && when.every((condition) => holds(condition, facts, isPersonKnown)),
  )
  const route = holding.reduce<Route>(
    (highest, trigger) => higherRoute(highest, trigger.minimumRoute),
    scored,
  )
  const forcing = holding.filter(({ minimumRoute }) => higherRoute(scored, minimumRoute) !== scored)
  return { route, holding, forcing }
}

function holds({ fact, op, value }: Condition, facts: Facts, isPersonKnown: boolean): boolean {
  const known = personalFacts.has(fact) && !isPersonKnown ? undefined : facts[fact]
  if (op === 'is_unknown') return known === undefined
  if (known === undefined) return false
  const values = typeof known === 'object' ? known : [known]
  if (op === 'ne') return values.every((one) => one !== value)
  return values.some((one) => compares(one, op, value))
}

function compares(
  known: FactValue,
  op: Exclude<TriggerOp, 'is_unknown' | 'ne'>,
  value: Condition['value'],
): boolean {
  if (op === 'eq') return known === value
  if (op === 'in') return typeof value === 'object' && value !== null && value.includes(known)
  if (typeof known !== 'number' || typeof value !== 'number') return false
  switch (op) {
    case 'lt':
      return known < value
    case 'lte':
      return known <= value
    case 'gt':
      return known > value
    case 'gte':
      return known >= value
  }
}
