import type { Tenant } from '../tenants/tenant.ts'

/** The words of one message. `template` is its name in the outbox and the audit; it holds no personal data. */
export type Text = { readonly template: string; readonly subject: string; readonly body: string }

type Language = 'en' | 'es'

/** Countries where a message in Spanish is what a person expects. */
const SPANISH = new Set([
  'AR',
  'BO',
  'CL',
  'CO',
  'CR',
  'CU',
  'DO',
  'EC',
  'ES',
  'GT',
  'HN',
  'MX',
  'NI',
  'PA',
  'PE',
  'PR',
  'PY',
  'SV',
  'UY',
  'VE',
])

const languageOf = (tenant: Tenant): Language => (SPANISH.has(tenant.country) ? 'es' : 'en')

const choose = (tenant: Tenant, template: string, texts: Record<Language, readonly [string, string]>): Text => {
  const [subject, body] = texts[languageOf(tenant)]
  return { template, subject, body }
}

export function noticeWelcome(tenant: Tenant): Text {
  return choose(tenant, 'welcome', {
    en: [
      'Your account',
      `${tenant.name} opened an account for this address. If this was not you, ignore this message.`,
    ],
    es: ['Su cuenta', `${tenant.name} abrió una cuenta para esta dirección. Si no fue usted, ignore este mensaje.`],
  })
}

export function noticeExistingAccount(tenant: Tenant): Text {
  return choose(tenant, 'existing-account', {
    en: [
      'You already have an account',
      `Somebody asked ${tenant.name} to open an account for this address. You already have one: log in with it. If this was not you, you need not do anything.`,
    ],
    es: [
      'Usted ya tiene una cuenta',
      `Alguien pidió a ${tenant.name} abrir una cuenta para esta dirección. Usted ya tiene una: inicie sesión con ella. Si no fue usted, no tiene que hacer nada.`,
    ],
  })
}

export function codeForLogin(tenant: Tenant, code: string): Text {
  return choose(tenant, 'login-code', {
    en: [
      `${code} is your code`,
      `Your code for ${tenant.name} is ${code}. It is good for five minutes. Give it to nobody who asks for it.`,
    ],
    es: [
      `${code} es su código`,
      `Su código para ${tenant.name} es ${code}. Vale cinco minutos. No lo dé a nadie que se lo pida.`,
    ],
  })
}

export function codeForPhone(tenant: Tenant, code: string): Text {
  return choose(tenant, 'phone-code', {
    en: ['', `${code} confirms this number for ${tenant.name}. Good for five minutes.`],
    es: ['', `${code} confirma este número para ${tenant.name}. Vale cinco minutos.`],
  })
}

/** Names what is signed: a person who is shown another document sees that the two do not agree. */
export function codeForSigning(
  tenant: Tenant,
  code: string,
  document: { readonly name: string; readonly sha256: string },
): Text {
  const mark = document.sha256.slice(0, 8)
  return choose(tenant, 'signing-code', {
    en: [
      '',
      `${code} signs "${document.name}" (${mark}) for ${tenant.name}. Good for five minutes, this document only.`,
    ],
    es: [
      '',
      `${code} firma "${document.name}" (${mark}) para ${tenant.name}. Vale cinco minutos, solo este documento.`,
    ],
  })
}
