import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'preact/hooks'
import { toNumber } from '../number-format.ts'
import { Complaint } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { postureWords as says } from '../words/posture-words.ts'

const { postureRuns } = gatehouse.platform.admin
const pollMs = 3_000

type Run = Awaited<ReturnType<typeof postureRuns.get>>

/** Starts a run of all probes and shows its progress. For instance administrators. */
export function RunAll() {
  const queries = useQueryClient()
  const start = useMutation({ mutationFn: () => postureRuns.start() })
  const id = start.data?.id
  const { data: run = start.data, error } = useQuery({
    queryKey: ['posture-run', id],
    queryFn: ({ signal }) => postureRuns.get(id ?? '', { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : pollMs),
  })
  const isDone = isOver(run)
  useEffect(() => {
    if (isDone) void queries.invalidateQueries({ queryKey: ['posture'] })
  }, [isDone, id])
  return (
    <div class="posture-run">
      <button
        type="button"
        disabled={start.isPending || (run !== undefined && !isDone)}
        onClick={() => start.mutate()}
      >
        {says.run}
      </button>
      <Complaint error={start.error ?? error} />
      {run === undefined ? null : <Progress run={run} />}
    </div>
  )
}

function Progress({ run: { state, done, total, probing } }: { readonly run: Run }) {
  if (state === 'failed')
    return (
      <p class="complaint" role="alert">
        {says.runFailed}
      </p>
    )
  if (state === 'done')
    return (
      <p class="muted" role="status">
        {says.ran(toNumber(total))}
      </p>
    )
  return (
    <div role="status">
      <progress value={done} max={Math.max(total, 1)} aria-label={says.run} />
      <p class="muted small">
        {state === 'waiting' ? says.waiting : says.running(toNumber(done), toNumber(total))}
        {probing === null ? null : ` · ${says.probing(probing)}`}
      </p>
    </div>
  )
}

function isOver(run: Run | undefined): boolean {
  return run?.state === 'done' || run?.state === 'failed'
}
