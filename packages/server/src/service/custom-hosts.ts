/** Host names of customers, each of which leads to something of a service; nothing else of the instance is served there. */
export type CustomHosts = {
  /** Reads which there are. Called before the server listens. */
  readonly load: () => Promise<void>
  /** The path of this instance that answers a path of the host; undefined for a name that is none of these. */
  readonly toPath: (hostname: string, path: string) => string | undefined
}
