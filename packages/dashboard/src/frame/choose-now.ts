import type { PreferenceChange } from '@gatehouse/sdk'
import { showToast } from '../parts/toast.tsx'
import { choose } from '../session.ts'
import { frameWords as says } from '../words/frame-words.ts'

/** For where a press is the whole form. */
export function chooseNow(change: PreferenceChange): void {
  choose(change).then(
    () => {
      // Without a cookie a start anew, which another language needs, would end the session.
      if (change.language !== undefined && !isSecureContext) showToast(says.languageLater)
    },
    () => showToast(says.notKept),
  )
}
