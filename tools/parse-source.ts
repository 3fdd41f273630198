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

/** Where the casts of a file stand, by line, `as const` aside: swc counts bytes over all files, so a mark gives the start. */
export function castLines(text: string, tsx: boolean): readonly number[] {
  const { body } = parseSync(`;${text}`, { syntax: 'typescript', tsx, target: 'esnext' })
  const start = spanStart(body[0])
  const bytes = Buffer.from(text)
  return [...walk(body)].filter(isCast).map((node) => {
    const annotation = isNode(node['typeAnnotation']) ? spanStart(node['typeAnnotation']) : spanStart(node)
    return bytes
      .subarray(0, annotation - start - 1)
      .toString('utf8')
      .split('\n').length
  })
}

export function isCast({ type }: SyntaxNode): boolean {
  return type === 'TsAsExpression' || type === 'TsTypeAssertion'
}

function spanStart(node: unknown): number {
  const span: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'span') : undefined
  const start: unknown = typeof span === 'object' && span !== null ? Reflect.get(span, 'start') : undefined
  if (typeof start !== 'number') throw new Error('This node has no place')
  return start
}

/** Every node below `value`, parents first. Generators within generators would hand each node through all its parents. */
export function* walk(value: unknown): Generator<SyntaxNode> {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null) continue
    if (isNode(next)) yield next
    const members: readonly unknown[] = Object.values(next)
    waiting.push(...members.toReversed())
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
