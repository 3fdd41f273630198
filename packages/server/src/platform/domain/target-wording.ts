/** Raised whenever the wording changes: owners who accepted other words are asked again. */
export const targetWordingVersion = 1

/** The statement of an owner about the targets that their org monitors. */
export const targetWording = {
  en:
    'We monitor only targets that are ours, or whose owner has allowed us to. We know that checks are requests to those ' +
    'targets, and that we answer for them.',
  ja:
    '当組織は、自ら管理する対象、または所有者から許可を得た対象のみを監視します。監視が対象へのリクエストとして送信されること、' +
    'およびその責任が当組織にあることを理解しています。',
} as const
