import { inLanguage, type Said } from '../language.ts'

const en = {
  choose: 'Sign in with your organisation',
  usePassword: 'Sign in with a password',
  title: 'Sign in with your organisation',
  text: 'Enter your work address. You go on to the sign-in server of your organisation.',
  submit: 'Continue',
  connect: {
    title: 'Connect your account',
    text: (email: string) =>
      `${email} has an account here already. Enter its password once, so that nobody else can claim it. From then on your organisation signs you in.`,
    submit: 'Connect and sign in',
    refused:
      'The password is not right, or this took too long. Try again, or sign in with your organisation anew.',
    noPassword: 'Set a password first',
  },
  proven: {
    title: 'It is you',
    text: 'You can close this window and go on where you were.',
  },
  sudo: {
    open: 'Confirm with your organisation',
    waiting: 'Sign in once more in the window that opened. This goes on by itself then.',
  },
  settings: {
    title: 'Single sign-on',
    text: 'Let people in through the sign-in server of your organisation (OpenID Connect).',
    link: 'Single sign-on',
    linkText: 'Let people in through your own sign-in server, with the roles that their groups give.',
    open: 'Set up',
    ownersOnly: 'Only owners of the organisation set up single sign-on.',
    addresses: 'To enter at the sign-in server',
    addressesText: 'Register Gatehouse there as a web application with the authorisation code flow.',
    redirectUri: 'Redirect URI',
    logoutUri: 'Back-channel log-out URI',
    server: 'Sign-in server',
    issuer: 'Issuer',
    issuerHint: 'The address under which it publishes /.well-known/openid-configuration.',
    clientId: 'Client id',
    clientSecret: 'Client secret',
    keptSecret: 'Leave it empty to keep the one that is set.',
    domains: 'E-mail domains',
    domainsHint:
      'One a line. The server may vouch for addresses of these domains alone, once they are proven.',
    skew: 'Allowed difference of clocks, in seconds',
    roles: 'Roles',
    groupClaim: 'Claim with the groups',
    groupClaimHint: 'Such as groups, or realm_access.roles.',
    groupRoles: 'Role of each group',
    groupRolesHint:
      'One a line, such as platform-team = owner. The highest role counts; it is looked at anew at each sign-in.',
    badGroupRole: (line: string) => `“${line}” is not GROUP = owner, member or viewer.`,
    defaultRole: 'Everybody else',
    noRole: 'does not come in',
    passwords: 'Passwords',
    require: 'Require single sign-on',
    requireHint:
      'Passwords open nothing in this organisation any more; sessions that one opened end at once.',
    breakGlass: 'May still use a password',
    breakGlassHint: 'One owner who gets in when the sign-in server is away.',
    save: 'Save',
    saved: 'Saved',
    proof: 'Proof of the domains',
    proofText:
      'Set each TXT record at whoever hosts the domain’s DNS, then check. A domain counts once its record is found.',
    domain: 'Domain',
    record: 'TXT record',
    state: 'State',
    isProven: 'Proven',
    isUnproven: 'Not proven',
    outcomes: {
      proven: 'Proven',
      missing: 'No record found',
      taken: 'Another organisation’s record is still there',
      unknown: 'The name servers do not answer',
    },
    check: 'Check now',
    checking: 'Checking…',
    serverFine: 'The sign-in server answers as it should.',
    faults: {
      issuer_unreachable:
        'The sign-in server cannot be reached. Check the issuer, its DNS and its certificate.',
      issuer_slow: 'The sign-in server took more than ten seconds to answer.',
      issuer_forbidden:
        'The sign-in server names an address that this server may not reach. Its operator can open it with GATEHOUSE_EGRESS_ALLOW.',
      issuer_answer_invalid: 'What answers at the issuer is no OpenID Connect configuration.',
      issuer_mismatch:
        'The sign-in server calls itself by another name. Enter the issuer exactly as its configuration says.',
      issuer_refused: 'The sign-in server refused the request.',
      client_refused: 'The sign-in server does not know the client or its secret.',
      token_invalid: 'The sign-in server gave a token that cannot be relied on.',
      key_unknown: 'The sign-in server signs with a key that it does not publish.',
      clock_differs: 'The clocks of the two servers lie too far apart.',
    },
    remove: 'Take single sign-on away',
    removeText:
      'Every session that the sign-in server opened ends at once. Members stay; those without a password can set one by mail.',
    confirmRemove: 'Take it away? Everybody who came in by it is signed out.',
  },
} as const

const ja: Said<typeof en> = {
  choose: '組織のアカウントでログイン',
  usePassword: 'パスワードでログイン',
  title: '組織のアカウントでログイン',
  text: '職場のメールアドレスを入力すると、組織のサインインサーバーに移動します。',
  submit: '続ける',
  connect: {
    title: 'アカウントの連携',
    text: (email) =>
      `${email} のアカウントはすでにあります。本人であることを確認するため、パスワードを一度だけ入力してください。次回からは組織のアカウントでログインできます。`,
    submit: '連携してログイン',
    refused:
      'パスワードが正しくないか、時間が経ちすぎました。もう一度入力するか、組織のアカウントでログインし直してください。',
    noPassword: '先にパスワードを設定する',
  },
  proven: {
    title: '本人であることを確認しました',
    text: 'このウィンドウを閉じて、元の画面で続けてください。',
  },
  sudo: {
    open: '組織のアカウントで確認',
    waiting: '開いたウィンドウでもう一度サインインしてください。完了すると自動的に続きます。',
  },
  settings: {
    title: 'シングルサインオン',
    text: '組織のサインインサーバー（OpenID Connect）を通じてメンバーを受け入れます。',
    link: 'シングルサインオン',
    linkText: '組織のサインインサーバーを通じて、グループに応じた権限でメンバーを受け入れます。',
    open: '設定する',
    ownersOnly: 'シングルサインオンを設定できるのは組織のオーナーだけです。',
    addresses: 'サインインサーバーに登録する値',
    addressesText: '認可コードフローの Web アプリケーションとして Gatehouse を登録してください。',
    redirectUri: 'リダイレクト URI',
    logoutUri: 'バックチャネルログアウト URI',
    server: 'サインインサーバー',
    issuer: '発行者（issuer）',
    issuerHint: '/.well-known/openid-configuration を公開しているアドレスです。',
    clientId: 'クライアント ID',
    clientSecret: 'クライアントシークレット',
    keptSecret: '空欄のままにすると、設定済みの値を使います。',
    domains: 'メールのドメイン',
    domainsHint: '1 行に 1 つ。所有が確認されたドメインのアドレスだけが受け入れられます。',
    skew: '許容する時計のずれ（秒）',
    roles: '権限',
    groupClaim: 'グループのクレーム',
    groupClaimHint: '例：groups、realm_access.roles',
    groupRoles: 'グループごとの権限',
    groupRolesHint:
      '1 行に 1 つ。例：platform-team = owner。最も高い権限が適用され、ログインのたびに見直されます。',
    badGroupRole: (line) =>
      `「${line}」は「グループ = owner、member、viewer のいずれか」の形ではありません。`,
    defaultRole: 'それ以外の人',
    noRole: '受け入れない',
    passwords: 'パスワード',
    require: 'シングルサインオンを必須にする',
    requireHint: 'この組織ではパスワードが使えなくなり、パスワードで始めたセッションはすぐに終了します。',
    breakGlass: '引き続きパスワードを使える人',
    breakGlassHint: 'サインインサーバーが使えないときのためのオーナー 1 名です。',
    save: '保存',
    saved: '保存しました',
    proof: 'ドメインの所有確認',
    proofText:
      'ドメインの DNS に TXT レコードを設定してから確認してください。レコードが見つかると有効になります。',
    domain: 'ドメイン',
    record: 'TXT レコード',
    state: '状態',
    isProven: '確認済み',
    isUnproven: '未確認',
    outcomes: {
      proven: '確認済み',
      missing: 'レコードがありません',
      taken: '別の組織のレコードが残っています',
      unknown: 'ネームサーバーが応答しません',
    },
    check: '今すぐ確認',
    checking: '確認しています…',
    serverFine: 'サインインサーバーは正しく応答しています。',
    faults: {
      issuer_unreachable: 'サインインサーバーに接続できません。発行者、DNS、証明書を確認してください。',
      issuer_slow: 'サインインサーバーの応答に 10 秒以上かかりました。',
      issuer_forbidden:
        'サインインサーバーが、接続を許可されていないアドレスを示しています。管理者は GATEHOUSE_EGRESS_ALLOW で許可できます。',
      issuer_answer_invalid: '発行者のアドレスで OpenID Connect の設定が得られません。',
      issuer_mismatch:
        'サインインサーバーが別の名前を名乗っています。設定に書かれたとおりの発行者を入力してください。',
      issuer_refused: 'サインインサーバーが要求を拒否しました。',
      client_refused: 'サインインサーバーがクライアントまたはシークレットを認識しません。',
      token_invalid: 'サインインサーバーのトークンを信頼できません。',
      key_unknown: 'サインインサーバーが公開していない鍵で署名しています。',
      clock_differs: '双方のサーバーの時計が大きくずれています。',
    },
    remove: 'シングルサインオンを解除',
    removeText:
      'サインインサーバーを通じたセッションはすぐに終了します。メンバーは残り、パスワードのない人はメールで設定できます。',
    confirmRemove: '解除しますか？これを通じてログインした全員がログアウトされます。',
  },
}

export const translations = { en, ja }
export const signOnWords = inLanguage(translations)
