// Not combined with `new URL`, which the build tool would treat as an asset reference.
const script = import.meta.url

/**
 * The instance's URL without a trailing slash. Scripts are in `assets/`, one folder below it, whatever path prefix a
 * proxy adds.
 */
export const instanceUrl = new URL('..', script).href.replace(/\/$/, '')

/** A path of the instance. */
export function inInstance(path: string): string {
  return new URL(instanceUrl + path).pathname
}

/** The path of a page of this app. */
export function at(page: string): string {
  return inInstance(`/app${page}`)
}
