import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  castLines,
  isCast,
  isNode,
  nodesIn,
  parseSource,
  type SyntaxNode,
  toText,
  walk,
} from '../parse-source.ts'

/** `names` are what is taken at run time: `default`, `*` for everything, none when only types are taken. */
export type Import = { readonly specifier: string; readonly names: readonly string[] }

/** What a file does, as far as the boundaries care. */
export type Source = {
  readonly path: string
  readonly imports: readonly Import[]
  /** Names that are called or constructed, with the dots: `fetch`, `sql.raw`, `new WebSocket`, `new Date()`. */
  readonly calls: ReadonlySet<string>
  /** Text literals, and the first piece of each template. */
  readonly texts: readonly string[]
  readonly waits: boolean
  /** Names whose members are taken of `globalThis`, with or without a call: `globalThis.fetch`. */
  readonly globals: ReadonlySet<string>
  /** Lines of casts that no `// Safe:` just above them, or beside them, explains. */
  readonly unexplainedCasts: readonly number[]
}

/** How far above a cast its reason may stand: the statement that holds both is rarely longer. */
const reasonLines = 8

/** `path` is from `root`. Throws, naming the file, when it does not parse. */
export function readSource(root: string, path: string): Source {
  const imports: Import[] = []
  const calls = new Set<string>()
  const texts: string[] = []
  const globals = new Set<string>()
  let waits = false
  let casts = false
  for (const node of walk(parseSource(root, path))) {
    const imported = toImport(node)
    if (imported !== undefined) imports.push(imported)
    const called = toCall(node)
    if (called !== undefined) calls.add(called)
    const dotted = node.type === 'MemberExpression' ? toDotted(node) : undefined
    if (dotted?.startsWith('globalThis.')) globals.add(dotted)
    if (node.type === 'StringLiteral') texts.push(String(node['value']))
    if (node.type === 'TemplateLiteral') texts.push(toText(nodesIn(node['quasis'])[0]))
    if (node.type === 'AwaitExpression' || node['async'] === true || node['isAwait'] === true) waits = true
    if (isCast(node)) casts = true
  }
  return {
    path,
    imports,
    calls,
    texts,
    waits,
    globals,
    unexplainedCasts: casts ? listUnexplained(root, path) : [],
  }
}

function listUnexplained(root: string, path: string): readonly number[] {
  const text = readFileSync(join(root, path), 'utf8')
  const lines = text.split('\n')
  return castLines(text, path.endsWith('.tsx')).filter(
    (line) => !lines.slice(Math.max(0, line - 1 - reasonLines), line).some((one) => one.includes('// Safe:')),
  )
}

function toImport(node: SyntaxNode): Import | undefined {
  const source = isNode(node['source']) ? toText(node['source']) : ''
  if (node.type === 'ImportDeclaration') {
    return { specifier: source, names: node['typeOnly'] === true ? [] : namesTaken(node) }
  }
  if (node.type === 'ExportAllDeclaration') {
    return { specifier: source, names: ['*'] }
  }
  if (node.type === 'ExportNamedDeclaration' && source !== '') {
    return { specifier: source, names: node['typeOnly'] === true ? [] : namesTaken(node) }
  }
  if (node.type !== 'CallExpression' || !isNode(node['callee']) || node['callee'].type !== 'Import')
    return undefined
  const [first] = nodesIn(node['arguments'], 'expression')
  return { specifier: toText(first), names: ['*'] }
}

function namesTaken(declaration: SyntaxNode): readonly string[] {
  const specifiers = nodesIn(declaration['specifiers'])
  // `import './x.ts'` runs the whole module.
  if (specifiers.length === 0) return ['*']
  return specifiers.filter((specifier) => specifier['isTypeOnly'] !== true).map(nameTaken)
}

function nameTaken(specifier: SyntaxNode): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  if (specifier.type === 'ImportSpecifier') return toText(specifier['imported']) || toText(specifier['local'])
  if (specifier.type === 'ExportSpecifier') return toText(specifier['orig'])
  return '*'
}

function toCall(node: SyntaxNode): string | undefined {
  if (node.type === 'CallExpression') return toDotted(node['callee'])
  if (node.type === 'NewExpression') {
    const isBare = nodesIn(node['arguments'], 'expression').length === 0
    return `new ${toDotted(node['callee']) ?? ''}${isBare ? '()' : ''}`
  }
  return undefined
}

function toDotted(value: unknown): string | undefined {
  if (!isNode(value)) return undefined
  if (value.type === 'Identifier') return toText(value)
  if (value.type !== 'MemberExpression') return undefined
  const object = toDotted(value['object'])
  return object === undefined ? undefined : `${object}.${toText(value['property'])}`
}
