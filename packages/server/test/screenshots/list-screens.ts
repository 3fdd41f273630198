import { readFileSync } from 'node:fs'

export type ListedScreen = {
  /** Below `/app`, such as `/uptime/monitors` or `/uptime/monitors/:id`. */
  readonly path: string
  /** As the name of a file: `uptime-monitors-id`. */
  readonly name: string
  /** It is for whoever is not signed in, and does not depend on what an organisation holds. */
  readonly isDoor: boolean
}

const dashboard = new URL('../../../dashboard/src/', import.meta.url)

/** Every screen of the dashboard, in its order: a new one is here without being named here. */
export function listScreens(): readonly ListedScreen[] {
  const app = readLines('app.tsx')
  const places = readLines('places.tsx').flatMap((line) => {
    const [, path] = /^ {2}\{ group: '\w+', path: '([^']+)'/.exec(line) ?? []
    if (path === undefined) return []
    const [, below = ''] = /below: \{([^}]*)\}/.exec(line) ?? []
    const parts = [...below.matchAll(/'([^']+)':/g)].map(([, part = '']) => path + part)
    return [path, ...parts]
  })
  return [
    ...[...places, ...match(app, /<Route path=\{at\('(\/[^']+)'\)\}/)].map(toListed(false)),
    ...match(app, /^ {2}\[at\('([^']+)'\), /).map(toListed(true)),
  ]
}

function readLines(file: string): readonly string[] {
  return readFileSync(new URL(file, dashboard), 'utf8').split('\n')
}

function match(lines: readonly string[], pattern: RegExp): readonly string[] {
  return lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])
}

const toListed = (isDoor: boolean) => (path: string) => ({
  path,
  name: path.slice(1).replaceAll(/[/:]+/g, '-'),
  isDoor,
})
