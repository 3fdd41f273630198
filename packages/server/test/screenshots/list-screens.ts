import { readFileSync } from 'node:fs'

export type ListedScreen = {
  /** Below `/app`, such as `/uptime/monitors` or `/uptime/monitors/:id`. */
  readonly path: string
  /** As the name of a file: `uptime-monitors-id`. */
  readonly name: string
}

const table = new URL('../../../dashboard/src/places.tsx', import.meta.url)

/** Every screen of the table of places, in its order: a new one is here without being named here. */
export function listScreens(): readonly ListedScreen[] {
  return readFileSync(table, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, path] = /^ {2}\{ group: '\w+', path: '([^']+)'/.exec(line) ?? []
      if (path === undefined) return []
      const [, below = ''] = /below: \{([^}]*)\}/.exec(line) ?? []
      const parts = [...below.matchAll(/'([^']+)':/g)].map(([, part = '']) => path + part)
      return [path, ...parts]
    })
    .map((path) => ({ path, name: path.slice(1).replaceAll(/[/:]+/g, '-') }))
}
