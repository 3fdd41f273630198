import { useLocation } from 'preact-iso'

/** A table's search, sorting and filters; kept in the address, so that a link or a reload shows the same. */
export type TableState = {
  readonly search: string
  /** Id of the sort column; undefined for the original order. */
  readonly sort: string | undefined
  readonly isDescending: boolean
  /** The selected filter values, by filter name. */
  readonly filters: Readonly<Record<string, string>>
}

export type TableControl = {
  readonly state: TableState
  readonly change: (next: Partial<TableState>) => void
}

const ownNames = ['q', 'sort'] as const

/** `filterNames` are the table's filters; all other parameters in the address are left unchanged. */
export function useTableState(
  filterNames: readonly string[] = [],
  first: { readonly sort?: string; readonly isDescending?: boolean } = {},
): TableControl {
  const { path, query, route } = useLocation()
  const state = readTableState(query, filterNames, first)
  return {
    state,
    change: (next) => {
      const search = new URLSearchParams(location.search)
      for (const name of [...ownNames, ...filterNames]) search.delete(name)
      for (const [name, value] of toParameters({ ...state, ...next }, first)) search.set(name, value)
      route(search.size === 0 ? path : `${path}?${search.toString()}`, true)
    },
  }
}

export function readTableState(
  query: Readonly<Record<string, string>>,
  filterNames: readonly string[],
  first: { readonly sort?: string; readonly isDescending?: boolean },
): TableState {
  const sort = query['sort']
  return {
    search: query['q'] ?? '',
    sort: sort === undefined ? first.sort : sort.replace(/^-/, ''),
    isDescending: sort === undefined ? (first.isDescending ?? false) : sort.startsWith('-'),
    filters: Object.fromEntries(
      filterNames.flatMap((name) =>
        query[name] === undefined || query[name] === '' ? [] : [[name, query[name]]],
      ),
    ),
  }
}

export function toParameters(
  { search, sort, isDescending, filters }: TableState,
  first: { readonly sort?: string; readonly isDescending?: boolean },
): readonly (readonly [name: string, value: string])[] {
  const isFirst = sort === first.sort && isDescending === (first.isDescending ?? false)
  return [
    ...(search === '' ? [] : [['q', search] as const]),
    ...(sort === undefined || isFirst ? [] : [['sort', `${isDescending ? '-' : ''}${sort}`] as const]),
    ...Object.entries(filters).filter(([, value]) => value !== ''),
  ]
}
