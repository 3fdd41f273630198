import { language, type Language } from '../language.ts'

/** What the verifier finds wrong with an entry, which it says in English, in Japanese; `{}` stands for a value. */
export const chainFaultsJa: Readonly<Record<string, string>> = {
  'entry {} should follow, but {} does': '次は項目 {} のはずですが、項目 {} です',
  'it does not point to the entry before it': '直前の項目を指していません',
  'it belongs to the chain of another organisation': '別の組織のチェーンに属しています',
  'its link was changed after it was written': '書き込み後にリンクが変更されています',
  'it is signed by the unknown key {}': '不明な鍵 {} で署名されています',
  'its signature does not fit': '署名が一致しません',
  'its column {} has no payload to be held against': '列 {} と照合する本文がありません',
  'its payload was changed after it was written': '書き込み後に本文が変更されています',
  'its payload is not a JSON object': '本文が JSON オブジェクトではありません',
  'its column {} differs from its payload': '列 {} が本文と異なります',
  'it does not say which key follows which': 'どの鍵からどの鍵に替わったかが示されていません',
  'the new key that it names did not sign it': '示された新しい鍵で署名されていません',
  'the new key that it names is not the published one': '示された新しい鍵が公開されたものと異なります',
  'it retires the unknown key {}': '不明な鍵 {} を廃止しています',
  'the signature of the key that it retires does not fit': '廃止する鍵の署名が一致しません',
  'its checkpoint is signed by the unknown key {}': 'チェックポイントが不明な鍵 {} で署名されています',
  'the signature of its checkpoint does not fit': 'チェックポイントの署名が一致しません',
  '{} is signed by the key {}, which entry {} had retired': '項目 {3} が廃止した鍵 {2} で署名されています',
  'it has two checkpoints': 'チェックポイントが 2 つあります',
  'its checkpoint stands behind a later one': 'チェックポイントが後のものより後ろにあります',
  'no checkpoint was signed for an hour before it': '直前の 1 時間に署名されたチェックポイントがありません',
  'it is not the entry that its checkpoint signed': 'チェックポイントが署名した項目ではありません',
  'it is not the entry that its anchor signed': 'アンカーが署名した項目ではありません',
  'a checkpoint signed this entry, and it is missing': 'チェックポイントが署名した項目がありません',
  'the chain is empty, and every chain has a first entry':
    'チェーンが空です。どのチェーンにも最初の項目があるはずです',
  'its payload is missing, before 90 days have passed': '90 日が経つ前に本文がなくなっています',
  'an anchor signed this entry, and it is missing': 'アンカーが署名した項目がありません',
  'no checkpoint signed the end of the chain': 'チェーンの末尾に署名したチェックポイントがありません',
  'it does not say which bodies were pruned': 'どの本文を削除したかが示されていません',
  'it pruned bodies before 90 days had passed': '90 日が経つ前に本文を削除しています',
  'its payload is missing, and no entry says that it was pruned':
    '本文がなく、削除したと示す項目もありません',
  'its checkpoint has no number': 'チェックポイントに番号がありません',
  'checkpoint {} should come, but {} does': '次はチェックポイント {} のはずですが、{} です',
  'its checkpoint has the number {} of one before it': 'チェックポイントの番号 {} が前のものと重複しています',
  'its checkpoint does not point to the one before it':
    'チェックポイントが直前のチェックポイントを指していません',
  'its newest checkpoint, number {}, is missing': '最新のチェックポイント（番号 {}）がありません',
  'the chain ends before its head': 'チェーンが末尾より前で終わっています',
}

/** What is wrong with an entry, in the language of the screen; what this app does not know is shown as it is. */
export function tellChainFault(because: string, spoken: Language = language): string {
  if (spoken === 'en') return because
  for (const [english, japanese] of Object.entries(chainFaultsJa)) {
    const values = new RegExp(`^${english.split('{}').map(escape).join('(.+?)')}$`).exec(because)?.slice(1)
    if (values === undefined) continue
    let at = 0
    return japanese.replaceAll(/\{(\d?)\}/g, (_place, named: string) => {
      at += 1
      return values[(named === '' ? at : Number(named)) - 1] ?? ''
    })
  }
  return because
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
}
