import { GatehouseProblem } from '@gatehouse/sdk'
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useRef } from 'preact/hooks'
import { toField, toFieldFaults } from '../to-field-faults.ts'
import { toFaultSentence } from '../words/field-fault-words.ts'

type Refused = {
  readonly error: unknown
  readonly faults: ReadonlyMap<string, string>
  /** Fields that are on the screen, and show what is said of them. */
  readonly shown: Set<string>
}

const nothing: Refused = { error: undefined, faults: new Map(), shown: new Set() }
const Refusals = createContext(nothing)

/** Hands what a refusal says of single fields to them. */
export function FieldErrors({
  error,
  children,
}: {
  readonly error: unknown
  readonly children: ComponentChildren
}) {
  const shown = useRef(new Set<string>())
  const faults =
    (error instanceof GatehouseProblem ? toFieldFaults(error.message) : undefined) ?? nothing.faults
  return <Refusals.Provider value={{ error, faults, shown: shown.current }}>{children}</Refusals.Provider>
}

/** What the refusal says of this field, for the person who fills it in. */
export function useFieldError(name: string): string | undefined {
  const { faults, shown } = useContext(Refusals)
  shown.add(name)
  const [, said] = [...faults].find(([path]) => toField(path, shown) === name) ?? []
  return said === undefined ? undefined : toFaultSentence(said)
}

/** Whether fields show all that this error says, so that nothing is left to say elsewhere. */
export function useIsSaidByFields(error: unknown): boolean {
  const refused = useContext(Refusals)
  if (error !== refused.error || refused.faults.size === 0) return false
  return [...refused.faults.keys()].every((path) => toField(path, refused.shown) !== undefined)
}
