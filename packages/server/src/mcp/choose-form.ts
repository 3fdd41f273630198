import type { FieldFault } from '@gatehouse/kernel/problem'
import type { OfferedTool, ServedTool } from './list-tools.ts'

export type ChosenForm = {
  readonly tool: ServedTool
  /** The arguments without those of the tool itself. */
  readonly args: Readonly<Record<string, unknown>>
  /** Present when the call does not say which operation it means. */
  readonly fault?: FieldFault
}

/** Chooses the operation of a tool that a call means. */
export function chooseForm(
  { forms }: Pick<OfferedTool, 'forms'>,
  args: Readonly<Record<string, unknown>>,
): ChosenForm {
  const [first, ...others] = forms
  if (others.length === 0) return { tool: first, args }
  const { what, ...rest } = args
  const tool = forms.find((form) => form.tool.what === what)
  if (tool !== undefined) return { tool, args: rest }
  const names = forms.flatMap((form) => form.tool.what ?? [])
  return { tool: first, args, fault: { field: 'what', message: `must be one of ${names.join(', ')}` } }
}
