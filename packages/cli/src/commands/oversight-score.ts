import { exitCodes, type Command } from '../command.ts'
import { openRemote, readJson, remoteOptions } from '../remote.ts'
import { toStanding } from '../standing.ts'

export const oversightScore: Command = {
  name: 'oversight score',
  summary: 'Record a decision with AI advice, and read how its operator stands',
  description:
    'Reads one JSON object as POST /v1/score takes it, or as POST /v1/score/batch does where it has interactions.\n' +
    'The same decision again counts once.',
  options: {
    file: { type: 'string', placeholder: 'PATH', about: 'The JSON; unset: standard input' },
    lite: { type: 'boolean', about: 'The shorter answer; the score is the same' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: [
    'gatehouse oversight score --file decision.json',
    'gatehouse oversight score --json < batch.json',
  ],
  run: async (values, terminal) => {
    const { oversight } = await openRemote(values, terminal)
    const body = await readJson(values, terminal)
    if ('interactions' in body) {
      // Safe: the server validates every member, and its error names the invalid one.
      const reply = await oversight.scoreBatch(body as Parameters<typeof oversight.scoreBatch>[0])
      const last = reply.results.at(-1)
      const text = `${reply.count} decisions; ${last === undefined ? '' : toStanding(last)}\nreceipt ${reply.receipt.receipt_id}\n`
      terminal.out(values['json'] === true ? `${JSON.stringify(reply)}\n` : text)
      return exitCodes.done
    }
    const reply = await oversight.score(
      // Safe: the server validates every member, and its error names the invalid one.
      body as Parameters<typeof oversight.score>[0],
      values['lite'] === true ? { mode: 'lite' } : {},
    )
    const again = reply.duplicate ? '; it was there already' : ''
    const text = `${toStanding(reply)}${again}\nreceipt ${reply.receipt.receipt_id}\n`
    terminal.out(values['json'] === true ? `${JSON.stringify(reply)}\n` : text)
    for (const warning of reply.warnings) terminal.note(`warning: ${warning}\n`)
    return exitCodes.done
  },
}
