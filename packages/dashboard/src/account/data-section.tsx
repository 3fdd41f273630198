import { useMutation } from '@tanstack/react-query'
import { Complaint } from '../parts.tsx'
import { saveFile } from '../save-file.ts'
import { gatehouse } from '../session.ts'
import { accountWords } from '../words/account-words.ts'
import { SettingsSection } from './settings-section.tsx'

const says = accountWords.data

export function DataSection() {
  const download = useMutation({
    mutationFn: async () => {
      const text = JSON.stringify(await gatehouse.platform.account.export(), null, 2)
      saveFile(new Blob([text], { type: 'application/json' }), 'gatehouse-account.json')
    },
    gcTime: 0,
  })
  return (
    <SettingsSection id="data" title={says.title} text={says.text}>
      <Complaint error={download.error} />
      {download.isSuccess ? (
        <p class="success" role="status">
          {says.done}
        </p>
      ) : null}
      <div class="actions">
        <button type="button" disabled={download.isPending} onClick={() => download.mutate()}>
          {says.download}
        </button>
      </div>
    </SettingsSection>
  )
}
