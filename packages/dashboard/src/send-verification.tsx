import { useMutation } from '@tanstack/react-query'
import { Complaint } from './parts.tsx'
import { gatehouse } from './session.ts'
import { doorWords } from './words/door-words.ts'

/** Mails the signed-in user a link that verifies their address. */
export function SendVerification({ label = doorWords.verify.send }: { readonly label?: string }) {
  const send = useMutation({ mutationFn: () => gatehouse.platform.account.sendVerification() })
  if (send.isSuccess) return <p role="status">{doorWords.verify.sent}</p>
  return (
    <>
      <Complaint error={send.error} />
      <button type="button" disabled={send.isPending} onClick={() => send.mutate()}>
        {label}
      </button>
    </>
  )
}
