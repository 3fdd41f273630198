// The architecture's rooms, as patterns over paths from the root.

/** A service, or a module of the server that has a service's shape. */
export const moduleFolder = 'packages/server/src/(?:services/[^/]+|platform|posture)'

/** Files that only run in tests. */
export const testPlace = String.raw`\.test\.ts$|/(?:testing|fixtures)/|^packages/server/test/`

const testFile = new RegExp(testPlace)

export function isTestPlace(path: string): boolean {
  return testFile.test(path)
}

/** Families of kinds, one file a kind: everything that the rest of its service has to know of it. */
export const kindFolders = '(?:monitor-types|destinations|venues)'
