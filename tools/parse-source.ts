import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'

/** A node of the syntax tree as swc shapes it. */
export type SyntaxNode = { readonly type: string; readonly [member: string]: unknown }

/** Parses a TypeScript file; `path` is from `root`. Throws, naming the file, when it does not parse. */
export function parseSource(root: string, path: string): SyntaxNode {
  const text = readFileSync(join(root, path), 'utf8')
  try {
    const tsx = path.endsWith('.tsx')
    return { ...parseSync(text, { syntax: 'typescript', tsx, target: 'esnext' }) }
  } catch (cause) {
    throw new Error(`${path} does not parse`, { cause })
  }
}

/** Every node below `value`, parents first. */
export function* walk(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item)
  } else if (typeof value === 'object' && value !== null) {
    if (isNode(value)) yield value
    for (const member of Object.values(value)) yield* walk(member)
  }
}

/** The nodes of a list, or those that its items hold under `member`. */
export function nodesIn(list: unknown, member?: string): readonly SyntaxNode[] {
  if (!Array.isArray(list)) return []
  return list
    .map((item: unknown) => (member === undefined ? item : toMember(item, member)))
    .filter((item) => isNode(item))
}

/** The name or text that a node stands for; empty when it stands for none. */
export function toText(value: unknown): string {
  if (!isNode(value)) return ''
  const text = value['value'] ?? value['cooked']
  return typeof text === 'string' ? text : ''
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function toMember(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined
}
