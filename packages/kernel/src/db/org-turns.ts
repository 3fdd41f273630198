/**
 * Turns of orgs at the connections of a pool: no org holds more than its share, and those that wait are served in
 * order.
 */
export type OrgTurns = {
  /**
   * Resolves when it is the org's turn, to a function that ends the turn; rejects with the error of a pool that has no
   * free connection.
   */
  readonly take: (orgId: string) => Promise<() => void>
}

type Waiting = { readonly grant: () => void; readonly timer: NodeJS.Timeout }

type Line = { held: number; readonly waiting: Set<Waiting> }

/**
 * Gives each org at most `heldMax` turns at a time. Without it, one org whose calls wait for each other's rows would
 * take every connection and block all other orgs.
 */
export function createOrgTurns({
  heldMax,
  waitMsMax,
}: {
  readonly heldMax: number
  readonly waitMsMax: number
}): OrgTurns {
  const lines = new Map<string, Line>()

  const giveBack = (orgId: string, line: Line): void => {
    const [next] = line.waiting
    if (next === undefined) {
      line.held -= 1
      if (line.held === 0) lines.delete(orgId)
      return
    }
    // The turn passes to the caller that has waited longest.
    line.waiting.delete(next)
    clearTimeout(next.timer)
    next.grant()
  }

  const toTurn = (orgId: string, line: Line): (() => void) => {
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      giveBack(orgId, line)
    }
  }

  return {
    take: async (orgId) => {
      const line = lines.get(orgId) ?? { held: 0, waiting: new Set() }
      lines.set(orgId, line)
      if (line.held < heldMax) {
        line.held += 1
        return toTurn(orgId, line)
      }
      return new Promise((resolve, reject) => {
        const one: Waiting = {
          grant: () => resolve(toTurn(orgId, line)),
          timer: setTimeout(() => {
            line.waiting.delete(one)
            // The message of the pool's own error, so that it is recognised as an outage and not as a fault of the
            // request.
            reject(
              new Error('timeout exceeded when trying to connect: the org holds its share of connections'),
            )
          }, waitMsMax),
        }
        line.waiting.add(one)
      })
    },
  }
}
