import { codecs, column } from '@gatehouse/kernel/db'
import type { Finding } from '../domain/assess.ts'
import type { Assignment } from '../domain/assignment.ts'

const { text, textOrNull, instant, instantOrNull, oneOf } = codecs

type IncidentPhase = 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'

/** Row types, statements and the organisation's export are derived from these columns. */
export const incidentColumns = {
  id: column('id', text),
  monitorId: column('monitor_id', textOrNull),
  monitorName: column('monitor_name', textOrNull),
  /** The public name of a deleted monitor, if it differed from its name. */
  publicName: column('public_name', textOrNull),
  serviceId: column('service_id', text),
  type: column('type', oneOf<'auto' | 'manual' | 'change' | 'warning'>()),
  status: column('status', oneOf<'ongoing' | 'acknowledged' | 'resolved'>()),
  severity: column('severity', oneOf<'critical' | 'warning'>()),
  title: column('title', textOrNull),
  cause: column('cause', textOrNull),
  /** What `cause` says; null if a person wrote it. */
  causeReason: column('cause_reason', codecs.json<Finding | null>()),
  startedAtMs: column('started_at', instant),
  confirmedAtMs: column('confirmed_at', instant),
  acknowledgedAtMs: column('acknowledged_at', instantOrNull),
  acknowledgedBy: column('acknowledged_by', textOrNull),
  assigneeId: column('assignee_id', textOrNull),
  /** Null if it was never assigned. */
  assignments: column('assignments', codecs.json<readonly Assignment[] | null>()),
  resolvedAtMs: column('resolved_at', instantOrNull),
  threshold: column('threshold', codecs.wholeOrNull),
  publicPhase: column('public_phase', codecs.oneOfOrNull<IncidentPhase>()),
  impact: column('impact', oneOf<'none' | 'minor' | 'major' | 'critical'>()),
  visibility: column('visibility', oneOf<'public' | 'hidden'>()),
  createdAtMs: column('created_at', instant),
  updatedAtMs: column('updated_at', instant),
}

export const incidentUpdateColumns = {
  id: column('id', text),
  phase: column('phase', oneOf<IncidentPhase>()),
  body: column('body', text),
  authorId: column('author_id', textOrNull),
  displayAtMs: column('display_at', instant),
  supersedes: column('supersedes', textOrNull),
}
