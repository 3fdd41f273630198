import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Rights of this person',
  text: 'What this person may see and take along, and how they leave. Each act is written to the audit log.',
  links: {
    title: 'Links to their own record',
    text: 'Whoever holds such a link sees what you see on this page. It works for 30 days at most, and can be taken back.',
    make: 'Make a link',
    once: 'Give it to this person; it is shown once and works for 30 days.',
    see: 'See all links',
    none: 'No link was handed out.',
    made: 'Made',
    lastUsed: 'last opened',
    neverUsed: 'never opened',
    states: {
      works: (day: string) => `Works until ${day}`,
      ended: (day: string) => `Ended on ${day}`,
      revoked: (day: string) => `Taken back on ${day}`,
    },
    revoke: 'Take back',
    confirmRevoke: 'Take it back? It opens nothing from this moment on.',
    close: 'Close',
  },
  tie: {
    title: 'Account of this person',
    text: 'A member whose account is tied sees this record with their own log-in, and can sign their decisions.',
    open: 'Tie to a member',
    dialog: 'Tie to a member’s account',
    dialogText:
      'An account is tied to one person at a time, and a person to one account. Owners alone see the tie.',
    member: 'Member',
    nobody: 'Nobody',
    save: 'Save',
    stays: (name: string) => `Tied to ${name}.`,
    untied: 'Tied to nobody.',
    former: 'somebody who has left',
  },
  export: {
    title: 'Take all of it along',
    text: 'Everything that is held of this person, one line of JSON each, and a last line that counts them. The person sees in their record that you looked.',
    do: 'Export',
    doing: 'Exporting…',
  },
  erase: {
    title: 'Erase this person',
    text: 'Deletes their decisions, figures, history, objections, passkeys and links at once, and takes their name out of decisions and pools. There is no way back.',
    stays:
      'What stays: the hashes of the audit log, and the totals of reports that were made. Neither names the person. Their id is kept as a keyed hash, so that a late import does not bring them back.',
    do: 'Erase',
    confirm: 'Erase for good',
    typeName: (id: string) => `Type ${id} to confirm`,
  },
  erased: {
    title: 'This person was erased',
    on: (day: string) => `On ${day}, everything that was held of this person was deleted.`,
    refused:
      'Decisions that name them are refused until an owner admits them again. They then begin with no history.',
    readmit: 'Admit again',
    confirmReadmit: 'Admit this person again? New decisions of theirs will be recorded.',
    readmitted: 'Admitted again: new decisions of this person will be recorded, beginning with none.',
  },
  reviewer: {
    title: 'Somebody who only reviews?',
    text: 'People who review decisions, and make none with an AI, have no figures and no page. What decisions hold of them can be exported and erased here.',
  },
} as const

const ja: Said<typeof en> = {
  title: '本人の権利',
  text: '本人が閲覧し、受け取れるものと、記録から去る方法です。各操作は監査ログに記録されます。',
  links: {
    title: '本人の記録へのリンク',
    text: 'リンクを持つ人は、このページと同じ内容を閲覧できます。有効期間は最長 30 日で、取り消せます。',
    make: 'リンクを作成',
    once: '本人に渡してください。表示は一度だけで、30 日間有効です。',
    see: 'リンクの一覧',
    none: '渡されたリンクはありません。',
    made: '作成',
    lastUsed: '最終閲覧',
    neverUsed: '未使用',
    states: {
      works: (day) => `${day} まで有効`,
      ended: (day) => `${day} に期限切れ`,
      revoked: (day) => `${day} に取り消し済み`,
    },
    revoke: '取り消す',
    confirmRevoke: '取り消しますか？この時点から何も開けなくなります。',
    close: '閉じる',
  },
  tie: {
    title: '本人のアカウント',
    text: '結び付けたメンバーは、自分のログインでこの記録を閲覧し、自分の判断に署名できます。',
    open: 'メンバーと結び付ける',
    dialog: 'メンバーのアカウントと結び付ける',
    dialogText:
      '1 つのアカウントは 1 人だけに、1 人は 1 つのアカウントだけに結び付きます。結び付きはオーナーだけに表示されます。',
    member: 'メンバー',
    nobody: 'なし',
    save: '保存',
    stays: (name) => `${name} と結び付いています。`,
    untied: '誰とも結び付いていません。',
    former: '退会した人',
  },
  export: {
    title: 'すべてを書き出す',
    text: '本人について保持しているすべてを、1 件 1 行の JSON と、件数を示す最終行で書き出します。閲覧したことは本人の記録に残ります。',
    do: '書き出す',
    doing: '書き出しています…',
  },
  erase: {
    title: '本人の記録を消去',
    text: '判断、数値、履歴、異議、パスキー、リンクを一度に削除し、判断と担当グループから名前を除きます。元に戻せません。',
    stays:
      '残るもの：監査ログのハッシュと、作成済みの報告書の合計です。どちらからも本人は特定できません。ID は鍵付きハッシュとしてのみ保持され、後からの取り込みで記録が戻ることを防ぎます。',
    do: '消去',
    confirm: '完全に消去',
    typeName: (id) => `確認のため ${id} と入力してください`,
  },
  erased: {
    title: 'この人の記録は消去されました',
    on: (day) => `${day} に、本人について保持していたすべてが削除されました。`,
    refused:
      'オーナーが再び受け入れるまで、本人の名前がある判断は拒否されます。再開後は履歴のない状態から始まります。',
    readmit: '再び受け入れる',
    confirmReadmit: 'この人を再び受け入れますか？本人の新しい判断が記録されます。',
    readmitted: '再び受け入れました。本人の新しい判断は、履歴のない状態から記録されます。',
  },
  reviewer: {
    title: '判定だけを行う人ですか？',
    text: '判断を判定するだけで、自分では AI と判断しない人には、数値もページもありません。判断に残る本人の記録は、ここで書き出しと消去ができます。',
  },
}

export const translations = { en, ja }
export const personRightsWords = inLanguage(translations)
