import { inLanguage, language, type Said } from '../language.ts'

const en = {
  title: 'Exercises',
  text: 'What is offered where practice would help, beside two of ours for each part. Every one is announced and labelled as practice before it is answered.',
  label: 'Practice: announced before it is answered, with its purpose, and with its result afterwards.',
  own: 'yours',
  builtIn: 'built in',
  facts: (minutes: string, cases: string) => `${minutes} minutes · ${cases} own cases`,
  minutesAlone: (minutes: string) => `${minutes} minutes`,
  steps: 'Steps',
  add: 'Add an exercise',
  name: 'Name',
  description: 'What it is for',
  aim: 'What it practises',
  minutes: 'Minutes',
  cases: 'Own cases that it needs',
  stepsField: 'Steps, one a line',
  stepsHint: '1 to 10 steps. That it is practice is said before the first.',
  save: 'Add',
  remove: 'Remove',
  confirmRemove: 'Remove it? It is recommended to nobody from then on.',
  full: 'There are as many exercises of your own as there may be. Remove one first.',
  offered: 'Exercises for this part',
  tooFew: 'There are not enough decisions yet to recommend anything.',
  none: 'Nothing in particular needs practice now.',
  oneIn: (ratio: string) => `Recommended for one in ${ratio} decisions.`,
} as const

const ja: Said<typeof en> = {
  title: '練習',
  text: '練習が役立つときに提案するものです。各項目に 2 件の練習があらかじめ用意されています。どの練習も、回答の前に練習であることを知らせます。',
  label: '練習：回答の前に練習であることと目的を知らせ、後で結果を知らせます。',
  own: '自組織',
  builtIn: '標準',
  facts: (minutes, cases) => `${minutes} 分 · 自分の事例 ${cases} 件`,
  minutesAlone: (minutes) => `${minutes} 分`,
  steps: '手順',
  add: '練習を追加',
  name: '名前',
  description: '目的',
  aim: '練習する項目',
  minutes: '所要時間（分）',
  cases: '必要な自分の事例の数',
  stepsField: '手順（1 行に 1 つ）',
  stepsHint: '1 ～ 10 個。練習であることは最初の手順の前に知らせます。',
  save: '追加',
  remove: '削除',
  confirmRemove: '削除しますか？以後、誰にも提案されません。',
  full: '自組織の練習が上限に達しています。先にいずれかを削除してください。',
  offered: 'この項目の練習',
  tooFew: '提案に必要な判断がまだ不足しています。',
  none: '今のところ、特に練習の必要な項目はありません。',
  oneIn: (ratio) => `判断 ${ratio} 件に 1 件の割合をお勧めします。`,
}

type SaidExercise = {
  readonly title: string
  readonly description: string
  readonly steps: readonly string[]
}

/** The built-in exercises in Japanese; the server has them in English. A test holds these against them. */
export const builtInJa: Readonly<Record<string, SaidExercise>> = {
  'answer-then-look': {
    title: '答えてから見る',
    description: '助言が表示される前に自分の答えを書き、その後、両方を踏まえて判断します。',
    steps: [
      '事例を一人で読みます。',
      '自分の答えと理由を 1 つ書きます。',
      '助言を開きます。',
      '判断し、何に動かされたかを書き留めます。',
    ],
  },
  'hold-your-ground': {
    title: '自分の答えを保つ',
    description: '助言と意見が異なるとき、選ぶ前に、決め手となる事実を挙げます。',
    steps: [
      '意見が異なった事例を集めます。',
      '決め手となる事実を 1 つ挙げます。',
      'その事実を探します。',
      '見つけたことに基づいて選びます。',
    ],
  },
  'three-reasons-it-may-be-wrong': {
    title: '誤りうる 3 つの理由',
    description: '従う前に、助言が誤っている可能性を 3 つ考えます。',
    steps: [
      '助言を読みます。',
      '誤りうる点を 3 つ書きます。',
      '最もありそうな点を確かめます。',
      '判断します。',
    ],
  },
  'spot-the-seeded-error': {
    title: '仕込まれた誤りを見つける',
    description:
      '練習用の事例のうち 1 件では、助言が意図的に誤っており、最後にそのことを知らせます。それを見つけます。',
    steps: [
      '練習用の事例を開きます。',
      'それぞれの助言を評価します。',
      '誤っているものに印を付けます。',
      '解答と比べます。',
    ],
  },
  'a-day-without': {
    title: '助言なしで',
    description: '助言を伏せたままいくつかの事例を判断し、後で比べます。',
    steps: [
      '助言のない事例を選びます。',
      'それぞれ判断します。',
      '結果を開きます。',
      '見落としたはずのことを書き留めます。',
    ],
  },
  'explain-to-a-colleague': {
    title: '同僚に説明する',
    description: '一人で判断し、助言がなくても通じる 2 文で説明します。',
    steps: [
      '助言なしで判断します。',
      '2 文で説明します。',
      '足りないことを尋ねます。',
      'もう一度判断します。',
    ],
  },
  'sort-without-the-ranking': {
    title: '順位を見ずに並べる',
    description: '選択肢を順不同で見て、助言の順位を見る前に自分で順位を付けます。',
    steps: [
      '選択肢の順序を入れ替えます。',
      '順位を付けます。',
      '助言の順位を開きます。',
      '違いを 1 つずつ説明します。',
    ],
  },
  'one-more-source': {
    title: '情報源をもう 1 つ',
    description: '判断のたびに、普段は読み飛ばす情報源を 1 つ開きます。',
    steps: [
      '事例を読みます。',
      '読み飛ばすはずの情報源を開きます。',
      '何か変わったかを書き留めます。',
      '判断します。',
    ],
  },
  'after-the-miss': {
    title: '見落としの後',
    description: '誤りが見つかった直後の 3 件の事例で、その誤りの原因を確かめます。',
    steps: [
      '誤りを思い出します。',
      '原因を挙げます。',
      '3 件の事例を判断します。',
      'それぞれに同じ原因がないか確かめます。',
    ],
  },
  'error-diary': {
    title: '誤りの日記',
    description: '助言の誤りを 1 つずつ書き留め、どんな兆しから気付けたかを記します。',
    steps: [
      '最近の誤りを並べます。',
      'それぞれの兆しを書きます。',
      '新しい事例でその兆しを探します。',
      '当てはまった回数を数えます。',
    ],
  },
  'say-how-sure': {
    title: '確信の度合いを示す',
    description: '判断ごとに確信の度合いを割合で示し、結果と比べます。',
    steps: ['判断します。', '確信の度合いを示します。', '結果を開きます。', '度合いごとに比べます。'],
  },
  'defend-your-change': {
    title: '変更の根拠を示す',
    description: '助言を変更したそれぞれの事例で、助言が知らずに自分が知っていたことを述べます。',
    steps: [
      '変更した助言を集めます。',
      '知っていたことを述べます。',
      '結果と比べます。',
      '当てはまったことを残します。',
    ],
  },
  'find-your-rate': {
    title: '自分の割合を知る',
    description: '助言から離れる割合と、助言が誤っている割合を比べます。',
    steps: [
      '離れた回数を数えます。',
      '助言が誤っていた回数を数えます。',
      '差を挙げます。',
      '離れるべき事例、または従うべき事例を選びます。',
    ],
  },
  'choose-to-stop': {
    title: '止めることを選ぶ',
    description: '止めるのが正しかった事例をたどり、止める手順を練習します。',
    steps: [
      'うまくいかなかった事例を選びます。',
      '止めるべき時点を見つけます。',
      '止める手順を練習します。',
      '誰に知らせるかを書き出します。',
    ],
  },
}

export const translations = { en, ja }
export const exerciseWords = inLanguage(translations)

/** An exercise in the language of the screen; one of the organisation's own stays as it was written. */
export function sayExercise({
  id,
  title,
  description,
  payload: { steps },
}: {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly payload: { readonly steps: readonly string[] }
}): SaidExercise {
  const said = language === 'ja' && Object.hasOwn(builtInJa, id) ? builtInJa[id] : undefined
  return said ?? { title, description, steps }
}
