// Not in one expression with `new URL`, which the build would take for the address of a file.
const script = import.meta.url

/**
 * Where the instance is, without a slash at its end: its scripts lie in `assets/`, one folder below, whatever path a proxy
 * has put before it.
 */
export const instanceUrl = new URL('..', script).href.replace(/\/$/, '')

/** The path of something that the instance serves. */
export function inInstance(path: string): string {
  return new URL(instanceUrl + path).pathname
}

/** The path of one of this app's own pages. */
export function at(page: string): string {
  return inInstance(`/app${page}`)
}
