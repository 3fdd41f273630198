import { GatehouseProblem } from '@gatehouse/sdk'
import { type ComponentChildren, createContext } from 'preact'
import { useContext, useRef } from 'preact/hooks'
import { toField, toFieldFaults } from '../to-field-faults.ts'
import { toFaultSentence } from '../words/field-fault-words.ts'

type Refused = {
  readonly error: unknown
  readonly faults: ReadonlyMap<string, string>
  /** Fields on the screen, which show their own errors. */
  readonly shown: Set<string>
}

const nothing: Refused = { error: undefined, faults: new Map(), shown: new Set() }
const Refusals = createContext(nothing)

/** Passes the field errors of a refusal to the fields. */
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

/** The refusal's message about this field. */
export function useFieldError(name: string): string | undefined {
  const { faults, shown } = useContext(Refusals)
  shown.add(name)
  const [, said] = [...faults].find(([path]) => toField(path, shown) === name) ?? []
  return said === undefined ? undefined : toFaultSentence(said)
}

/** Whether fields show everything that this error says, so that it need not be repeated elsewhere. */
export function useIsSaidByFields(error: unknown): boolean {
  const refused = useContext(Refusals)
  if (error !== refused.error || refused.faults.size === 0) return false
  return [...refused.faults.keys()].every((path) => toField(path, refused.shown) !== undefined)
}
