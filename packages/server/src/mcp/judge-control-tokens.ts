import type { FieldFault } from '@gatehouse/kernel/problem'

/** A class of text that has a special meaning for the host of a language model. */
type Class = {
  readonly name: string
  readonly isIn: (text: string) => boolean
}

const templateMarks = /\[\/?INST\]|<\/?s>|<<\/?SYS>>/i
const roleMarks = /^[\t ]*(?:human|assistant|system|user)[\t ]*:/im
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f]/
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

const classes: readonly Class[] = [
  { name: 'a chat template token', isIn: (text) => holdsPipeToken(text) || templateMarks.test(text) },
  { name: 'a role marker at the start of a line', isIn: (text) => roleMarks.test(text) },
  { name: 'a control character', isIn: (text) => controls.test(text) },
  { name: 'a bidirectional control', isIn: (text) => bidi.test(text) },
]

const faultsMax = 20
/** Text that is percent-encoded more often than this is not decoded by anything automatically. */
const decodingsMax = 4

/**
 * Lists the arguments that contain a control token of a language model's host, each with the class of the token; member
 * names are checked as well. Nothing is stripped: a stripped argument would be a different argument.
 */
export function judgeControlTokens(args: Readonly<Record<string, unknown>>): readonly FieldFault[] {
  const faults: FieldFault[] = []
  const rest: { readonly value: unknown; readonly path: string }[] = [{ value: args, path: '' }]
  for (let next = rest.pop(); next !== undefined && faults.length < faultsMax; next = rest.pop()) {
    const { value, path } = next
    if (typeof value === 'string') {
      const found = findClass(value)
      if (found !== undefined) faults.push(toFault(path, `holds ${found}`))
    } else if (Array.isArray(value))
      rest.push(...value.map((entry: unknown, at) => ({ value: entry, path: `${path}[${at}]` })).toReversed())
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value).toReversed()) {
        const found = findClass(name)
        if (found === undefined) rest.push({ value: member, path: path === '' ? name : `${path}.${name}` })
        // The name itself is not repeated: the reader of the error may be a model.
        else faults.push(toFault(path === '' ? 'arguments' : path, `has a member whose name holds ${found}`))
      }
  }
  return faults
}

function toFault(field: string, what: string): FieldFault {
  return { field, message: `${what}, which no argument may; send it without` }
}

function findClass(text: string): string | undefined {
  const spellings = listSpellings(text)
  return classes.find(({ isIn }) => spellings.some(isIn))?.name
}

/**
 * The text, and its variants with full-width letters folded, invisible characters dropped and percent codes decoded.
 */
function listSpellings(text: string): readonly string[] {
  const spellings = [text]
  let last = text
  for (let times = 0; times < decodingsMax; times += 1) {
    const folded = last.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    const decoded = decodePercent(folded)
    if (folded !== last) spellings.push(folded)
    if (decoded === folded) break
    spellings.push(decoded)
    last = decoded
  }
  return spellings
}

function decodePercent(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (codes) =>
    new TextDecoder().decode(Buffer.from(codes.replaceAll('%', ''), 'hex')),
  )
}

/** Whether the text contains `<|…|>` with anything in between; searched in one pass. */
function holdsPipeToken(text: string): boolean {
  const start = text.indexOf('<|')
  return start !== -1 && text.includes('|>', start + 2)
}
