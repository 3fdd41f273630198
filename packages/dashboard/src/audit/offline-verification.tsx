import { useMutation } from '@tanstack/react-query'
import { inInstance } from '../at.ts'
import { Complaint } from '../parts.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { saveFile } from '../save-file.ts'
import { gatehouse } from '../session.ts'
import { auditWords as says } from '../words/audit-words.ts'

export function OfflineVerification() {
  const take = useMutation({
    mutationFn: () => gatehouse.platform.audit.verifier(),
    onSuccess: (program) => saveFile(program, 'verify-audit.mjs'),
    gcTime: 0,
  })
  return (
    <details class="more panel">
      <summary>{says.offline}</summary>
      <p class="muted small">{says.offlineText}:</p>
      <CopyField text="node verify-audit.mjs audit.ndjson keys.json" />
      <div class="actions">
        <button type="button" disabled={take.isPending} onClick={() => take.mutate()}>
          {says.verifier}
        </button>
        <a class="button" href={inInstance('/.well-known/gatehouse-keys.json')} download="keys.json">
          {says.publicKeys}
        </a>
      </div>
      <Complaint error={take.error} />
    </details>
  )
}
