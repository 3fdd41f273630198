import { nodesIn, parseSource, type SyntaxNode, toText, walk } from '../parse-source.ts'

/** The codes of every `defineProblems({ … })` in the file. Throws when a table is not written out where it is called. */
export function readProblemCodes(root: string, path: string): readonly string[] {
  return [...walk(parseSource(root, path))]
    .filter((node) => node.type === 'CallExpression' && toText(node['callee']) === 'defineProblems')
    .flatMap((call) => codesOf(call, path))
}

function codesOf(call: SyntaxNode, path: string): readonly string[] {
  const [table] = nodesIn(call['arguments'], 'expression')
  if (table?.type !== 'ObjectExpression')
    throw new Error(`${path}: defineProblems takes its table written out`)
  return nodesIn(table['properties']).map((property) => {
    const code = toText(property['key'])
    if (property.type !== 'KeyValueProperty' || code === '') {
      throw new Error(`${path}: every code of a problem table is written out`)
    }
    return code
  })
}
