/** The text value of a form field. */
export function toText(fields: FormData, name: string): string {
  const value = fields.get(name)
  if (typeof value !== 'string') throw new Error(`The form has no field ${name}`)
  return value
}
