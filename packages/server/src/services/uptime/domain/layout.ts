import type { MonitorState } from './monitor.ts'
import { type ComponentState, componentState } from './status-page.ts'

/** A state that a person can set for a component without a monitor. */
export type SetState = Extract<ComponentState, 'up' | 'degraded' | 'down' | 'maintenance'>

export type Section = { readonly id: string; readonly name: string }

/** A component's place on its page and how readers see it. */
export type Placement = {
  /** The monitor's id, if it has a monitor. */
  readonly id: string
  readonly monitorId: string | null
  /** Null: the monitor's state. */
  readonly state: SetState | null
  readonly sectionId: string | null
  /** Null: the monitor's name. */
  readonly displayName: string | null
  readonly description: string | null
  readonly hidden: boolean
}

/** In reading order: components without a section come first. */
export type Layout<Component extends Placement = Placement> = {
  readonly sections: readonly Section[]
  readonly components: readonly Component[]
}

type Wanted<T> = { readonly [Name in keyof T]?: T[Name] | undefined }

export type WantedLayout = {
  readonly sections: readonly (Wanted<Pick<Section, 'id'>> & Pick<Section, 'name'>)[]
  readonly components: readonly (Wanted<Omit<Placement, 'monitorId' | 'state' | 'sectionId'>> & {
    readonly monitorId?: string | undefined
    readonly state?: SetState | undefined
    /** Index into `sections`, from 0. */
    readonly section?: number | null | undefined
  })[]
}

export type Arranged =
  | { readonly accepted: true; readonly layout: Layout }
  | { readonly accepted: false; readonly field: string; readonly because: 'unknown' | 'twice' }

/**
 * Applies a requested layout to the page's existing one. Omitted settings of a known component stay as they are. A
 * monitor that is not named keeps its component, after those without a section, because it may have been created
 * since the layout was read. Everything else that is not named is removed.
 */
export function arrange(before: Layout, wanted: WantedLayout, newId: () => string): Arranged {
  const known = new Map(before.components.map((component) => [component.id, component]))
  const knownSections = new Set(before.sections.map(({ id }) => id))
  const named = new Set<string>()
  const refuse = (field: string, because: 'unknown' | 'twice'): Arranged => ({
    accepted: false,
    field,
    because,
  })

  const sections: Section[] = []
  for (const [index, { id, name }] of wanted.sections.entries()) {
    if (id !== undefined && !knownSections.has(id)) return refuse(`sections[${index}].id`, 'unknown')
    if (id !== undefined && sections.some((section) => section.id === id))
      return refuse(`sections[${index}].id`, 'twice')
    sections.push({ id: id ?? newId(), name })
  }

  const components: Placement[] = []
  for (const [index, { section, ...given }] of wanted.components.entries()) {
    const member = given.monitorId === undefined ? 'id' : 'monitorId'
    const id = given.monitorId ?? given.id ?? newId()
    const stored = known.get(id)
    const isNew = given.monitorId === undefined && given.id === undefined
    if (!isNew && (stored === undefined || stored.monitorId !== (given.monitorId ?? null)))
      return refuse(`components[${index}].${member}`, 'unknown')
    if (named.has(id)) return refuse(`components[${index}].${member}`, 'twice')
    named.add(id)
    components.push({
      id,
      monitorId: given.monitorId ?? null,
      state: given.state ?? stored?.state ?? null,
      sectionId: section === undefined || section === null ? null : (sections[section]?.id ?? null),
      displayName: given.displayName === undefined ? (stored?.displayName ?? null) : given.displayName,
      description: given.description === undefined ? (stored?.description ?? null) : given.description,
      hidden: given.hidden ?? stored?.hidden ?? false,
    })
  }
  const rest = before.components
    .filter(({ id, monitorId }) => monitorId !== null && !named.has(id))
    .map((component) => ({ ...component, sectionId: null }))
  return { accepted: true, layout: { sections, components: inOrder(sections, [...components, ...rest]) } }
}

/** A component's displayed state: the one that a person set, or its monitor's. */
export function stateNow({
  state,
  monitorState,
}: Pick<Placement, 'state'> & {
  readonly monitorState: Pick<MonitorState, 'status' | 'maintenance'> | null
}): ComponentState {
  if (state !== null) return state
  return monitorState === null
    ? 'unknown'
    : componentState(monitorState.status, monitorState.maintenance !== null)
}

/** Components without a section first, then section by section. */
function inOrder(sections: readonly Section[], components: readonly Placement[]): readonly Placement[] {
  return [null, ...sections.map(({ id }) => id)].flatMap((sectionId) =>
    components.filter((component) => component.sectionId === sectionId),
  )
}
