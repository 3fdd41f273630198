/** Events of the bundled PostgreSQL, for the log. */
export type PostgresEvent =
  | { readonly kind: 'initialised' }
  | { readonly kind: 'cluster_left'; readonly folder: string; readonly dataFolder: string }
  | { readonly kind: 'orphan_stopped'; readonly pid: number }
  | { readonly kind: 'died' }
  | { readonly kind: 'restarted' }
  | { readonly kind: 'restart_failed'; readonly error: Error }
