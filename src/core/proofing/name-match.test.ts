import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchNames } from './name-match.ts'

describe('two names', () => {
  test.each([
    ['', '', 'NOT_OK'],
    ['Ana', '', 'NOT_OK'],
    ['', 'Ana', 'NOT_OK'],
    ['...', '---', 'NOT_OK'],
    ['李', '王', 'NOT_OK'],
    ['Ana', 'Eva', 'NOT_OK'],
    ['Juan José', 'Zoltan', 'NOT_OK'],
    // One letter is a third of a short name: another person, not a slip.
    ['Ana', 'Ane', 'NOT_OK'],
    ['María', 'Mario Luis', 'NOT_OK'],
    ['Pérez López', 'Gómez', 'NOT_OK'],
    ['Иван Petrov', 'Олег Petrov', 'NOT_OK'],
    ['李小龍 Lee', '王大明 Lee', 'NOT_OK'],
    // Transliterating these is more than a table: nobody is believed.
    ['Иван', 'Ivan', 'NOT_OK'],
  ])('%j and %j are of two persons', (a, b, verdict) => {
    expect(matchNames(a, b)).toBe(verdict)
  })

  test.each([
    ['Juan José', 'Juan'],
    ['Pérez López', 'López'],
    ['Fernández', 'Fernándes'],
    ['Gonzalez', 'Gonzale'],
    ['Juan José', 'Juan Jose Maria'],
  ])('%j and %j may be of one', (a, b) => {
    expect(matchNames(a, b)).toBe('UNCERTAIN')
    expect(matchNames(b, a)).toBe('UNCERTAIN')
  })

  test.each([
    ['Juan José', 'JUAN JOSE'],
    ['Pérez López', 'LOPEZ PEREZ'],
    ['Pérez López', 'PEREZ<LOPEZ'],
    ['Muñoz', 'MUNOZ'],
    ['Müller', 'MUELLER'],
    ['Müller', 'Muller'],
    ['Mu\u0308ller', 'MUELLER'],
    ['Ångström', 'AANGSTROEM'],
    ['Weiß', 'WEISS'],
    ['Łukasz', 'LUKASZ'],
    ["O'Neil", 'ONEIL'],
    ['O’Neil', "O'NEIL"],
    ['Jean-Luc', 'JEAN LUC'],
    ['李小龍', '李小龍'],
    ['Иван Петров', 'ПЕТРОВ ИВАН'],
    ['  Ana   María ', 'Ana María'],
  ])('%j and %j are one, as documents write it', (a, b) => {
    expect(matchNames(a, b)).toBe('OK')
    expect(matchNames(b, a)).toBe('OK')
  })
})

test('the order in which two names are compared makes no difference', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abcñöß -'), maxLength: 12 })
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      expect(matchNames(a, b)).toBe(matchNames(b, a))
    }),
  )
})
